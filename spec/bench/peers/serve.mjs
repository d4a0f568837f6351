// Runs the cases of a contestant, one for each line of input: `node serve.mjs ./jax.mjs`. "?" asks for their names. Each
// line of output is the time of a run, in milliseconds: the mean over a burst, as runs follow each other in a training loop, after
// a while that wakes up what sleeps and gives the scheduler time to put threads on processors of their own.
import { createInterface } from "node:readline";

/** How long runs go on before they are timed, and while they are, in milliseconds, unless a single run takes longer. */
const WAKE = 60;
const BURST = 100;

/** Runs for so long; gives the mean time of a run. */
async function burst(run, length) {
	const start = performance.now();
	let [count, elapsed] = [0, 0];
	do {
		await run();
		count++;
		elapsed = performance.now() - start;
	} while (elapsed < length);
	return elapsed / count;
}

const { cases } = await import(process.argv[2]);
for await (const name of createInterface({ input: process.stdin })) {
	if (name === "?") {
		console.log(Object.keys(cases).join("\t"));
		continue;
	}
	await burst(cases[name], WAKE);
	console.log(await burst(cases[name], BURST));
}
