import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { literal } from "../notation/call.ts";
import { evaluator } from "../scalar/numbers.ts";
import { type Law, law } from "./law.ts";

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
 * The loop of an op's formula gives, bit for bit, what its primitives give one after the other:
 * also outside of its domain, at the ends of the range and beside NaN.
 */
export const checkReadings: Law = (op, draw) => {
	if (op.formula === undefined || op.sample === undefined) return;
	const term = op.formula();
	const { length } = op.sample(draw).inputs;
	const given = Array.from({ length: length - 1 }, () => draw.pick(specialNumbers));
	const columns = [...given.map((x) => specialNumbers.map(() => x)), specialNumbers];
	const inputs = columns.map((x) => new Tensor(Float64Array.from(x), "float64", [x.length]));
	const loop = elements(op.evaluate(inputs, null, op.infer(inputs, null)));
	const read = evaluator(term);
	for (const [i, last] of specialNumbers.entries()) {
		const values = [...given, last];
		const expected = read(...values);
		law(
			Object.is(loop[i], expected),
			op.name,
			`at (${values.map(literal).join(", ")}) its loop gives ${literal(loop[i])}, and its formula ${literal(expected)}`,
		);
	}
};
