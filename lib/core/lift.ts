import { allocate, checkElement, commonDType, type DType } from "./dtype.ts";
import { DTypeError } from "./error.ts";
import type { OpFunction } from "./op.ts";
import { describe, fromAnotherCopy } from "./options.ts";
import type { Shape } from "./shape.ts";
import { Tensor, type TensorLike } from "./tensor.ts";

/** How an elementwise op treats dtypes. */
export interface DTypeRule {
	/** What a plain number becomes beside tensors of this dtype. */
	readonly lift: (common: DType) => DType;
	/** The dtype of the result. */
	readonly result: (common: DType) => DType;
}

/** Numbers in, the same kind of number out; bools count as int32. */
export const arithmetic: DTypeRule = {
	lift: (common) => (common === "bool" ? "int32" : common),
	result: (common) => (common === "bool" ? "int32" : common),
};

/** Real-valued: int32 and bool give float64. */
export const floating: DTypeRule = {
	lift: (common) => (common === "float32" ? "float32" : "float64"),
	result: (common) => (common === "float32" ? "float32" : "float64"),
};

/** Bool out, whatever comes in; a number is compared as a real number. */
export const comparison: DTypeRule = {
	lift: (common) => floating.lift(common),
	result: () => "bool",
};

/** A plain number as a tensor of this shape; it takes one element of storage. */
export function broadcastNumber(op: string, value: number, dtype: DType, shape: Shape): Tensor {
	checkElement(op, value, dtype);
	const storage = allocate(dtype, 1);
	storage[0] = value;
	return new Tensor(
		storage,
		dtype,
		shape,
		shape.map(() => 0),
	);
}

/** Numbers as a float64 vector. */
export function vector(values: readonly number[]): Tensor {
	return new Tensor(Float64Array.from(values), "float64", [values.length]);
}

/** A number as a float64 scalar (a boolean as a bool), a tensor as it is. */
export function asTensor(op: string, x: TensorLike): Tensor {
	if (x instanceof Tensor) return x;
	if (typeof x === "number") return broadcastNumber(op, x, "float64", []);
	if (typeof x === "boolean") return broadcastNumber(op, Number(x), "bool", []);
	throw new DTypeError(
		`${op}: expected a tensor or a number, got ${fromAnotherCopy(x) ?? describe(x)}; wrap arrays in tensor(…)`,
	);
}

/** The dtype in which the tensors among the arguments meet; float64 when all are numbers. */
export function commonArgumentDType(op: string, args: readonly TensorLike[]): DType {
	let common: DType | null = null;
	for (let i = 0; i < args.length; i++) {
		const x = args[i];
		if (!(x instanceof Tensor)) continue;
		common = common === null ? x.dtype : commonDType(op, common, x.dtype);
	}
	if (common !== null) return common;
	return args.every((x) => typeof x === "boolean") ? "bool" : "float64";
}

/** The type of a public function of one tensor. */
export type Unary<Name extends string> = OpFunction<Name, (x: TensorLike) => Tensor>;
/** The type of a public function of two tensors that broadcast. */
export type Binary<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, y: TensorLike) => Tensor
>;
/** The type of a public function of three tensors that broadcast. */
export type Ternary<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, y: TensorLike, z: TensorLike) => Tensor
>;
