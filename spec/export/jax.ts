// Every op and its derivative, and random programs with theirs, as modules for JAX, run there and
// compared: `npm run export:jax`.

import { parseArgs } from "node:util";
import { type Case, loopCases, opCases, ops, programCases } from "./cases.ts";
import { faultsInJax } from "./run-jax.ts";

/** What is drawn in as many steps as it takes: the export refuses it. */
const REFUSED = new Set(["binomial", "logGamma", "poisson"]);

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		runs: { type: "string", default: "500" },
		seed: { type: "string", default: "1" },
		kind: { type: "string" },
	},
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
const chosen = ops.filter(
	({ name }) => !REFUSED.has(name) && (positionals.length === 0 || positionals.includes(name)),
);
const kinds: Readonly<Record<string, () => Case[]>> = {
	ops: () => chosen.flatMap(opCases),
	programs: () => programCases(seed, runs),
	loops: () => loopCases(seed, Math.ceil(runs / 5)),
};
let failed = 0;
for (const [kind, cases] of Object.entries(kinds)) {
	if (values.kind !== undefined && values.kind !== kind) continue;
	const made = cases();
	const faults = faultsInJax(made);
	for (const fault of faults) console.log(`✗ ${fault}`);
	console.log(`${kind}: ${made.length} modules run in JAX, ${faults.length} faults`);
	failed += faults.length;
}
process.exitCode = failed > 0 ? 1 : 0;
