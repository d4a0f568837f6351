import { jvp, vjp } from "../autodiff/transforms.ts";
import { vmap } from "../autodiff/vmap.ts";
import { isFloat } from "../core/dtype.ts";
import { apply, type Draw, type Op, type Sample } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { abs } from "../ops/arithmetic.ts";
import { stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { sum } from "../structure/broadcasting.ts";
import { asListFunction, randomDirection } from "./derivatives.ts";
import { type Law, law, lawOf } from "./law.ts";

/** So many examples make a batch. */
const SIZE = 3;
/** Sums in another order agree that well, relative to the sum of absolute terms. */
const SUM_TOLERANCE = 1e-12;

/** Arguments of an op for a batch of examples, some of which have the same for all. */
export interface BatchSample {
	/** The arguments of each example. */
	readonly examples: readonly (readonly Tensor[])[];
	/** The axis along which the examples of an argument lie; null for the same in all. */
	readonly axes: readonly (number | null)[];
	readonly outAxis: number;
}

/** A batch made of one sample, all of whose examples an op takes. */
export function drawBatchOf(op: Op, { inputs, params }: Sample<Data>, draw: Draw): BatchSample {
	const chosen = inputs.map(() => draw.integer(0, 2) > 0);
	if (!chosen.includes(true)) chosen[draw.integer(0, inputs.length - 1)] = true;
	const axes = inputs.map((x, i) => (chosen[i] ? draw.integer(0, x.rank) : null));
	const examples = Array.from({ length: SIZE }, (_, k) => {
		const varied = inputs.map((x, i) => (axes[i] === null ? x : variant(x, k)));
		return isTaken(op, varied, params) ? varied : inputs;
	});
	const { shape } = op.infer(inputs, params);
	return { examples, axes, outAxis: draw.integer(0, shape.length) };
}

/** The tensor for example k: smaller numbers, or indices in another order. */
function variant(x: Tensor, k: number): Tensor {
	const values = elements(x).slice();
	if (isFloat(x.dtype)) for (let i = 0; i < values.length; i++) values[i]! *= 1 - k / 16;
	else for (let i = 0; i < values.length; i++) values[i] = elements(x)[(i + k) % values.length]!;
	return new Tensor(values, x.dtype, x.shape);
}

function isTaken(op: Op, inputs: readonly Tensor[], params: Data): boolean {
	try {
		apply(op, inputs, params);
		return true;
	} catch {
		return false;
	}
}

/** The arguments of all examples, as `vmap` takes them. */
export function together({ examples, axes }: BatchSample): Tensor[] {
	return axes.map((axis, i) => {
		const each = examples.map((inputs) => inputs[i]!);
		return axis === null ? each[0]! : stack(each, axis);
	});
}

/**
 * A batch gives, bit for bit, what its examples give one by one, along any axis and with arguments
 * that are the same for all; so do both modes of differentiation, inside and outside of the batch.
 * A gradient of what is the same for all is a sum, which is right to rounding.
 */
export const checkBatching: Law = lawOf((op, sample, draw) => {
	const { params } = sample;
	const batch = drawBatchOf(op, sample, draw);
	const { examples, axes, outAxis } = batch;
	const inputs = together(batch);
	const f = (...x: Tensor[]) => apply(op, x, params);
	const batched = vmap(f, { in: axes, out: outAxis });
	const outs = examples.map((x) => f(...x));
	const along = (x: Tensor, axis: number, k: number) =>
		slice(x, ...new Array<null>(axis).fill(null), k);
	const result = batched(...inputs);
	for (const [k, out] of outs.entries())
		same(op, `the result of example ${k}`, along(result, outAxis, k), out);
	const kept = inputs.map(({ dtype }) => isFloat(dtype));
	if (op.differential === null || !isFloat(outs[0]!.dtype) || !kept.includes(true)) return;

	const floatsOf = <T>(list: readonly T[]) => list.filter((_, i) => kept[i]);
	const floatAxes = floatsOf(axes);
	// Cotangents of the results and tangents of the arguments, of each example.
	const cotangents = outs.map((out) => randomDirection(out, draw));
	const tangents = examples.map((x) => floatsOf(x).map((xi) => randomDirection(xi, draw)));
	const own = tangents.map((list) =>
		list.map((dx, i) => (floatAxes[i] === null ? tangents[0]![i]! : dx)),
	);
	const gradients = examples.map((x, k) =>
		vjp(asListFunction(op, x, params), floatsOf(x))[1]([cotangents[k]!]),
	);
	const pushed = examples.map(
		(x, k) => jvp(asListFunction(op, x, params), floatsOf(x), own[k]!)[1][0]!,
	);
	const g = stack(cotangents, outAxis);
	const dx = floatAxes.map((axis, i) => {
		const each = own.map((list) => list[i]!);
		return axis === null ? each[0]! : stack(each, axis);
	});
	const whole = (x: readonly Tensor[]) => {
		const next = x.values();
		return [batched(...inputs.map((input, i) => (kept[i] ? next.next().value! : input)))];
	};

	const inside = vmap(
		(x: readonly Tensor[], g: Tensor) =>
			vjp(asListFunction(op, x, params), floatsOf(x))[1]([g]) as Tensor[],
		{ in: [axes, outAxis] },
	)(inputs, g);
	const outside = vjp(whole, floatsOf(inputs))[1]([g]);
	const tangentInside = vmap(
		(x: readonly Tensor[], dx: readonly Tensor[]) =>
			jvp(asListFunction(op, x, params), floatsOf(x), dx)[1][0]!,
		{ in: [axes, floatAxes], out: outAxis },
	)(inputs, dx);
	const tangentOutside = jvp(whole, floatsOf(inputs), dx)[1][0]!;
	for (let k = 0; k < SIZE; k++) {
		same(op, `the tangent of example ${k}`, along(tangentInside, outAxis, k), pushed[k]!);
		same(
			op,
			`the tangent of example ${k}, of the batch`,
			along(tangentOutside, outAxis, k),
			pushed[k]!,
		);
		for (const [i, axis] of floatAxes.entries()) {
			same(op, `the gradient ${i + 1} of example ${k}`, along(inside[i]!, 0, k), gradients[k]![i]!);
			if (axis === null) continue;
			same(
				op,
				`the gradient ${i + 1} of example ${k}, of the batch`,
				along(outside[i]!, axis, k),
				gradients[k]![i]!,
			);
		}
	}
	for (const [i, axis] of floatAxes.entries()) {
		if (axis !== null) continue;
		const terms = stack(gradients.map((list) => list[i]!));
		nearSum(
			op,
			`the gradient of the common argument ${i + 1}`,
			outside[i]!,
			sum(terms, 0),
			sum(abs(terms), 0),
		);
	}
});

function same(op: Op, what: string, actual: Tensor, expected: Tensor): void {
	const fits = sameShape(actual.shape, expected.shape) && actual.dtype === expected.dtype;
	const types = [actual, expected].map(({ dtype, shape }) => `${dtype} ${showShape(shape)}`);
	law(fits, op.name, `${what} in a batch is ${types[0]}, alone ${types[1]}`);
	const [a, e] = [elements(actual), elements(expected)];
	for (let i = 0; i < e.length; i++) {
		// A product of one term is −0 alone, and 0 where it is added to a sum.
		const agrees = a[i] === e[i] || Object.is(a[i], e[i]);
		law(agrees, op.name, `${what} in a batch is ${a[i]}, alone ${e[i]}`);
	}
}

function nearSum(op: Op, what: string, actual: Tensor, expected: Tensor, size: Tensor): void {
	law(
		sameShape(actual.shape, expected.shape),
		op.name,
		`${what} has shape ${showShape(actual.shape)}`,
	);
	const [a, e, bound] = [elements(actual), elements(expected), elements(size)];
	for (let i = 0; i < e.length; i++) {
		const agrees = Object.is(a[i], e[i]) || Math.abs(a[i]! - e[i]!) <= SUM_TOLERANCE * bound[i]!;
		law(agrees, op.name, `${what} is ${a[i]}, the sum over the examples ${e[i]}`);
	}
}
