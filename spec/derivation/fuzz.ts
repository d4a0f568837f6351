// Derivations of random functions with names that collide, of random loops, and of the programs of
// `fuzz:loops`, more of them than the specs have time for: `npm run fuzz:derivations`, or with
// `-- --runs 500 --seed 7 --seconds 30 --numpy 10`. Each is printed as TypeScript and plain loops,
// one in `numpy` also for NumPy where there is a Python with it, and `verify` runs what is printed.
// It says how to run the same again, and ends with 1 at the first that fails.
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { hasNumPy, python } from "./python.ts";
import { randomControl } from "./random-control.ts";
import { derivationOf, randomDerivations } from "./random-derivations.ts";
import { randomLoops } from "./random-loops.ts";

/** How many functions share a seed. */
const BATCH = 50;

const { values } = parseArgs({
	options: {
		runs: { type: "string" },
		seed: { type: "string" },
		seconds: { type: "string" },
		numpy: { type: "string" },
	},
});
const runs = Number(values.runs ?? 2000);
const first = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const end = performance.now() + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);
const every = Number(values.numpy ?? 10);
const isThere = hasNumPy();

/** One in three has loops. */
const functions = fc.oneof(
	{ weight: 4, arbitrary: randomDerivations(8) },
	{ weight: 1, arbitrary: randomLoops() },
	{ weight: 1, arbitrary: randomControl() },
);

const counts = { functions: 0, ts: 0, plain: 0, numpy: 0, lines: 0, differences: 0, kinks: 0 };
for (let seed = first; counts.functions < runs && performance.now() < end; seed++) {
	const result = fc.check(
		fc.property(functions, (random) => {
			const forms = ["ts", "plain"] as const;
			const isTurn = counts.functions++ % every === 0 && isThere;
			const derivation = "derivation" in random ? random.derivation() : derivationOf(random);
			if (derivation === null) return;
			const found = derivation.verify(isTurn ? { forms: [...forms, "numpy"], python } : { forms });
			for (const form of found.ran) counts[form]++;
			for (const { differences } of found.checks) {
				counts.lines++;
				if (differences === "differences agree") counts.differences++;
				else if (differences !== null) counts.kinks++;
			}
		}),
		{ numRuns: Math.min(BATCH, runs - counts.functions), seed, includeErrorInReport: true },
	);
	if (result.failed) {
		console.log(fc.defaultReportMessage(result));
		console.log(`again: npm run fuzz:derivations -- --seed ${seed} --runs ${BATCH}`);
		process.exit(1);
	}
}
console.log(
	`${counts.functions} functions from seed ${first} on: ${counts.ts} ran in TypeScript, ${counts.plain} as plain loops, ${counts.numpy} in NumPy; ` +
		`${counts.lines} lines compared, ${counts.differences} with differences that agree, ${counts.kinks} beside a kink: no failure`,
);
