import * as assert from "uvu/assert";
import { vectorsFor } from "../../../../lib/backends/wasm/elementwise/functions.ts";
import { specialNumbers } from "../../../../lib/check/readings.ts";
import { records } from "../../../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../../../lib/check/sampling.ts";
import type { DType } from "../../../../lib/core/dtype.ts";
import { isFloat } from "../../../../lib/core/dtype.ts";
import { DTypeError } from "../../../../lib/core/error.ts";
import type { Op } from "../../../../lib/core/op.ts";
import type { Tensor } from "../../../../lib/core/tensor.ts";
import { tensor } from "../../../../lib/index.ts";
import {
	type DefinedFunction,
	inOrder,
	type Primitive,
	type Term,
} from "../../../../lib/scalar/scalar.ts";
import type { Expression } from "../../../../lib/schedule/expression.ts";
import { refuses } from "../../../near.ts";
import { suite } from "../../../suite.ts";
import { ulps } from "../ulp.ts";
import { hasFailed, runLoop } from "./run-loop.ts";

/** How many arguments an op takes. */
const arity = (name: string): number => op(name).sample!(drawFrom(numbersFrom(0))).inputs.length;

const op = (name: string): Op => records.find((record) => record.name === name)!;

const special = [...specialNumbers, 0.5, -0.5, 1.5, -2.5, 3, 1e-3, 70];
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

/**
 * What is computed by code of its own, and what is rounded at each step in float32: how far from
 * the eager value, in ulps.
 */
function boundOf(name: string, dtype: DType): number {
	// The eager gelu rounds x/√2, which tells in the exponent −½x²: at −20 by 400 times.
	if (name === "gelu") return 400;
	const own = inOrder(op(name).formula!());
	const parts = own.flatMap(withFormula);
	const isApproximated = parts.some((part) => {
		if (part.kind !== "call" || ["round", "sign"].includes(part.of.name)) return false;
		const vectors = vectorsFor(part.of);
		return vectors !== null && !(vectors.imports && vectors.wide);
	});
	if (isApproximated && parts.length === own.length) return 4;
	const steps = parts.filter((part) => part.kind === "apply" && ROUNDING.has(part.of.name));
	// In a formula of many steps each of them passes on what those before it are off.
	if (isApproximated) return dtype === "float32" ? steps.length : 40;
	return dtype === "float32" ? Math.max(0, steps.length - 1) : 0;
}

/** A part of a formula, with those of the function that it calls if that is read from its own. */
function withFormula(part: Term): Term[] {
	const isRead = part.kind === "call" && "term" in part.of && vectorsFor(part.of) === null;
	if (!isRead || part.of.name === "floorMod") return [part];
	return [part, ...inOrder((part.of as DefinedFunction).term()).flatMap(withFormula)];
}

const ROUNDING = new Set<Primitive["name"]>(["add", "sub", "mul", "div", "sqrt"]);

function compare(name: string, dtypes: readonly DType[]): void {
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
	const value: Expression = { kind: "formula", term: op(name).formula!(), args, dtype: type.dtype };
	const [actual] = runLoop([size], tensors, [{ dtype: type.dtype, value }]);
	const failed = hasFailed();
	const evaluate = () => op(name).evaluate(tensors, null, type).data;
	if (failed) {
		refuses(evaluate, DTypeError, "int32");
		return;
	}
	const expected = evaluate();
	const bound = boundOf(name, type.dtype);
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

suite("wasm/elementwise/lowering", (test) => {
	const names = records.filter((record) => record.formula !== undefined).map(({ name }) => name);

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
