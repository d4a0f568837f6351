import { apply } from "../core/op.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { interpret } from "./interpret.ts";
import type { Program, Value } from "./program.ts";

/** How far the form by inverses may be off, relative to the greatest element. */
const TOLERANCE = { float64: 1e-8, float32: 1e-3, int32: 0, bool: 0 };

/**
 * Whether the matrices that a program meets at these arguments have inverses, as far as it has ops
 * with a form that needs them: where one has none, or nearly none, that form is not what the op
 * gives.
 */
export function isRegularAt(program: Program, args: readonly Tensor[]): boolean {
	const steps = program.instructions.filter(({ op }) => op.traits?.regular !== undefined);
	if (steps.length === 0) return true;
	const values = new Map<Value, Tensor>();
	interpret(program, args, (value, tensor) => values.set(value, tensor));
	return steps.every(({ op, inputs, params }) => {
		const given = inputs.map((x) => (x.kind === "constant" ? x.tensor : values.get(x)!));
		try {
			const form = op.traits!.regular!(given, params);
			return form === null || isNearly(form, apply(op, given, params));
		} catch {
			return false;
		}
	});
}

/**
 * Whether two tensors are the same but for rounding, relative to the greatest element.
 * @param least what rounding is relative to where all elements are less
 */
export function isNearly(x: Tensor, expected: Tensor, least = 0): boolean {
	const [xs, ys] = [elements(x), elements(expected)];
	let size = least;
	for (const y of ys) size = Math.max(size, Math.abs(y));
	const most = TOLERANCE[x.dtype] * size;
	return xs.every((value, i) => Object.is(value, ys[i]) || Math.abs(value - ys[i]!) <= most);
}
