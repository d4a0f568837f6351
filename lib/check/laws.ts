import { jvp, vjp } from "../autodiff/transforms.ts";
import { isFloat } from "../dtype.ts";
import { apply, type Draw, type Op } from "../op.ts";
import { sameShape, showShape } from "../shape.ts";
import { elements } from "../strided.ts";
import { Tensor } from "../tensor.ts";
import { differentiateAtZero } from "./finite-difference.ts";

/** Several tensors in, several out, as the laws see every op. */
type VectorFunction = (x: readonly Tensor[]) => readonly Tensor[];

/** ⟨u, J·v⟩ = ⟨Jᵀ·u, v⟩ holds up to rounding. */
const ADJOINT_TOLERANCE = 1e-12;
/** What extrapolated differences of values rounded to 1e−16 can resolve, with a margin. */
const DIFFERENCE_TOLERANCE = 1e-8;
/** Rounding of float32 (6e−8) over the few dozen operations of a sample. */
const FLOAT32_TOLERANCE = 1e-4;

function law(holds: boolean, op: string, claim: string): void {
	if (!holds) throw new Error(`${op}: ${claim}`);
}

function dotProduct(x: Tensor, y: Tensor): { sum: number; size: number } {
	const [a, b] = [elements(x), elements(y)];
	let sum = 0;
	let size = 0;
	for (let i = 0; i < a.length; i++) {
		sum += a[i]! * b[i]!;
		size += Math.abs(a[i]! * b[i]!);
	}
	return { sum, size };
}

/** Σ ⟨x, y⟩, and the size of the terms, to which rounding errors are relative. */
function innerProduct(x: readonly Tensor[], y: readonly Tensor[]): { sum: number; size: number } {
	let sum = 0;
	let size = 0;
	for (const [i, xi] of x.entries()) {
		const part = dotProduct(xi, y[i]!);
		sum += part.sum;
		size += part.size;
	}
	return { sum, size };
}

/**
 * Checks the derivatives of `f` at `x`: forward mode, reverse mode and finite differences agree along a random direction with a
 * random cotangent; up to `order`, by checking the derivatives themselves in the same way.
 */
export function checkDerivatives(
	name: string,
	f: VectorFunction,
	x: readonly Tensor[],
	draw: Draw,
	order: number,
): void {
	const v = x.map((xi) => direction(xi, draw));
	const [y, dy] = jvp(f, x, v);
	const u = y.map((yi) => direction(yi, draw));
	const [, pull] = vjp(f, x);
	const g = pull(u);
	const forward = innerProduct(u, dy);
	const reverse = innerProduct(g, v);
	const size = Math.max(1, forward.size, reverse.size);
	law(
		Math.abs(forward.sum - reverse.sum) <= ADJOINT_TOLERANCE * size,
		name,
		`forward mode gives ${forward.sum}, reverse mode ${reverse.sum}`,
	);
	const moved = (t: number) => innerProduct(u, f(x.map((xi, i) => xi.add(v[i]!.mul(t)))));
	const { value, error } = differentiateAtZero((t) => moved(t).sum);
	law(
		Math.abs(forward.sum - value) <= DIFFERENCE_TOLERANCE * Math.max(size, moved(0).size),
		name,
		`the derivative is ${forward.sum}, by differences ${value} ± ${error}`,
	);
	if (order === 1) return;
	const n = x.length;
	const back: VectorFunction = (xu) => vjp(f, xu.slice(0, n))[1](xu.slice(n));
	checkDerivatives(`${name}, reverse mode`, back, [...x, ...u], draw, order - 1);
	const ahead: VectorFunction = (xv) => jvp(f, xv.slice(0, n), xv.slice(n))[1];
	checkDerivatives(`${name}, forward mode`, ahead, [...x, ...v], draw, order - 1);
}

/** A random tangent or cotangent; of ones it would hide mistakes that sum to zero. */
function direction(x: Tensor, draw: Draw): Tensor {
	return draw.tensor(x.shape, { min: -1, max: 1 });
}

