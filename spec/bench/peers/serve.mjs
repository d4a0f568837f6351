// Runs the cases of a contestant, as each line of input asks: `node serve.mjs ./jax.mjs`. "?" asks for the names of the cases.
// A name asks for the time of a run, in milliseconds: the mean over a burst, as runs follow each other in a training loop, after a while
// that wakes up what sleeps and gives the scheduler time to put threads on processors of their own. "= name" asks for the first runs of
// a process: what the third one gives (NaN for a case that gives no number), the milliseconds of the first, in which a case makes its
// operands and is recorded and compiled, and the memory of the process at its most, in MB.
import { createInterface } from "node:readline";

/** How long runs go on before they are timed, and while they are, in milliseconds, unless a single run takes longer. */
const WAKE = 60;
const BURST = 100;

/** Runs for so long, as many as are done in a call at once; gives the mean time of a run. */
async function burst(run, length) {
	const start = performance.now();
	let [count, elapsed] = [0, 0];
	do {
		for (let i = 0; i < runsInACall; i++) await run();
		count += runsInACall;
		elapsed = performance.now() - start;
	} while (elapsed < length);
	return elapsed / count;
}

async function firstRuns(run) {
	const start = performance.now();
	await run();
	const first = performance.now() - start;
	await run();
	const value = await run();
	const number = typeof value === "number" ? value : Number.NaN;
	return [number, first, process.resourceUsage().maxRSS / 1000].join("\t");
}

const { cases, runsInACall = 1 } = await import(process.argv[2]);

async function answer(line) {
	if (line === "?") return Object.keys(cases).join("\t");
	if (line.startsWith("= ")) return firstRuns(cases[line.slice(2)]);
	await burst(cases[line], WAKE);
	return burst(cases[line], BURST);
}

for await (const line of createInterface({ input: process.stdin })) console.log(await answer(line));
