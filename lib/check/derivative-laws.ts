import { jvp, vjp } from "../autodiff/transforms.ts";
import { isFloat } from "../core/dtype.ts";
import { AdjointError } from "../core/error.ts";
import type { LinearMap } from "../core/linear-map.ts";
import { apply, type Draw, type Op, type Sample } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { asMap } from "../ops/as-map.ts";
import { astype } from "../ops/cast.ts";
import { slice } from "../ops/slicing.ts";
import { sum } from "../structure/broadcasting.ts";
import {
	ADJOINT_TOLERANCE,
	asListFunction,
	checkDerivatives,
	floats,
	innerProduct,
	nearIn,
	randomDirection,
} from "./derivatives.ts";
import { type Law, law, lawOf, lawOfSample } from "./law.ts";

/**
 * Forward mode, reverse mode and finite differences agree, to second order. An op with no
 * differential is constant.
 */
export const checkDifferential: Law = lawOf((op, { inputs, params }, draw) => {
	const x = floats(inputs);
	if (x.length === 0 || !isFloat(op.infer(inputs, params).dtype)) return;
	checkDerivatives(op.name, asListFunction(op, inputs, params), x, draw, 2);
});

/**
 * The differential of each argument is a linear map from its type to that of the result, whose
 * transpose is its transpose, and whose transpose's transpose is the map itself.
 */
export const checkMaps: Law = lawOf(checkMapsOf);

function checkMapsOf(op: Op, { inputs, params }: Sample<Data>, draw: Draw): void {
	const out = apply(op, inputs, params);
	if (op.differential === null || !isFloat(out.dtype)) return;
	for (const [i, x] of inputs.entries()) {
		const map = isFloat(x.dtype) ? asMap(op.differential(i, inputs, out, params)) : null;
		if (map === null) continue;
		const name = `${op.name}, the map of argument ${i + 1}`;
		checkLinear(name, map, x, out, draw);
		checkLinear(`${name}, transposed`, map.transpose, out, x, draw);
		const [dx, g] = [randomDirection(x, draw), randomDirection(out, draw)];
		const [forward, back] = [
			innerProduct([g], [map.apply(dx)]),
			innerProduct([map.transpose.apply(g)], [dx]),
		];
		law(
			Math.abs(forward.sum - back.sum) <= ADJOINT_TOLERANCE * Math.max(1, forward.size, back.size),
			name,
			`⟨g, A·dx⟩ is ${forward.sum}, ⟨Aᵀ·g, dx⟩ is ${back.sum}`,
		);
		const again = map.transpose.transpose.apply(dx);
		nearIn(
			name,
			"transposed twice, it gives an element that",
			again,
			map.apply(dx),
			ADJOINT_TOLERANCE,
		);
	}
}

function checkLinear(name: string, map: LinearMap, from: Tensor, to: Tensor, draw: Draw): void {
	const [a, b] = [randomDirection(from, draw), randomDirection(from, draw)];
	const [ya, yb] = [map.apply(a), map.apply(b)];
	law(
		sameShape(ya.shape, to.shape) && ya.dtype === to.dtype,
		name,
		`expected to give ${to.dtype} ${showShape(to.shape)}, gives ${ya.dtype} ${showShape(ya.shape)}`,
	);
	const factor = 1.5;
	const [ofSum, sumOfBoth] = [map.apply(add(mul(a, factor), b)), add(mul(ya, factor), yb)];
	nearIn(name, "it is not linear: an element for 1.5·a + b", ofSum, sumOfBoth, ADJOINT_TOLERANCE);
}

/**
 * Where one tensor is given for two arguments, its gradient is the sum of the gradients for each.
 */
