import type { DType } from "../../dtype.ts";
import type { Local } from "../function.ts";
import { eachLane, type ScalarFunction } from "../math/calls.ts";
import { type Code, type Floats, type Vector, withConstants } from "../math/floats.ts";
import { v128 } from "../simd.ts";
import {
	cast,
	exactInteger,
	isMask,
	lanesOf,
	madeOf,
	toInteger,
	toMask,
	type Value,
} from "./value.ts";

/** How an elementwise op becomes instructions on vectors, with the results of its scalar function. */
export interface Lowering {
	/** Code for the op on these values, with a result of this dtype; `scalar` is the op's own function, where `calls` says so. */
	readonly emit: (
		code: Code,
		args: readonly Value[],
		dtype: DType,
		scalar: ScalarFunction | undefined,
	) => Value;
	/** The op's scalar function, which the module has to import. */
	readonly calls?: (...values: number[]) => number;
}

type FloatCode = (
	code: Code,
	floats: Floats,
	args: [Local<"v128">, Local<"v128">, Local<"v128">],
	scalar: ScalarFunction,
) => Vector;
type IntegerCode = (args: [Local<"v128">, Local<"v128">, Local<"v128">]) => Vector;

/** The floats in which values meet: float32 unless one is float64 or an int32, which float32 does not hold. */
function meeting(values: readonly Value[]): "float32" | "float64" {
	const wide = values.some(({ kind }) => kind === "float64" || kind === "int32");
	return wide ? "float64" : "float32";
}

/** The same code for each vector that the arguments are made of. */
function eachPart(
	code: Code,
	kind: "float32" | "float64",
	args: readonly Value[],
	emit: (args: [Local<"v128">, Local<"v128">, Local<"v128">], floats: Floats) => Vector,
): Vector[] {
	const floats = args.map((arg) => cast(code, arg, kind));
	const lanes = withConstants(code, lanesOf(kind));
	return floats[0]!.parts.map((_, part) => {
		const operands = floats.map(({ parts }) => parts[part]!);
		return emit(operands as Parameters<typeof emit>[0], lanes);
	});
}

/** What `arithmetic` takes besides the code for floats. */
export interface ArithmeticOptions {
	/** How int32 is computed where nothing can overflow; left out: in float64, which tells. */
	readonly integers?: IntegerCode;
	/** Compute float32 in float64: a sum inside would lose what float32 cannot hold. */
	readonly wide?: boolean;
	readonly calls?: Lowering["calls"];
}

/** Numbers in, a number out. */
export function arithmetic(
	floats: FloatCode,
	{ integers, wide = false, calls }: ArithmeticOptions = {},
): Lowering {
	return {
		...(calls === undefined ? {} : { calls }),
		emit: (code, args, dtype, scalar) => {
			if (dtype === "int32" && integers !== undefined) {
				const operands = args.map((arg) => toInteger(code, arg).parts[0]!);
				return madeOf(code, "int32", [integers(operands as Parameters<IntegerCode>[0])]);
			}
			const doubles = wide || dtype === "float64" || dtype === "int32";
			const kind = doubles ? "float64" : meeting(args);
			const parts = eachPart(code, kind, args, (operands, lanes) =>
				floats(code, lanes, operands, scalar!),
			);
			const value = madeOf(code, kind, parts);
			return dtype === "int32" ? exactInteger(code, value) : cast(code, value, dtype);
		},
	};
}

/** The op's own scalar function, called for each number in turn. */
export function called(scalar: (...values: number[]) => number): Lowering {
	return arithmetic(eachLane, { wide: true, calls: scalar });
}

/** Numbers in, truth out. */
export function comparing(compare: (floats: Floats, x: Vector, y: Vector) => Vector): Lowering {
	return {
		emit: (code, args) => {
			const kind = meeting(args);
			const parts = eachPart(code, kind, args, ([x, y], floats) => compare(floats, x, y));
			return madeOf(code, kind === "float64" ? "mask64" : "mask32", parts);
		},
	};
}

/** Truth in, truth out. */
export function logical(combine: (x: Vector, y: Vector) => Vector): Lowering {
	return {
		emit: (code, args) => {
			const masks = args.map((arg) => toMask(code, arg, 32).parts[0]!);
			return madeOf(code, "mask32", [combine(masks[0]!, masks[1]!)]);
		},
	};
}

/** The second argument where the first is true, else the third. */
export const choosing: Lowering = {
	emit: (code, [condition, x, y], dtype) => {
		const [a, b] = [cast(code, x!, dtype), cast(code, y!, dtype)];
		if (isMask(a)) {
			const [test, first, second] = [condition!, a, b].map((v) => toMask(code, v, 32).parts[0]!);
			return madeOf(code, "mask32", [v128.bitselect(first!, second!, test!)]);
		}
		const mask = toMask(code, condition!, a.parts.length === 2 ? 64 : 32);
		return madeOf(
			code,
			a.kind,
			a.parts.map((part, i) => v128.bitselect(part, b.parts[i]!, mask.parts[i]!)),
		);
	},
};

/** The first argument where the second is true, else 0, without a product where the second is truth itself. */
export function keeping(product: FloatCode): Lowering {
	const general = arithmetic(product);
	return {
		emit: (code, args, dtype, scalar) => {
			const [x, mask] = args;
			if (!isMask(mask!)) return general.emit(code, args, dtype, scalar);
			const kept = cast(code, x!, dtype);
			const bits = toMask(code, mask!, kept.parts.length === 2 ? 64 : 32);
			return madeOf(
				code,
				kept.kind,
				kept.parts.map((part, i) => v128.and(part, bits.parts[i]!)),
			);
		},
	};
}
