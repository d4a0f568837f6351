import { isFloat } from "../../lib/core/dtype.ts";
import { flatten } from "../../lib/core/tree.ts";
import { DTypeError, random, type Tensor } from "../../lib/index.ts";
import type { Case } from "./cases.ts";
import { faultsInJax } from "./run-jax.ts";
import { runInOnnx } from "./run-onnx.ts";

export * from "../../lib/compile/index.ts";

const TOLERANCE = 1e-12;
const SINGLE = 1e-4;
/** Up to so much is added to arguments: at the kink of relu JAX has another derivative. */
const AWAY = 1e-3;

/**
 * Exports a function at its first call, in float64 if it can: for JAX with our derivatives and with
 * JAX's, and as an ONNX model. Runs all there, says what is wrong, and ends the example.
 */
export function compile(f: (...args: unknown[]) => unknown): (...args: unknown[]) => never {
	return (...args) => {
		const { leaves, rebuild } = flatten("compile", args, "args");
		const run = (given: readonly Tensor[]) =>
			flatten("compile", f(...rebuild<unknown[]>(given)), "result").leaves;
		const moved = leaves.map((x, i) => {
			if (!isFloat(x.dtype)) return x;
			return x.add(random.uniform(random.key(i), x.shape).mul(AWAY).astype(x.dtype));
		});
		const wide = moved.map((x) => (x.dtype === "float32" ? x.astype("float64") : x));
		const isFixed = isRefused(() => run(wide));
		const step: Case = {
			name: f.name || "the first",
			f: run,
			args: isFixed ? moved : wide,
			tolerance: isFixed ? SINGLE : TOLERANCE,
		};
		const model = runInOnnx([step]);
		const faults = [
			...faultsInJax([step], { grad: "adjoint" }),
			...faultsInJax([step], { grad: "jax" }),
			...model.faults,
			...model.refused.map((op) => `${op} has no form in ONNX`),
		];
		for (const fault of faults) console.log(`✗ ${fault.slice(0, 500)}`);
		process.exit(faults.length > 0 ? 1 : 0);
	};
}

/** Whether a function that draws in float32 meets float64 and refuses it. */
function isRefused(f: () => unknown): boolean {
	try {
		f();
		return false;
	} catch (error) {
		if (error instanceof DTypeError) return true;
		throw error;
	}
}
