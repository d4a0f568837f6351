import type { DType } from "../../../../core/dtype.ts";
import type { ReducerName } from "../../../../schedule/kernel.ts";
import { Unsupported } from "../../../backend.ts";
import { integers } from "../../wgsl/integers.ts";
import type { ShaderWriter } from "../../wgsl/shader.ts";
import { affineSteps } from "./affine.ts";
import { factors } from "./factors.ts";

/**
 * How elements become one number on the device; all is text, the elements and states as well. What
 * comes first in order is merged first.
 */
export interface Combiner {
	/** The dtype of the result. */
	readonly dtype: DType;
	/** The type of what is made of some elements. */
	readonly type: "f32" | "i32" | "Factors" | "Affine";
	/** That of no elements. */
	readonly start: string;
	/** That of one element, or of the elements at one place. */
	readonly one: (m: ShaderWriter, ...x: string[]) => string;
	/** That of some elements and others. */
	readonly merge: (m: ShaderWriter, a: string, b: string) => string;
	/** The result. */
	readonly result: (m: ShaderWriter, state: string) => string;
}

const itself = (_: ShaderWriter, x?: string) => x!;

// Numbers of float32 as whole ones in the same order, in which a NaN is beyond all numbers: the
// greatest of these does not depend on the order, on what the device does with NaN, or on how zeros
// compare. They are their own inverse.
const ordered = (name: string, nan: string) => (m: ShaderWriter, x?: string) => {
	m.define(
		name,
		`fn ${name}(x: f32) -> i32 {
	let bits = bitcast<i32>(x);
	let size = bits & 0x7fffffff;
	if (size > 0x7f800000) { return ${nan}; }
	return select(bits, bits ^ 0x7fffffff, bits < 0);
}`,
	);
	return `${name}(${x})`;
};
const asNumber = (m: ShaderWriter, x: string) => {
	m.define(
		"from_order",
		"fn from_order(x: i32) -> f32 { return bitcast<f32>(select(x, x ^ 0x7fffffff, x < 0)); }",
	);
	return `from_order(${x})`;
};
const LEAST_I32 = "(-2147483647 - 1)";

const max = (_: ShaderWriter, a: string, b: string) => `max(${a}, ${b})`;
const min = (_: ShaderWriter, a: string, b: string) => `min(${a}, ${b})`;

const floats: Partial<Record<ReducerName, Combiner>> = {
	total: {
		dtype: "float32",
		type: "f32",
		start: "0f",
		one: itself,
		merge: (_, a, b) => `${a} + ${b}`,
		result: itself,
	},
	factors: {
		dtype: "float32",
		type: "Factors",
		start: "Factors(1f, 0)",
		one: (m, x) => `${factors(m, "of")}(${x})`,
		merge: (m, a, b) => `${factors(m, "merged")}(${a}, ${b})`,
		result: (m, state) => `${factors(m, "whole")}(${state})`,
	},
	greatest: {
		dtype: "float32",
		type: "i32",
		// −∞ in its place of the order, and ∞.
		start: "-2139095041",
		one: ordered("order_below_nan", "0x7fffffff"),
		merge: max,
		result: asNumber,
	},
	least: {
		dtype: "float32",
		type: "i32",
		start: "2139095040",
		one: ordered("order_above_nan", LEAST_I32),
		merge: min,
		result: asNumber,
	},
};

const whole = { type: "i32", one: itself, result: itself } as const;
const integral: Partial<Record<ReducerName, Combiner>> = {
	total: { ...whole, dtype: "int32", start: "0", merge: integers.add },
	factors: { ...whole, dtype: "int32", start: "1", merge: integers.mul },
	greatest: { ...whole, dtype: "int32", start: LEAST_I32, merge: max },
	least: { ...whole, dtype: "int32", start: "2147483647", merge: min },
};

const truths: Partial<Record<ReducerName, Combiner>> = {
	...integral,
	every: { ...whole, dtype: "bool", start: "1", merge: (_, a, b) => `${a} & ${b}` },
	some: { ...whole, dtype: "bool", start: "0", merge: (_, a, b) => `${a} | ${b}` },
};

/** The last y of steps y ← x0·y + x1. */
export const recurrence: Combiner = {
	dtype: "float32",
	type: "Affine",
	start: "Affine(Factors(1f, 0), 0f)",
	one: (m, factor, sum) => `${affineSteps(m, "step")}(${factor}, ${sum})`,
	merge: (m, a, b) => `${affineSteps(m, "merged")}(${a}, ${b})`,
	result: (_, state) => `${state}.sum`,
};

/** Powers of 2 of so many factors are whole numbers of 32 bits. */
const MOST_FACTORS = 2 ** 23;

/**
 * What combines n elements of a dtype.
 * @throws Unsupported for truth of what is none, and where there are too many factors
 */
export function combinerOf(by: ReducerName, dtype: DType, n: number): Combiner {
	const all = dtype === "float32" ? floats : dtype === "int32" ? integral : truths;
	const combiner = dtype === "float64" ? undefined : all[by];
	if (combiner?.type === "Factors" && n > MOST_FACTORS) throw new Unsupported(`${n} factors`);
	if (combiner === undefined) throw new Unsupported(`no ${by} of ${dtype} on the device`);
	return combiner;
}

/** How a state lies in words of memory: its parts, and how it is made of these. */
export const stateOf: Readonly<Record<Combiner["type"], StateParts>> = {
	f32: { parts: [{ type: "f32", field: "" }], made: ([x]) => x! },
	i32: { parts: [{ type: "i32", field: "" }], made: ([x]) => x! },
	Factors: {
		parts: [
			{ type: "f32", field: ".number" },
			{ type: "i32", field: ".power" },
		],
		made: (parts) => `Factors(${parts.join(", ")})`,
	},
	Affine: {
		parts: [
			{ type: "f32", field: ".factor.number" },
			{ type: "i32", field: ".factor.power" },
			{ type: "f32", field: ".sum" },
		],
		made: ([number, power, sum]) => `Affine(Factors(${number}, ${power}), ${sum})`,
	},
};

interface StateParts {
	readonly parts: readonly { readonly type: "f32" | "i32"; readonly field: string }[];
	readonly made: (parts: readonly string[]) => string;
}
