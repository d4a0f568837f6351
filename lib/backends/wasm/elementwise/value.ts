import type { Local } from "../../../asm/function.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "../../../asm/simd.ts";
import type { DType } from "../../../core/dtype.ts";
import { fail } from "../math/failure.ts";
import { type Code, double, type Floats, single, type Vector } from "../math/floats.ts";

/** How many elements a loop takes at a time: four, whatever their dtype. */
export const LANES = 4;

/**
 * Four elements in vectors: float32 and int32 in one, float64 in two. Truth is a mask of ones and
 * zeros in lanes of 32 bits, one vector, or of 64 bits, two.
 */
export interface VectorValue {
	readonly kind: "float32" | "float64" | "int32" | "mask32" | "mask64";
	readonly parts: readonly Local<"v128">[];
}

/** A value of vectors that are computed once. */
export function madeOf(
	code: Code,
	kind: VectorValue["kind"],
	parts: readonly Vector[],
): VectorValue {
	return { kind, parts: parts.map((part) => code.let(part)) };
}

/** The same number four times. */
export function constantValue(code: Code, value: number, dtype: DType): VectorValue {
	if (dtype === "float64") {
		const part = code.constant(f64x2.const(value));
		return { kind: "float64", parts: [part, part] };
	}
	if (dtype === "float32") {
		return { kind: "float32", parts: [code.constant(f32x4.const(value))] };
	}
	if (dtype === "int32") return madeOf(code, "int32", [i32x4.const(value)]);
	return madeOf(code, "mask32", [i32x4.const(value === 0 ? 0 : -1)]);
}

/** Whether this is truth and not a number. */
export function isMask({ kind }: VectorValue): boolean {
	return kind === "mask32" || kind === "mask64";
}

const upperHalf = (x: Vector) => i32x4.shuffle(x, x, [2, 3, 2, 3]);

/** As float64; exact. */
export function toDouble(code: Code, value: VectorValue): VectorValue {
	if (value.kind === "float64") return value;
	if (isMask(value)) {
		const { parts } = toMask(code, value, 64);
		return madeOf(
			code,
			"float64",
			parts.map((part) => v128.and(part, f64x2.const(1))),
		);
	}
	const [x] = value.parts;
	const convert = value.kind === "float32" ? f64x2.promote : f64x2.convertI32x4;
	return madeOf(code, "float64", [convert(x!), convert(upperHalf(x!))]);
}

/** As float32, rounded. */
function toSingle(code: Code, value: VectorValue): VectorValue {
	if (value.kind === "float32") return value;
	const [x, y] = value.parts;
	if (value.kind === "float64") {
		const joined = i64x2.shuffle(f32x4.demote(x!), f32x4.demote(y!), [0, 2]);
		return madeOf(code, "float32", [joined]);
	}
	if (value.kind === "int32") return madeOf(code, "float32", [f32x4.convertI32x4(x!)]);
	const [mask] = toMask(code, value, 32).parts;
	return madeOf(code, "float32", [v128.and(mask!, f32x4.const(1))]);
}

/**
 * Truth as 0 or 1, an int32 as it is; floats without their fraction, and where that does not fit
 * the code fails.
 */
function toInteger(code: Code, value: VectorValue): VectorValue {
	if (value.kind === "int32") return value;
	if (!isMask(value)) {
		const { parts } = toDouble(code, value);
		return exactInteger(code, madeOf(code, "float64", parts.map(f64x2.trunc)));
	}
	const [mask] = toMask(code, value, 32).parts;
	return madeOf(code, "int32", [v128.and(mask!, i32x4.const(1))]);
}

/** Float64 as int32; the code fails where one is not. */
export function exactInteger(code: Code, { parts }: VectorValue): VectorValue {
	const [x, y] = parts.map((part) => code.let(i32x4.truncF64x2(part)));
	const differs = [x!, y!].map((whole, i) => f64x2.ne(f64x2.convertI32x4(whole), parts[i]!));
	code.if(v128.anyTrue(v128.or(differs[0]!, differs[1]!)), () => fail(code));
	return madeOf(code, "int32", [i64x2.shuffle(x!, y!, [0, 2])]);
}

/** Truth in lanes of this width; a number is true where it is not 0, so NaN is. */
export function toMask(code: Code, value: VectorValue, width: 32 | 64): VectorValue {
	const { kind, parts } = truth(code, value);
	const [x, y] = parts;
	if (kind === `mask${width}`) return { kind, parts };
	return width === 64
		? madeOf(code, "mask64", [i64x2.extendLow(x!), i64x2.extendHigh(x!)])
		: madeOf(code, "mask32", [i32x4.shuffle(x!, y!, [0, 2, 4, 6])]);
}

function truth(code: Code, value: VectorValue): VectorValue {
	const differsFrom0 = (ne: (x: Vector, y: number) => Vector) =>
		value.parts.map((part) => ne(part, 0));
	if (value.kind === "float64") return madeOf(code, "mask64", differsFrom0(f64x2.ne));
	if (value.kind === "float32") return madeOf(code, "mask32", differsFrom0(f32x4.ne));
	if (value.kind === "int32") return madeOf(code, "mask32", differsFrom0(i32x4.ne));
	return value;
}

/** A value in another dtype, as `astype` has it. */
export function cast(code: Code, value: VectorValue, dtype: DType): VectorValue {
	switch (dtype) {
		case "float64":
			return toDouble(code, value);
		case "float32":
			return toSingle(code, value);
		case "int32":
			return toInteger(code, value);
		case "bool":
			return truth(code, value);
	}
}

/** The lanes of a kind of floats. */
export function lanesOf(kind: "float32" | "float64"): Floats {
	return kind === "float32" ? single : double;
}
