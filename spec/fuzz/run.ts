// Random programs, more of them than the specs have time for: `npm run fuzz`, or with `-- --runs
// 500 --seed 7 --seconds 30`. With `--derivatives` they are differentiated only, many times as many
// in the same time. It says how to run the same again, ends with 1 at the first program that fails,
// and stops after `seconds`.
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { programs } from "../../lib/check/programs.ts";
import { judgeDerivatives, type Outcome, outcomes } from "./derivatives.ts";
import { judge } from "./judge.ts";

/** How many programs share a seed. */
const BATCH = 100;

const { values } = parseArgs({
	options: {
		derivatives: { type: "boolean", default: false },
		runs: { type: "string" },
		seed: { type: "string" },
		seconds: { type: "string" },
	},
});
const runs = Number(values.runs ?? 10_000);
const first = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const start = performance.now();
const end = start + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);
const again = (seed: number, numRuns: number) =>
	`npm run fuzz -- ${values.derivatives ? "--derivatives " : ""}--seed ${seed} --runs ${numRuns}`;

const uses = new Map<string, number>();
const counts = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]));
let done = 0;
for (let seed = first; done < runs && performance.now() < end; seed++) {
	const numRuns = Math.min(BATCH, runs - done);
	const result = fc.check(
		fc.property(programs(), draws(), (program, draw) => {
			for (const { op } of program.program.instructions) {
				uses.set(op.name, (uses.get(op.name) ?? 0) + 1);
			}
			if (!values.derivatives) return judge(program, draw);
			const outcome = judgeDerivatives(program, draw);
			counts.set(outcome, counts.get(outcome)! + 1);
			// What is not confirmed passes, and is told, so that somebody can look at it.
			if (outcome !== "along a line") {
				console.log(`${outcome}, seed ${seed}:\n${program}`);
			}
		}),
		{
			...{ numRuns, seed, includeErrorInReport: true },
			// With a bound of time it is said at once what failed: to find the smallest takes longer.
			endOnFailure: values.seconds !== undefined,
		},
	);
	if (result.failed) {
		console.log(fc.defaultReportMessage(result));
		console.log(`again: ${again(seed, numRuns)}`);
		process.exit(1);
	}
	done += numRuns;
}
const [rarest, least] = [...uses].reduce((a, b) => (b[1] < a[1] ? b : a));
console.log(
	`${done} programs from seed ${first} on, ${uses.size} ops, each at least ${least} times (${rarest}): no failure`,
);
if (values.derivatives) {
	const told = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
	const speed = Math.round((1000 * done) / (performance.now() - start));
	console.log(`derivatives confirmed or left: ${told}; ${speed} programs a second`);
}
