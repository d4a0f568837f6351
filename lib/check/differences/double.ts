import { linearizationOf } from "../../autodiff/linearization.ts";
import { apply } from "../../core/op.ts";
import { Tape } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { astype } from "../../ops/cast.ts";
import type { Problem } from "./problem.ts";

/**
 * The same problem in double precision. The function sees float32 where it always does, so that
 * what it holds fits; beside each such tensor its value in float64 is kept, and from those every op
 * is computed.
 */
export function inDouble(problem: Problem): Problem {
	const { x, f } = problem;
	const run: Problem["f"] = (at) => {
		const doubles = new WeakMap<Tensor, Tensor>();
		const doubleOf = (seen: Tensor) => doubles.get(seen) ?? asDouble(seen);
		const seenAs = (double: Tensor): Tensor => {
			const seen = astype(double, "float32");
			doubles.set(seen, double);
			return seen;
		};
		const tape = new Tape((op, inputs, params) => {
			const out = apply(op, inputs.map(doubleOf), params);
			const isWide = out.dtype === "float64" && op.infer(inputs, params).dtype === "float32";
			return isWide ? seenAs(out) : out;
		});
		const seen = at.map((xi, i) => (x[i]!.dtype === "float32" ? seenAs(xi) : xi));
		return linearizationOf(seen, f, tape).values.map(doubleOf);
	};
	return { ...problem, f: run, x: x.map(asDouble), gradient: null };
}

/** A float32 tensor as float64; others as they are. */
export function asDouble(x: Tensor): Tensor {
	return x.dtype === "float32" ? astype(x, "float64") : x;
}
