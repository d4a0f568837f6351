import * as assert from "uvu/assert";
import { records } from "../../../lib/check/records.ts";
import type { DType } from "../../../lib/dtype.ts";
import { isFloat } from "../../../lib/dtype.ts";
import { DTypeError } from "../../../lib/error.ts";
import { tensor } from "../../../lib/index.ts";
import type { Op } from "../../../lib/op.ts";
import type { Tensor } from "../../../lib/tensor.ts";
import type { Expression } from "../../../lib/wasm/elementwise/expression.ts";
import { type ElementwiseName, lowerings } from "../../../lib/wasm/elementwise/lowerings.ts";
import { refuses } from "../../near.ts";
import { suite } from "../../suite.ts";
import { ulps } from "../ulp.ts";
import { hasFailed, runLoop } from "./run-loop.ts";

const op = (name: string): Op => records.find((record) => record.name === name)!;

/** How many arguments an op prints is how many it takes. */
const arity = (name: ElementwiseName): number => {
	const drawn = op(name).print(["«0»", "«1»", "«2»"], null);
	return [0, 1, 2].filter((i) => drawn.includes(`«${i}»`)).length;
};

const special = [
	0,
	-0,
	1,
	-1,
	0.5,
	-0.5,
	1.5,
	-2.5,
	3,
	1e-3,
	-20,
	70,
	1e9,
	-1e9,
	Infinity,
	-Infinity,
	NaN,
];
const whole = [0, 1, -1, 2, 5, -7, 100, 2 ** 31 - 1, -(2 ** 31), 16777217];

/** Each value beside each. */
function grid(values: readonly number[], dtype: DType, axis: number, n: number): Tensor {
	const size = values.length;
	return tensor(
		Array.from({ length: size ** n }, (_, i) => values[Math.floor(i / size ** axis) % size]!),
		{ dtype },
	);
}

const valuesOf = (dtype: DType) => (isFloat(dtype) ? special : dtype === "int32" ? whole : [0, 1]);

/** The ops whose vector code is not the eager code: their own specs say how far they are from the truth. */
const approximated = new Set<ElementwiseName>(
	(
		"exp expm1 exp2 log log1p log2 log10 logAddExp sigmoid sigmoidSlope logSigmoid tanh tanhSlope softplus silu " +
		"gelu erf erfc sin cos"
	).split(" ") as ElementwiseName[],
);

function compare(name: ElementwiseName, dtypes: readonly DType[]): void {
	const n = dtypes.length;
	const inputs = dtypes.map((dtype, axis) => grid(valuesOf(dtype), dtype, axis, n));
	const size = Math.max(...inputs.map((x) => x.size));
	const tensors = inputs.map((x) =>
		x.take(
			tensor(
				Array.from({ length: size }, (_, i) => i % x.size),
				{ dtype: "int32" },
			),
		),
	);
	const type = op(name).infer(tensors, null);
	const args = tensors.map((_, index): Expression => ({ kind: "input", index }));
	const value: Expression = { kind: "op", name, args, dtype: type.dtype };
	const [actual] = runLoop([size], tensors, [{ dtype: type.dtype, value }]);
	const failed = hasFailed();
	const evaluate = () => op(name).evaluate(tensors, null, type).data;
	if (failed) {
		refuses(evaluate, DTypeError, "int32");
		return;
	}
	const expected = evaluate();
	// The eager gelu rounds x/√2, which tells in the exponent −½x²: at −20 by 400 times.
	const bound = name === "gelu" ? 400 : approximated.has(name) ? 4 : 0;
	for (let i = 0; i < size; i++) {
		const [a, e] = [actual![i]!, Number(expected[i])];
		const far = ulps(a, e, type.dtype === "float32" ? "float32" : "float64");
		// A float32 result too small for anything but 0 may have lost its sign.
		const sameZero = bound > 0 || a !== 0 || e !== 0 || Object.is(a, e);
		if (far <= bound && sameZero) continue;
		const at = tensors.map((x) => x.data[i]).join(", ");
		assert.unreachable(`${name}(${at}) in ${dtypes}: expected ${e}, got ${a}`);
	}
}

suite("wasm/elementwise/lowerings", (test) => {
	const names = Object.keys(lowerings) as ElementwiseName[];

	test("every elementwise op has a lowering", () => {
		const elementwise = records.filter(({ name }) => Object.hasOwn(lowerings, name));
		assert.is(elementwise.length, names.length);
	});

	for (const dtype of ["float64", "float32", "int32", "bool"] as const) {
		test(`lowered ops give what the eager ones give, with special values, in ${dtype}`, () => {
			for (const name of names) {
				const dtypes = Array.from({ length: arity(name) }, () => dtype as DType);
				if (name === "where") dtypes[0] = "bool";
				compare(name, dtypes);
			}
		});
	}

	test("dtypes meet as in the eager ops", () => {
		for (const name of names.filter((other) => arity(other) === 2)) {
			for (const [x, y] of [
				["float64", "int32"],
				["int32", "float32"],
				["bool", "float32"],
				["float64", "bool"],
				["int32", "bool"],
			] as const) {
				compare(name, [x, y]);
			}
		}
	});
});
