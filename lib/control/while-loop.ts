import * as kind from "../core/argument-kinds.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import { tracing } from "../core/tape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { recordBodies } from "./body.ts";
import { carryLike } from "./carry.ts";
import { applyWhile } from "./while.ts";

/** Options of `whileLoop`. */
export interface WhileOptions {
	/**
	 * How many steps it takes at most: then it ends, whatever the test says. A recorded loop has a
	 * gradient in reverse mode only with it. Left out: as many as the test wants.
	 */
	readonly max?: number;
}

/**
 * Takes steps, `carry = step(carry)`, as long as `test(carry)` holds: it gives one element, and
 * holds unless that is 0. The carry is nested as you like and keeps its structure, shapes and
 * dtypes.
 *
 * Where nothing is recorded this is a plain loop. Where a function is recorded, as in `compile`,
 * test and step are recorded once, and the loop is one op of the program. Its derivative forward is
 * such a loop too; in reverse mode it needs `max`.
 *
 * @returns the first carry for which the test does not hold
 * @throws ShapeError where the carry does not keep a shape or dtype, or the test gives not one
 * element
 * @throws GradientError where the carry does not keep its structure, and for the gradient in
 * reverse mode of a recorded loop without `max`
 * @throws TraceError where test or step is recorded and asks for a value
 */
export function whileLoop<C>(
	test: (carry: C) => TensorLike,
	step: (carry: C) => C,
	carry: C,
	options: WhileOptions = {},
): C {
	checkFunction("whileLoop", test);
	checkFunction("whileLoop", step);
	const { max = null } = checkOptions("whileLoop", options, { max: kind.whole });
	const start = flatten("whileLoop", carry, "carry");
	const holds = (leaves: readonly Tensor[]) => oneElement(test(start.rebuild(leaves)));
	const after = (leaves: readonly Tensor[]) =>
		carryLike("whileLoop", step(start.rebuild(leaves)), start);
	if (tracing.depth === 0) {
		let leaves = start.leaves;
		for (let steps = 0; steps !== max && holds(leaves).item() !== 0; steps++)
			leaves = after(leaves);
		return start.rebuild(leaves);
	}
	const { programs, closed } = recordBodies(start.leaves, [(x) => [holds(x)], after]);
	const [testing, stepping] = programs;
	const loop = { test: testing!, step: stepping!, closed, carry: start.leaves, max };
	return start.rebuild(applyWhile(loop));
}

function oneElement(result: TensorLike): Tensor {
	const x = asTensor("whileLoop", result);
	if (x.size === 1) return x;
	throw new ShapeError(
		`whileLoop: expected the test to give one element, got shape ${showShape(x.shape)}; ` +
			"all(…) or any(…) make one of several",
	);
}
