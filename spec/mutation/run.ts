// Mutation test of the laws: makes each slip in the differential of each op, and counts how many of
// those that change anything the laws reject. `npm run mutants`, or with `-- --ops dot,max --seed 7
// --seconds 30`; ends with 1 below 100 %, and takes no further op after `seconds`.
import { parseArgs } from "node:util";
import { records } from "../../lib/check/records.ts";
import { numbersFrom, shuffled } from "../../lib/check/sampling.ts";
import { judge } from "./judge.ts";
import { mutations } from "./mutations.ts";

const { values } = parseArgs({
	options: { ops: { type: "string" }, seed: { type: "string" }, seconds: { type: "string" } },
});
const chosen = values.ops?.split(",");
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const end = performance.now() + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);
const ops = shuffled(
	records.filter(
		({ name, differential, sample }) =>
			differential !== null && sample !== undefined && (chosen?.includes(name) ?? true),
	),
	numbersFrom(seed),
);

const survivors: string[] = [];
const equivalent = new Map(mutations.map((mutation) => [mutation, [] as string[]]));
let [rejected, applied, done] = [0, 0, 0];
for (const op of ops) {
	if (performance.now() > end) break;
	let [caught, made] = [0, 0];
	for (const mutation of mutations) {
		const verdict = judge(op, mutation, seed);
		if (verdict === "equivalent") {
			equivalent.get(mutation)!.push(op.name);
			continue;
		}
		made++;
		if (verdict === "rejected") caught++;
		else survivors.push(`${op.name}: ${mutation.name}`);
	}
	console.log(`${op.name.padEnd(20)} ${caught} of ${made}`);
	if (made === 0) survivors.push(`${op.name}: no slip changes anything that the laws look at`);
	rejected += caught;
	applied += made;
	done++;
}

console.log("\nequivalent, doing what the op does at every point that was tried:");
for (const [{ name, harmless }, names] of equivalent) {
	if (names.length > 0) console.log(`\n${name} (${harmless}): ${names.join(", ")}`);
}
const score = (100 * rejected) / applied;
console.log(
	`\n${rejected} of ${applied} mutants of ${done} of ${ops.length} ops rejected: ${score.toFixed(1)} %, seed ${seed}`,
);
if (chosen === undefined && done === ops.length) {
	for (const [{ name }, names] of equivalent) {
		if (names.length === done) survivors.push(`no op can tell: ${name}`);
	}
}
for (const name of survivors) console.log(`survived: ${name}`);
process.exit(survivors.length === 0 && applied > 0 ? 0 : 1);