export const checkSharing: Law = lawOf((op, { inputs, params }, draw) => {
	const x = inputs.find((input) => isFloat(input.dtype));
	if (x === undefined || !isFloat(op.infer(inputs, params).dtype)) return;
	const alike = inputs.map((other) => isFloat(other.dtype) && sameShape(other.shape, x.shape));
	if (alike.filter(Boolean).length < 2) return;
	const twice = inputs.map((other, i) => (alike[i] ? x : other));
	const given = floats(twice);
	const f = asListFunction(op, twice, params);
	try {
		f(given);
	} catch (error) {
		// Two different arguments may fit where one given twice does not.
		if (error instanceof AdjointError) return;
		throw error;
	}
	const [[y], pull] = vjp(f, given);
	const once = ([one]: readonly Tensor[]) => f(given.map((other) => (other === x ? one! : other)));
	const u = [randomDirection(y!, draw)];
	const sum = pull(u)
		.filter((_, i) => given[i] === x)
		.reduce((total, part) => add(total, part));
	const [shared] = vjp(once, [x])[1](u);
	nearIn(op.name, "the gradient of a tensor given twice", shared!, sum, ADJOINT_TOLERANCE);
});

/** How far the one-sided differences at a kink are taken, and what they resolve. */
const [SIDE_STEP, SIDE_TOLERANCE] = [2 ** -20, 1e-4];

/**
 * Where there is no derivative, or the domain does not reach, both modes give what the record's
 * `conventions` say; and that lies, of each element, between the derivatives to the one side and to
 * the other. If it is finite, it is a linear map with its transpose there too.
 */
export const checkConventions: Law = (op, draw) => {
	for (const convention of op.conventions ?? []) {
		lawOfSample(op, convention, () => {
			checkConvention(op, convention, convention.gradients, draw);
			const isMap = convention.gradients.every((x) => elements(x).every(Number.isFinite));
			if (isMap) checkMapsOf(op, convention, draw);
		});
	}
};

function checkConvention(
	op: Op,
	{ inputs, params }: Sample<Data>,
	gradients: readonly Tensor[],
	draw: Draw,
): void {
	const f = asListFunction(op, inputs, params);
	const [[y], pull] = vjp(f, inputs);
	const factor = draw.pick([1, -1.5, 2]);
	const g = add(mul(y!, 0), factor);
	for (const [i, actual] of pull([g]).entries()) {
		const [x, expected] = [inputs[i]!, gradients[i]!];
		checkDType(op.name, "the gradient", actual, x);
		nearIn(
			op.name,
			`the gradient of argument ${i + 1}`,
			actual,
			mul(expected, factor),
			ADJOINT_TOLERANCE,
		);
		for (let k = 0; k < expected.size; k++) {
			const unit = Float64Array.from({ length: expected.size }, (_, j) => (j === k ? 1 : 0));
			const v = astype(new Tensor(unit, "float64", expected.shape), x.dtype);
			const alone = inputs.map((other, j) => (j === i ? v : mul(other, 0)));
			const tangent = jvp(f, inputs, alone)[1][0]!;
			checkDType(op.name, "the tangent", tangent, y!);
			const along = (t: number) => elements(apply(op, inputs.with(i, add(x, mul(v, t))), params));
			checkBetween(op.name, along, elements(tangent));
			nearIn(
				op.name,
				"the derivative in forward mode",
				sum(tangent),
				slice(expected, k),
				ADJOINT_TOLERANCE,
			);
		}
	}
}

function checkDType(op: string, what: string, { dtype }: Tensor, like: Tensor): void {
	law(dtype === like.dtype, op, `${what} is ${dtype}, expected ${like.dtype}`);
}

/** Partial derivatives lie between the one-sided differences, where there are any. */
function checkBetween(
	op: string,
	f: (t: number) => ArrayLike<number>,
	partials: ArrayLike<number>,
): void {
	const [before, at, after] = [f(-SIDE_STEP), f(0), f(SIDE_STEP)];
	for (let o = 0; o < partials.length; o++) {
		const [left, right] = [(at[o]! - before[o]!) / SIDE_STEP, (after[o]! - at[o]!) / SIDE_STEP];
		const [low, high] = [Math.min(left, right), Math.max(left, right)];
		const partial = partials[o]!;
		const between = partial >= low - SIDE_TOLERANCE && partial <= high + SIDE_TOLERANCE;
		const known = Number.isFinite(partial + low + high);
		law(
			!known || between,
			op,
			`the derivative ${partial} is not between ${left} and ${right}, those to the sides`,
		);
	}
}
