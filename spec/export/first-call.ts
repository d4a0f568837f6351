import { flatten } from "../../lib/core/tree.ts";
import { DTypeError, type Tensor } from "../../lib/index.ts";
import type { Case } from "./cases.ts";
import { faultsInJax } from "./run-jax.ts";

export * from "../../lib/compile/index.ts";

const TOLERANCE = 1e-12;
/** Adam divides a gradient by its size, so where that is small JAX's rounding shows. */
const BY_JAX = 1e-10;
const SINGLE = 1e-4;

/**
 * Exports a function at its first call, in float64 if it can, with our derivatives and with
 * JAX's, runs both there, says what is wrong, and ends the example.
 */
export function compile(f: (...args: unknown[]) => unknown): (...args: unknown[]) => never {
	return (...args) => {
		const { leaves, rebuild } = flatten("compile", args, "args");
		const run = (given: readonly Tensor[]) =>
			flatten("compile", f(...rebuild<unknown[]>(given)), "result").leaves;
		const wide = leaves.map((x) => (x.dtype === "float32" ? x.astype("float64") : x));
		const isFixed = isRefused(() => run(wide));
		const faults = (["adjoint", "jax"] as const).flatMap((grad) => {
			const near = grad === "jax" ? BY_JAX : TOLERANCE;
			const one: Case = {
				name: f.name || "the first",
				f: run,
				args: isFixed ? leaves : wide,
				tolerance: isFixed ? SINGLE : near,
			};
			return faultsInJax([one], { grad });
		});
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
