// Runs the cases of a contestant, one for each line of input: `node serve.mjs ./jax.mjs`. "?" asks for their names. Each
// line of output is the time of a run, in milliseconds: the mean over a burst, as runs follow each other in a training loop, after
// one that wakes up what sleeps.
import { createInterface } from "node:readline";

/** How long a burst takes, in milliseconds, unless a single run takes longer. */
const BURST = 10;

const { cases } = await import(process.argv[2]);
for await (const name of createInterface({ input: process.stdin })) {
	if (name === "?") {
		console.log(Object.keys(cases).join("\t"));
		continue;
	}
	const run = cases[name];
	const before = performance.now();
	await run();
	const start = performance.now();
	const count = Math.max(1, Math.min(100, Math.floor(BURST / (start - before))));
	for (let i = 0; i < count; i++) await run();
	console.log((performance.now() - start) / count);
}
