import { vjp } from "../autodiff/transforms.ts";
import { type DType, isFloat } from "../core/dtype.ts";
import { AdjointError } from "../core/error.ts";
import { apply, type Draw } from "../core/op.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { astype } from "../ops/cast.ts";
import { checkBatching } from "./batch-laws.ts";
import { checkConventions, checkDifferential, checkMaps, checkSharing } from "./derivative-laws.ts";
import {
	ADJOINT_TOLERANCE,
	asListFunction,
	floats,
	nearIn,
	randomDirection,
} from "./derivatives.ts";
import { type Law, law, lawOf } from "./law.ts";
import { checkReadings } from "./readings.ts";

/** Rounding of float32 (6e−8) over the few dozen operations of a sample. */
const FLOAT32_TOLERANCE = 1e-4;

/** The value has the shape and dtype that the record's rule foretells. */
export const checkShapeRule: Law = lawOf((op, { inputs, params }) => {
	const type = op.infer(inputs, params);
	const out = apply(op, inputs, params);
	law(
		sameShape(type.shape, out.shape) && type.dtype === out.dtype,
		op.name,
		`the rule says ${type.dtype} ${showShape(type.shape)}, the value is ${out.dtype} ${showShape(out.shape)}`,
	);
});

/** A strided view gives, bit for bit, what the same elements laid out in order give. */
export const checkViews: Law = lawOf((op, { inputs, params }) => {
	const copies = inputs.map((x) => new Tensor(elements(x).slice(), x.dtype, x.shape));
	const [a, b] = [apply(op, inputs, params), apply(op, copies, params)];
	law(identical(a, b), op.name, "a view and a copy of it give different values");
});

/**
 * An op gives the same value again, and leaves its arguments as they were; so does its derivative.
 */
export const checkPurity: Law = lawOf((op, { inputs, params }, draw) => {
	const before = inputs.map((x) => elements(x).slice());
	const out = apply(op, inputs, params);
	if (isFloat(out.dtype) && floats(inputs).length > 0) {
		const g = randomDirection(out, draw);
		const gradients = () => vjp(asListFunction(op, inputs, params), floats(inputs))[1]([g]);
		const [first, second] = [gradients(), gradients()];
		for (const [i, gradient] of first.entries()) {
			law(
				identical(gradient, second[i]!),
				op.name,
				`the same arguments give different gradients of argument ${i + 1}`,
			);
		}
	}
	for (const [i, x] of inputs.entries()) {
		const old = new Tensor(before[i]!, x.dtype, x.shape);
		law(identical(x, old), op.name, `argument ${i + 1} was changed; it was ${old}`);
	}
	const again = apply(op, inputs, params);
	law(identical(out, again), op.name, "the same arguments give different values");
});

/** In float32 the value and the gradients are float32, and near those of float64. */
export const checkFloat32: Law = lawOf((op, { inputs, params }, draw) => {
	const narrow = inputs.map((x) => (isFloat(x.dtype) ? astype(x, "float32") : x));
	const wide = inputs.map((x, i) => (isFloat(x.dtype) ? astype(narrow[i]!, "float64") : x));
	const [actual, expected] = [apply(op, narrow, params), apply(op, wide, params)];
	if (!isFloat(expected.dtype)) return;
	law(actual.dtype === "float32", op.name, `float32 arguments give ${actual.dtype}`);
	nearIn(op.name, "the value in float32", actual, expected, FLOAT32_TOLERANCE);
	const g = randomDirection(expected, draw);
	const narrowGrads = vjp(asListFunction(op, narrow, params), floats(narrow))[1]([
		astype(g, "float32"),
	]);
	const wideGrads = vjp(asListFunction(op, wide, params), floats(wide))[1]([g]);
	for (const [i, narrowGrad] of narrowGrads.entries()) {
		law(
			narrowGrad.dtype === "float32",
			op.name,
			`a float32 argument has a ${narrowGrad.dtype} gradient`,
		);
		nearIn(op.name, "the gradient in float32", narrowGrad, wideGrads[i]!, FLOAT32_TOLERANCE);
	}
});

/**
 * int32 and bool arguments give what the same numbers give in float64, in the dtype of the rule; or
 * they are refused with an error of ours.
 */
