// Every op and its derivative, and random programs with theirs, as ONNX models, checked by ONNX
// and run by ONNX Runtime: `npm run export:onnx`.

import { parseArgs } from "node:util";
import { argsort, type Tensor, tensor, vjp } from "../../lib/index.ts";
import { type Case, loopCases, nestedCases, opCases, ops, programCases } from "./cases.ts";
import { productCases } from "./product-cases.ts";
import { regroupedCases } from "./regrouped-cases.ts";
import { runInOnnx } from "./run-onnx.ts";
import { faultsInStep } from "./step-in-runtimes.ts";
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
/** What runtimes differ in: ends of ranges, NaN, ties. */
function specialCases(): Case[] {
	const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
	const x = tensor([nan, 1, infinity, -infinity, 0, -3, -40, 1e-9, 2, 1, -1, 800]);
	const back = (f: (x: Tensor) => Tensor) => (x: Tensor) =>
		vjp(([y]) => [f(y!)], [x])[1]([x.flip(0)])[0]!;
	const fs: Readonly<Record<string, (x: Tensor) => Tensor>> = {
		...{ max: (x) => x.max(), min: (x) => x.min(), argmax: (x) => x.argmax(), argsort },
		...{ sorted: (x) => x.sort(), maximum: (x) => x.maximum(0.5), power: (x) => x.power(x) },
		...{ "softmax of rows": (x) => x.reshape([4, 3]).softmax() },
		...{ "log softmax of rows": (x) => x.reshape([4, 3]).logSoftmax() },
		...{ softmax: (x) => x.softmax(), sigmoid: (x) => x.sigmoid(), tanh: (x) => x.tanh() },
		...{ log1p: (x) => x.log1p(), expm1: (x) => x.expm1(), sign: (x) => x.sign() },
		...{ relu: (x) => x.relu(), softplus: (x) => x.softplus(), gelu: (x) => x.gelu() },
		...{ atan: (x) => x.atan(), sinh: (x) => x.sinh(), round: (x) => x.round() },
		...{
			"back through relu": back((x) => x.relu()),
			"back through a maximum": back((x) => x.maximum(1)),
		},
	};
	return Object.entries(fs).map(([name, f]) => {
		return { name: `${name} at special points`, f: ([x]) => [f(x!)], args: [x], tolerance: 1e-12 };
	});
}

const [runs, seed] = [Number(values.runs), Number(values.seed)];
const chosen = ops.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const kinds: Readonly<Record<string, () => Case[]>> = {
	ops: () => chosen.flatMap((op) => opCases(op)),
	special: specialCases,
	products: productCases,
	programs: () => programCases(seed, runs),
	regrouped: () => [...regroupedCases(), ...programCases(seed, Math.ceil(runs / 5))],
	nested: () => nestedCases(),
	loops: () => loopCases(seed, Math.ceil(runs / 5)),
};
let failed = 0;
for (const [kind, cases] of Object.entries(kinds)) {
	if (values.kind !== undefined && values.kind !== kind) continue;
	const { run, faults, refused } = runInOnnx(cases(), { regroup: kind === "regrouped" });
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
	for (const [where, faults] of [
		["Python", faultsInTraining()],
		["onnxruntime-node", await faultsInStep("node")],
		["onnxruntime-web", await faultsInStep("web")],
	] as const) {
		for (const fault of faults) console.log(`✗ ${fault}`);
		console.log(`training: 500 steps with any batch in ${where}, ${faults.length} faults`);
		failed += faults.length;
	}
}
process.exitCode = failed > 0 ? 1 : 0;
