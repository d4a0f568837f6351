// Every op and its derivative, and random programs with theirs, as modules for JAX, run there and
// compared: `npm run export:jax`, with `--grad jax` those whose derivatives JAX takes.

import { parseArgs } from "node:util";
import {
	byGradient,
	byPullback,
	type Case,
	drawCases,
	loopCases,
	nestedCases,
	opCases,
	ops,
	programCases,
} from "./cases.ts";
import { faultsInJax } from "./run-jax.ts";

/** What is drawn in as many steps as it takes: only JAX draws it. */
const REFUSED = new Set(["binomial", "logGamma", "poisson"]);

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		runs: { type: "string", default: "500" },
		seed: { type: "string", default: "1" },
		kind: { type: "string" },
		grad: { type: "string", default: "adjoint" },
	},
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
const grad = values.grad as "adjoint" | "jax";
const back = grad === "jax" ? byGradient : byPullback;
const chosen = ops.filter(
	({ name }) => !REFUSED.has(name) && (positionals.length === 0 || positionals.includes(name)),
);
const kinds: Readonly<Record<string, () => Case[]>> = {
	ops: () => chosen.flatMap((op) => opCases(op, back)),
	programs: () => programCases(seed, runs, back),
	draws: drawCases,
	nested: () => nestedCases(back),
	loops: () => loopCases(seed, Math.ceil(runs / 5), back),
};
let failed = 0;
for (const [kind, cases] of Object.entries(kinds)) {
	if (values.kind !== undefined && values.kind !== kind) continue;
	const made = cases();
	const faults = faultsInJax(made, kind === "draws" ? { rng: "jax" } : { grad });
	for (const fault of faults) console.log(`✗ ${fault}`);
	console.log(`${kind}: ${made.length} modules run in JAX, ${faults.length} faults`);
	failed += faults.length;
}
process.exitCode = failed > 0 ? 1 : 0;
