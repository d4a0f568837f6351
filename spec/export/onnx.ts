// Every op and its derivative, and random programs with theirs, as ONNX models, checked by ONNX
// and run by ONNX Runtime: `npm run export:onnx`.

import { parseArgs } from "node:util";
import { type Case, loopCases, opCases, ops, programCases } from "./cases.ts";
import { runInOnnx } from "./run-onnx.ts";
import { faultsInTraining } from "./train-onnx.ts";

/** What ONNX has no word for. The export refuses these, and no others. */
const REFUSED: ReadonlySet<string> = new Set(
	(
		"adjugate betainc binomial cholesky choleskyGradient determinant determinantSign " +
		"eigenSystem eliminated expm gammainc gammaincSlope gammaincc inverse logDet logGamma permutation pinv " +
		"pivotOrder poisson singularSystem solve spectral stackedQR symmetricSlope triangularSolve"
	).split(" "),
);

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		runs: { type: "string", default: "500" },
		seed: { type: "string", default: "1" },
		kind: { type: "string" },
	},
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
const chosen = ops.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const kinds: Readonly<Record<string, () => Case[]>> = {
	ops: () => chosen.flatMap((op) => opCases(op)),
	programs: () => programCases(seed, runs),
	loops: () => loopCases(seed, Math.ceil(runs / 5)),
};
let failed = 0;
for (const [kind, cases] of Object.entries(kinds)) {
	if (values.kind !== undefined && values.kind !== kind) continue;
	const { run, faults, refused } = runInOnnx(cases());
	const isWhole = kind === "ops" && positionals.length === 0;
	const wrong = [
		...faults,
		...refused.filter((op) => !REFUSED.has(op)).map((op) => `${op} is refused`),
		...(isWhole ? [...REFUSED].filter((op) => !refused.includes(op)) : []).map(
			(op) => `${op} is not refused any more`,
		),
	];
	for (const fault of wrong) console.log(`✗ ${fault}`);
	console.log(
		`${kind}: ${run} models run by ONNX Runtime, ${refused.length} refused, ${wrong.length} faults`,
	);
	failed += wrong.length;
}
if (values.kind === undefined || values.kind === "training") {
	const faults = faultsInTraining();
	for (const fault of faults) console.log(`✗ ${fault}`);
	console.log(`training: 500 steps with any batch, ${faults.length} faults`);
	failed += faults.length;
}
process.exitCode = failed > 0 ? 1 : 0;
