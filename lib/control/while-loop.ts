import * as kind from "../core/argument-kinds.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import { tracing } from "../core/tape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { isValueless } from "../core/valueless.ts";
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
 * test and step are recorded once, and the loop is one op of the program. So it is under `vmap`
 * where the test is of each example: steps are taken as long as one test holds, and the others keep
 * their carry. Its derivative forward is such a loop too; in reverse mode it needs `max`.
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
	return loopWhile(test, step, carry, options, tracing.depth > 0);
}

/**
 * The same, for those who say themselves when it is recorded: from the start, or only where the
 * test has no value.
 */
export function loopWhile<C>(
	test: (carry: C) => TensorLike,
	step: (carry: C) => C,
	carry: C,
	options: WhileOptions,
	isRecorded: boolean,
): C {
	checkFunction("whileLoop", test);
	checkFunction("whileLoop", step);
	const { max = null } = checkOptions("whileLoop", options, { max: kind.whole });
	const start = flatten("whileLoop", carry, "carry");
	const holds = (leaves: readonly Tensor[]) => oneElement(test(start.rebuild(leaves)));
	const after = (leaves: readonly Tensor[]) =>
		carryLike("whileLoop", step(start.rebuild(leaves)), start);
	let { leaves } = start;
	let steps = 0;
	if (!isRecorded) {
		for (; ; steps++) {
			if (steps === max) return start.rebuild(leaves);
			const test = holds(leaves);
			// Each example of a batch may take another number of steps.
			if (isValueless(test)) break;
			if (test.item() === 0) return start.rebuild(leaves);
			leaves = after(leaves);
		}
	}
	const { programs, closed } = recordBodies("whileLoop", leaves, [(x) => [holds(x)], after]);
	const [testing, stepping] = programs;
	const left = max === null ? null : max - steps;
	const loop = { test: testing!, step: stepping!, closed, carry: leaves, max: left };
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