export const checkIntegers: Law = lawOf((op, { inputs, params }, draw) => {
	const dtype = draw.pick<DType>(["int32", "bool"]);
	if (floats(inputs).length === 0) return;
	const whole = inputs.map((x) => (isFloat(x.dtype) ? astype(x, dtype) : x));
	const wide = inputs.map((x, i) => (isFloat(x.dtype) ? astype(whole[i]!, "float64") : x));
	let [actual, expected]: (Tensor | null)[] = [null, null];
	try {
		actual = apply(op, whole, params);
		expected = apply(op, wide, params);
	} catch (error) {
		if (error instanceof AdjointError) return;
		throw error;
	}
	const type = op.infer(whole, params);
	law(
		actual.dtype === type.dtype,
		op.name,
		`the rule says ${type.dtype} for ${dtype}, the value is ${actual.dtype}`,
	);
	nearIn(
		op.name,
		`the value for ${dtype}`,
		actual,
		expected,
		isFloat(type.dtype) ? ADJOINT_TOLERANCE : 0,
	);
});

/** The op in print names each of its arguments. */
export const checkPrint: Law = lawOf((op, { inputs, params }) => {
	const names = inputs.map((_, i) => `x${i + 1}`);
	const text = op.print(names, params);
	for (const name of names) {
		law(text.includes(name), op.name, `"${text}" does not show the argument ${name}`);
	}
});

function identical(x: Tensor, y: Tensor): boolean {
	const [a, b] = [elements(x), elements(y)];
	return sameShape(x.shape, y.shape) && a.every((value, i) => Object.is(value, b[i]));
}

/** How far an element is moved to see what depends on it. */
const NUDGE = 2 ** -10;

/** A NaN shows in every element of a float result that another number in its place would change. */
export const checkNaN: Law = lawOf((op, { inputs, params }, draw) => {
	const candidates = [...inputs.keys()].filter(
		(i) => isFloat(inputs[i]!.dtype) && inputs[i]!.size > 0,
	);
	if (op.differential === null || candidates.length === 0) return;
	if (!isFloat(op.infer(inputs, params).dtype)) return;
	const i = draw.pick(candidates);
	const k = draw.integer(0, inputs[i]!.size - 1);
	const withElement = (change: (x: number) => number) => {
		const values = elements(inputs[i]!).slice();
		values[k] = change(values[k]!);
		const changed = new Tensor(values, inputs[i]!.dtype, inputs[i]!.shape);
		return elements(apply(op, inputs.with(i, changed), params));
	};
	const before = elements(apply(op, inputs, params));
	const after = withElement((x) => x + NUDGE);
	const shown = withElement(() => Number.NaN);
	for (let o = 0; o < shown.length; o++) {
		law(
			before[o] === after[o] || Number.isNaN(shown[o]),
			op.name,
			`element ${o} of the result depends on element ${k} of argument ${i + 1}, and with a NaN there it is ${shown[o]}`,
		);
	}
});

/**
 * Arguments without elements are arguments like any other: the type is right, and so are the linear
 * maps.
 */
export const checkEmpty: Law = (op, draw) => {
	const emptied: Draw = {
		...draw,
		shape: (options) => {
			const shape = draw.shape(options);
			return shape.length === 0
				? shape
				: shape.with(draw.integer(0, shape.length - 1), options?.minSize ?? 0);
		},
	};
	checkShapeRule(op, emptied);
	checkMaps(op, emptied);
};

/**
 * What every op obeys, by name: each takes a record and a source of arguments, and throws when the
 * law is broken.
 */
export const laws: Readonly<Record<string, Law>> = {
	"its value has the shape and dtype of its rule": checkShapeRule,
	"its differentials are linear maps with their transposes": checkMaps,
	"forward mode, reverse mode and differences agree to second order": checkDifferential,
	"it keeps its conventions where there is no derivative": checkConventions,
	"a view gives what a copy gives": checkViews,
	"float32 stays float32 and near float64": checkFloat32,
	"int32 and bool give what their numbers give in float64": checkIntegers,
	"arguments without elements are like any other": checkEmpty,
	"a NaN shows in what depends on it": checkNaN,
	"the gradient of a tensor given twice is the sum of both": checkSharing,
	"a batch gives what its examples give, and so do its derivatives": checkBatching,
	"it changes no argument and gives the same again": checkPurity,
	"its loop gives what its formula says": checkReadings,
	"its print names every argument": checkPrint,
};
