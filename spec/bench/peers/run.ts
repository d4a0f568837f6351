// Measures adjoint beside other libraries in one interleaved run: each case is run by every contestant in turn, in short bursts, round by round, so that a
// slow moment of the machine meets them all. `npm run bench:peers [-- --quick] [-- WORD …]` runs the cases whose names
// contain a word.
import { join } from "node:path";
import { type Contestant, start } from "./contestant.ts";

const here = import.meta.dirname;
const quick = process.argv.includes("--quick");
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
/** Rounds of a case: as many as fit into this time, in milliseconds, but not fewer than the least. */
const TIME = quick ? 1500 : 8000;
const LEAST = quick ? 5 : 15;
const MOST = 400;
const WARM_UP = 5;

const serve = join(here, "serve.mjs");
const node = (name: string, file: string, ...before: string[]) =>
	start(name, process.execPath, [...before, serve, join(here, file)]);
// One thread each; and NumPy with the kernel that its own library chooses for this processor.
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env;
const started = [
	await node("adjoint, compiled", "ours-compiled.ts", "--import", "tsx"),
	await node("adjoint, 2 threads", "ours-threads.ts", "--import", "tsx"),
	await node("adjoint, eager", "ours-eager.ts", "--import", "tsx"),
	await node("blocked loops", "loops.mjs"),
	await start("NumPy, 1 thread", "python3", [join(here, "numpy_cases.py")], {
		...environment,
		OPENBLAS_NUM_THREADS: "1",
	}),
	await start("NumPy, 2 threads", "python3", [join(here, "numpy_cases.py")], {
		...environment,
		OPENBLAS_NUM_THREADS: "2",
	}),
	await node("jax-js, jit", "jax.mjs"),
	await node("TensorFlow.js, wasm", "tfjs.mjs"),
];
const contestants = started.filter((one) => one !== null);

interface Row {
	readonly contestant: string;
	readonly best: number;
	readonly median: number;
}

async function compare(name: string): Promise<Row[]> {
	const entered = contestants.filter(({ cases }) => cases.includes(name));
	const times = new Map(entered.map((one): [Contestant, number[]] => [one, []]));
	for (let round = 0; round < WARM_UP; round++) for (const one of entered) await one.time(name);
	const begun = performance.now();
	for (let round = 0; round < MOST; round++) {
		if (round >= LEAST && performance.now() - begun > TIME) break;
		for (const one of entered) times.get(one)!.push(await one.time(name));
	}
	return entered.map((one) => {
		const sorted = times.get(one)!.toSorted((a, b) => a - b);
		const median = sorted[Math.floor(sorted.length / 2)]!;
		return { contestant: one.name, best: sorted[0]!, median };
	});
}

const [ours] = contestants;
for (const name of ours!.cases) {
	if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
	const rows = await compare(name);
	const [first] = rows;
	console.log(`\n${name}`);
	console.table(
		Object.fromEntries(
			rows.map(({ contestant, best, median }) => [
				contestant,
				{
					"best, ms": best.toFixed(3),
					"median, ms": median.toFixed(3),
					"of the first, bests": (best / first!.best).toFixed(2),
					"of the first, medians": (median / first!.median).toFixed(2),
				},
			]),
		),
	);
}
for (const one of contestants) one.end();
