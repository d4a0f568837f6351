// Measures adjoint beside other libraries in one interleaved run: each case is run by every
// contestant in turn, in bursts, round by round, so that a slow moment of the machine meets them
// all. Then how long first calls take, and how large bundles are. `npm run bench:peers [-- --quick]
// [-- WORD …]` runs the cases whose names contain a word, and those alone.
import { join } from "node:path";
import { type Contestant, start } from "./contestant.ts";
import { firstCalls } from "./first-calls.ts";

const here = import.meta.dirname;
const quick = process.argv.includes("--quick");
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
/**
 * Rounds of a case: as many as fit into this time, in milliseconds, but not fewer than the least.
 */
const TIME = quick ? 1500 : 20_000;
const LEAST = quick ? 3 : 9;
const WARM_UP = 2;

const serve = join(here, "serve.mjs");
const node = (name: string, file: string, ...before: string[]) =>
	start(name, process.execPath, [...before, serve, join(here, file)]);
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env;
/**
 * NumPy with so many threads, and with the kernel that its OpenBLAS chooses for this processor, or
 * that of this name.
 */
const numpy = (name: string, threads: number, kernel: Record<string, string>, ...words: string[]) =>
	start(name, "python3", [join(here, "numpy_cases.py"), ...words], {
		...environment,
		...kernel,
		OPENBLAS_NUM_THREADS: `${threads}`,
	});
/** The kernel for processors whose vectors have 256 bits; it matters to products alone. */
const AVX2 = { OPENBLAS_CORETYPE: "Haswell" };
const started = [
	await node("adjoint, compiled", "ours-compiled.ts", "--import", "tsx"),
	await node("adjoint, 2 threads", "ours-threads.ts", "--import", "tsx"),
	await node("adjoint, eager", "ours-eager.ts", "--import", "tsx"),
	await node("blocked loops", "loops.mjs"),
	await numpy("NumPy, 1 thread", 1, {}),
	await numpy("NumPy, 2 threads", 2, {}),
	await numpy("NumPy AVX2, 1 thread", 1, AVX2, "step", "product"),
	await numpy("NumPy AVX2, 2 threads", 2, AVX2, "step", "product"),
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
	for (let round = 0; round < LEAST || performance.now() - begun < TIME; round++) {
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
if (words.length === 0) {
	firstCalls(quick ? 5 : 15);
	await import("../size.ts");
}
