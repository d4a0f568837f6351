import { type Draw, evaluate, type Op } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { scanKernel, sharedLine } from "../kernels/scan.ts";
import { forEachSlice } from "../kernels/slices.ts";
import { mapSlices } from "../kinds/normalization.ts";
import { sharedKernel } from "../kinds/slice-kernel.ts";
import { literal } from "../notation/call.ts";
import { termEvaluator } from "../scalar/numbers.ts";
import { sliceSize } from "../structure/reduction.ts";
import { type Law, law, lawOfSample } from "./law.ts";

const { POSITIVE_INFINITY, NaN: NOT_A_NUMBER, MIN_VALUE, MAX_VALUE } = Number;

/** Where formulas have edges, and what floats have beside ordinary numbers. */
export const specialNumbers: readonly number[] = [
	...[
		0,
		MIN_VALUE,
		1e-310,
		1e-200,
		0.5,
		1,
		2,
		20,
		1e9,
		1e200,
		MAX_VALUE,
		POSITIVE_INFINITY,
	].flatMap((x) => [x, -x]),
	NOT_A_NUMBER,
];

/**
 * The loop of an op's formula gives, bit for bit, what its primitives and reducers give one after
 * the other: also outside of its domain, at the ends of the range and beside NaN.
 */
export const checkReadings: Law = (op, draw) => {
	if (op.sample === undefined) return;
	const { inputs, params } = op.sample(draw);
	if (op.formula !== undefined) checkFormula(op, inputs.length, draw);
	else if (op.slices !== undefined || op.scan !== undefined) {
		const special = inputs.map((x) => {
			const values = Float64Array.from(elements(x), () => draw.pick(specialNumbers));
			return new Tensor(values, "float64", x.shape);
		});
		lawOfSample(op, { inputs: special, params }, () => checkAlong(op, special, params));
	}
};

function checkFormula(op: Op, arity: number, draw: Draw): void {
	const term = op.formula!();
	const given = Array.from({ length: arity - 1 }, () => draw.pick(specialNumbers));
	const columns = [...given.map((x) => specialNumbers.map(() => x)), specialNumbers];
	const inputs = columns.map((x) => new Tensor(Float64Array.from(x), "float64", [x.length]));
	const loop = elements(op.evaluate(inputs, null, op.infer(inputs, null)));
	const read = termEvaluator(term);
	for (const [i, last] of specialNumbers.entries()) {
		const values = [...given, last];
		const expected = read(...values);
		law(
			Object.is(loop[i], expected),
			op.name,
			`at (${values.map(literal).join(", ")}) its loop gives ${literal(loop[i])}, and its formula ${literal(expected)}`,
		);
	}
}

function checkAlong(op: Op, inputs: readonly Tensor[], params: unknown): void {
	const type = op.infer(inputs, params);
	const loop = elements(evaluate(op, inputs, params, type));
	const read = elements(evaluate({ ...op, evaluate: reading(op) }, inputs, params, type));
	for (const [i, expected] of read.entries()) {
		law(
			Object.is(loop[i], expected),
			op.name,
			`element ${i} of what its loop gives is ${literal(loop[i])}, and its formula says ${literal(expected)}`,
		);
	}
}

/** The evaluation of an op of slices or lines without generated code. */
function reading({ name, slices, scan }: Op): Op["evaluate"] {
	if (scan !== undefined) return scanKernel(name, scan, sharedLine);
	const form = slices!.form();
	const kernels = { slice: sharedKernel(form), columns: null };
	return (inputs, params, type) => {
		const [x, ...others] = inputs;
		const shapes = inputs.map(({ shape }) => shape);
		const axes = slices!.axes(shapes, params);
		const numbers = slices!.numbers?.(params) ?? [];
		const values = others.map(elements);
		const given = (index: number) => [...numbers, ...values.map((each) => each[index]!)];
		if (form.perElement) return mapSlices(kernels, x!, axes, type, given);
		const out = new Float64Array(sizeOf(type.shape));
		const n = sliceSize(x!.shape, axes);
		forEachSlice(x!, axes, (from, start, index) => {
			out[index] = kernels.slice(from, start, n, given(index), out, index);
		});
		return new Tensor(out, "float64", type.shape);
	};
}
