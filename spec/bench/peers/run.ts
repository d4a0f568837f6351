// Measures adjoint beside other libraries in one interleaved run: each case is run by every
// contestant in turn, in bursts, round by round, so that a slow moment of the machine meets them
// all. The most that the processor does is measured in the same rounds. Training steps and
// gradients are also run in a process of their own: how long the first run takes, and how much
// memory it needs. At the end, how large bundles are.
//
// `npm run bench:peers [-- --quick] [-- --node PATH] [-- WORD …]` runs the cases whose names
// contain a word, and those alone; ours run in the Node at that path.
import { parseArgs } from "node:util";
import { type Contestant, type FirstRuns, type Program, start } from "./contestant.ts";
import { operationsOf } from "./operations.ts";
import { peak, programs } from "./programs.ts";

const { values: flags, positionals: words } = parseArgs({
	allowPositionals: true,
	options: { quick: { type: "boolean" }, node: { type: "string" } },
});
/**
 * Rounds of a case: as many as fit into this time, in milliseconds, but not fewer than the least.
 */
const TIME = flags.quick ? 1500 : 20_000;
const LEAST = flags.quick ? 3 : 9;
const WARM_UP = 2;
/** Operations of a run of peak.c. */
const PEAK_OPERATIONS = 100e6;

async function started(all: readonly Program[]) {
	const pairs: { program: Program; contestant: Contestant }[] = [];
	for (const program of all) {
		const contestant = await start(program);
		if (contestant !== null) pairs.push({ program, contestant });
	}
	return pairs;
}

const limitProgram = peak();
const limit = limitProgram && (await start(limitProgram));
if (limit === null) console.log("the processor's peak is left out: no C compiler, or no AVX2");
const all = await started(programs(flags.node ?? process.execPath));

interface Timing {
	readonly best: number;
	readonly median: number;
}

/** The times of all who take part, in turn. */
async function timings(entered: readonly { time: () => Promise<number> }[]): Promise<Timing[]> {
	const times = entered.map((): number[] => []);
	for (let round = 0; round < WARM_UP; round++) for (const { time } of entered) await time();
	const begun = performance.now();
	for (let round = 0; round < LEAST || performance.now() - begun < TIME; round++) {
		for (const [i, { time }] of entered.entries()) times[i]!.push(await time());
	}
	return times.map((list) => {
		const sorted = list.toSorted((a, b) => a - b);
		return { best: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! };
	});
}

/** The first runs of a case in a process of its own. */
async function alone(program: Program, name: string): Promise<FirstRuns> {
	const contestant = (await start(program))!;
	const found = await contestant.firstRuns(name);
	contestant.end();
	return found;
}

/** All have to compute the same: the same loss after as many steps. */
function checkSame(name: string, found: readonly { who: string; value: number }[]): void {
	const tolerance = name.includes("float64") ? 1e-9 : 1e-4;
	const [first, ...others] = found.filter(({ value }) => !Number.isNaN(value));
	for (const { who, value } of others) {
		if (Math.abs(value - first!.value) <= tolerance * Math.abs(first!.value)) continue;
		throw new Error(`${name}: ${first!.who} computes ${first!.value}, ${who} ${value}`);
	}
}

const VECTORS = ["128 bits", "128 bits fused", "256 bits", "256 bits fused"];

async function compare(name: string): Promise<void> {
	const entered = all.filter(({ contestant }) => contestant.cases.includes(name));
	const firsts: FirstRuns[] = [];
	const isOwn = /step|gradient/.test(name) && !name.includes("1e6");
	for (const { program, contestant } of entered) {
		firsts.push(await (isOwn ? alone(program, name) : contestant.firstRuns(name)));
	}
	checkSame(
		name,
		firsts.map(({ value }, i) => ({ who: entered[i]!.contestant.name, value })),
	);
	const operations = operationsOf(name);
	const dtype = name.includes("float64") ? "float64" : "float32";
	const peaks = limit === null || operations === undefined ? [] : VECTORS;
	const times = await timings([
		...entered.map(({ contestant }) => ({ time: () => contestant.time(name) })),
		...peaks.map((vectors) => ({ time: () => limit!.time(`${vectors}, ${dtype}`) })),
	]);
	const rates = peaks.map((_, i) => PEAK_OPERATIONS / times[entered.length + i]!.best / 1e6);
	const [ours] = times;
	console.log(`\n${name}`);
	if (peaks.length > 0) {
		const list = peaks.map((vectors, i) => `${vectors} ${rates[i]!.toFixed(0)}`).join(", ");
		console.log(`one thread of the processor, GFLOP/s: ${list}`);
	}
	const rows = entered.map(({ contestant }, i) => {
		const { best, median } = times[i]!;
		const rate = operations === undefined ? 0 : operations / best / 1e6;
		const row: Record<string, string> = {
			"best, ms": best.toFixed(3),
			"median, ms": median.toFixed(3),
			"of the first, bests": (best / ours!.best).toFixed(2),
			"of the first, medians": (median / ours!.median).toFixed(2),
		};
		if (operations !== undefined) row["GFLOP/s"] = rate.toFixed(1);
		if (peaks.length > 0) row["of 256 bits fused"] = (rate / rates.at(-1)!).toFixed(2);
		if (isOwn) {
			row["first run, ms"] = firsts[i]!.first.toFixed(0);
			row["memory, MB"] = firsts[i]!.memory.toFixed(0);
		}
		return [contestant.name, row] as const;
	});
	console.table(Object.fromEntries(rows));
}

for (const name of all[0]!.contestant.cases) {
	if (words.length === 0 || words.some((word) => name.includes(word))) await compare(name);
}
limit?.end();
for (const { contestant } of all) contestant.end();
if (words.length === 0) await import("../size.ts");