/** An op as a function of its float inputs, the others held fixed. */
function asVectorFunction(op: Op, inputs: readonly Tensor[], params: unknown): VectorFunction {
	return (x) => {
		let next = 0;
		return [
			apply(
				op,
				inputs.map((input) => (isFloat(input.dtype) ? x[next++]! : input)),
				params,
			),
		];
	};
}

/** The value has the shape and dtype that the record's rule foretells. */
export function checkShapeRule(op: Op, draw: Draw): void {
	const { inputs, params } = op.sample!(draw);
	const type = op.infer(inputs, params);
	const out = apply(op, inputs, params);
	law(
		sameShape(type.shape, out.shape) && type.dtype === out.dtype,
		op.name,
		`the rule says ${type.dtype} ${showShape(type.shape)}, the value is ${out.dtype} ${showShape(out.shape)}`,
	);
}

/** Forward mode, reverse mode and finite differences agree, to second order. An op with no differential is constant. */
export function checkDifferential(op: Op, draw: Draw): void {
	const { inputs, params } = op.sample!(draw);
	const x = inputs.filter((input) => isFloat(input.dtype));
	const f = asVectorFunction(op, inputs, params);
	if (x.length === 0 || !isFloat(op.infer(inputs, params).dtype)) return;
	checkDerivatives(op.name, f, x, draw, 2);
}

/** A strided view gives, bit for bit, what the same elements laid out in order give. */
export function checkViews(op: Op, draw: Draw): void {
	const { inputs, params } = op.sample!(draw);
	const copies = inputs.map((x) => new Tensor(elements(x).slice(), x.dtype, x.shape));
	const [a, b] = [elements(apply(op, inputs, params)), elements(apply(op, copies, params))];
	law(
		a.length === b.length && a.every((value, i) => Object.is(value, b[i])),
		op.name,
		"a view and a copy of it give different values",
	);
}

/** In float32 the value and the gradients are float32, and near those of float64. */
export function checkFloat32(op: Op, draw: Draw): void {
	const { inputs, params } = op.sample!(draw);
	const narrow = inputs.map((x) => (isFloat(x.dtype) ? x.astype("float32") : x));
	const wide = inputs.map((x, i) => (isFloat(x.dtype) ? narrow[i]!.astype("float64") : x));
	const [actual, expected] = [apply(op, narrow, params), apply(op, wide, params)];
	if (!isFloat(expected.dtype)) return;
	law(actual.dtype === "float32", op.name, `float32 arguments give ${actual.dtype}`);
	nearFloat32(op.name, "the value", actual, expected);
	const floats = (list: readonly Tensor[]) => list.filter((x) => isFloat(x.dtype));
	const g = direction(expected, draw);
	const narrowGrads = vjp(asVectorFunction(op, narrow, params), floats(narrow))[1]([
		g.astype("float32"),
	]);
	const wideGrads = vjp(asVectorFunction(op, wide, params), floats(wide))[1]([g]);
	for (const [i, narrowGrad] of narrowGrads.entries()) {
		law(
			narrowGrad.dtype === "float32",
			op.name,
			`a float32 argument has a ${narrowGrad.dtype} gradient`,
		);
		nearFloat32(op.name, "the gradient", narrowGrad, wideGrads[i]!);
	}
}

function nearFloat32(op: string, what: string, actual: Tensor, expected: Tensor): void {
	const [a, e] = [elements(actual), elements(expected)];
	let size = 1;
	for (const value of e) size = Math.max(size, Math.abs(value));
	for (let i = 0; i < e.length; i++) {
		law(
			Math.abs(a[i]! - e[i]!) <= FLOAT32_TOLERANCE * size,
			op,
			`${what} is ${a[i]} in float32, ${e[i]} in float64`,
		);
	}
}

/** What every op obeys, by name: each takes a record and a source of arguments, and throws when the law is broken. */
export const laws: Readonly<Record<string, (op: Op, draw: Draw) => void>> = {
	"its value has the shape and dtype of its rule": checkShapeRule,
	"forward mode, reverse mode and differences agree to second order": checkDifferential,
	"a view gives what a copy gives": checkViews,
	"float32 stays float32 and near float64": checkFloat32,
};
