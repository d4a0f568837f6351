import * as kind from "./argument-kinds.ts";
import { allocate, checkElement, type DType } from "./dtype.ts";
import { DomainError, DTypeError, ShapeError } from "./error.ts";
import { broadcastNumber } from "./lift.ts";
import { checkArgument, checkNoMore, checkOptions, describe, type OptionKinds } from "./options.ts";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.ts";
import { type NestedArray, Tensor } from "./tensor.ts";
import { checkDepth } from "./tree.ts";

/**
 * What `tensor` takes: numbers or booleans, bare or in nested arrays of one shape, or a typed
 * array.
 */
export type TensorData =
	| NestedArray<number>
	| NestedArray<boolean>
	| Float64Array
	| Float32Array
	| Int32Array
	| Uint8Array
	| readonly TensorData[];

/** Options of the functions that make tensors. */
export interface CreateOptions {
	/** Left out: what the function says, mostly float64. */
	readonly dtype?: DType;
}

/** Options of `tensor`. */
export interface TensorOptions extends CreateOptions {
	/** The shape in which the elements are laid out, row-major; left out: that of the data. */
	readonly shape?: Shape;
}

// Made once, and not for every tensor.
const CREATE_OPTIONS: OptionKinds<CreateOptions> = { dtype: kind.dtype };
const TENSOR_OPTIONS: OptionKinds<TensorOptions> = { dtype: kind.dtype, shape: kind.anything };

/**
 * A tensor from numbers, booleans or nested arrays of them; the data are copied. Booleans give
 * bool, a Float32Array float32, an Int32Array int32, everything else float64 unless `dtype` says
 * otherwise.
 * @throws ShapeError when nested arrays are ragged or do not fit the given shape
 * @throws DTypeError when a value is not one of the dtype, or the data are something else
 */
export function tensor(data: TensorData, options?: TensorOptions): Tensor {
	const given = checkOptions<TensorOptions>("tensor", options, TENSOR_OPTIONS);
	const values: (number | boolean)[] = [];
	const sizes: number[] = [];
	const flat = isTypedArray(data) ? data : values;
	if (flat === values) flatten(data, 0, sizes, values);
	const shape = given.shape ?? (flat === values ? sizes : [flat.length]);
	checkShape("tensor", shape);
	if (sizeOf(shape) !== flat.length) {
		throw new ShapeError(
			`tensor: expected ${sizeOf(shape)} elements for shape ${showShape(shape)}, got ${flat.length}`,
		);
	}
	const dtype = given.dtype ?? dtypeOf(data, values);
	const storage = allocate(dtype, flat.length, "tensor");
	for (let i = 0; i < flat.length; i++) {
		const value = toNumber(flat[i]!);
		checkElement("tensor", value, dtype);
		storage[i] = value;
	}
	return new Tensor(storage, dtype, [...shape]);
}

type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

function isTypedArray(data: TensorData): data is TypedArray {
	return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

/** Collects the leaves of nested arrays, and their shape as the first leaf shows it. */
function flatten(
	data: TensorData,
	depth: number,
	sizes: number[],
	values: (number | boolean)[],
): void {
	if (typeof data === "number" || typeof data === "boolean") {
		if (sizes.length > depth) throw ragged(`a bare value ${data} stands beside arrays`);
		values.push(data);
		return;
	}
	if (!Array.isArray(data) && !isTypedArray(data)) throw noData(data);
	checkDepth("tensor", "data", depth, ShapeError);
	if (sizes.length === depth) {
		if (values.length > 0) throw ragged("an array stands beside bare values");
		sizes.push(data.length);
	}
	if (sizes[depth] !== data.length) {
		throw ragged(`arrays of ${sizes[depth]} and of ${data.length} elements stand side by side`);
	}
	for (let i = 0; i < data.length; i++) flatten(data[i]!, depth + 1, sizes, values);
}

/** Arrays of 64-bit integers hold more digits than a number does. */
function toNumber(x: number | boolean | bigint): number {
	const value = Number(x);
	if (typeof x !== "bigint" || BigInt(value) === x) return value;
	throw new DTypeError(`tensor: ${x} has more digits than a number holds`);
}

function ragged(why: string): ShapeError {
	return new ShapeError(`tensor: expected nested arrays of one shape, but ${why}`);
}

function noData(data: unknown): DTypeError {
	const got =
		data instanceof Tensor
			? "a tensor; it needs no wrapping, and stack joins several"
			: typeof data === "object" && data !== null
				? `an object (${data.constructor?.name ?? "without prototype"})`
				: `${typeof data} ${String(data)}`;
	return new DTypeError(`tensor: expected numbers or booleans, bare or in arrays, got ${got}`);
}

function dtypeOf(data: TensorData, values: readonly (number | boolean)[]): DType {
	if (data instanceof Float32Array) return "float32";
	if (data instanceof Int32Array) return "int32";
	return values.length > 0 && values.every((value) => typeof value === "boolean")
		? "bool"
		: "float64";
}

/**
 * Zeros of a shape, float64 unless `dtype` says otherwise. They take one element of storage.
 * @throws ShapeError for a size that is not a whole number of at least 0
 */
export function zeros(shape: Shape, options?: CreateOptions): Tensor {
	return filled("zeros", shape, 0, options, "float64");
}

/**
 * Ones of a shape, float64 unless `dtype` says otherwise. They take one element of storage.
 * @throws ShapeError for a size that is not a whole number of at least 0
 */
export function ones(shape: Shape, options?: CreateOptions): Tensor {
	return filled("ones", shape, 1, options, "float64");
}

/**
 * One value in a whole shape: a boolean gives bool, a number float64, unless `dtype` says
 * otherwise. It takes one element of storage.
 * @throws ShapeError for a size that is not a whole number of at least 0
 * @throws DTypeError when the value is not one of the dtype
 */
export function full(shape: Shape, value: number | boolean, options?: CreateOptions): Tensor {
	const natural = typeof value === "boolean" ? "bool" : "float64";
	return filled("full", shape, value, options, natural);
}

/**
 * Zeros in the shape and dtype of x (or the given dtype); a constant, even where x is being
 * differentiated.
 */
export function zerosLike(x: Tensor, options?: CreateOptions): Tensor {
	checkArgument("zerosLike", "", x, kind.aTensor);
	return filled("zerosLike", x.shape, 0, options, x.dtype);
}

/**
 * Ones in the shape and dtype of x (or the given dtype); a constant, even where x is being
 * differentiated.
 */
export function onesLike(x: Tensor, options?: CreateOptions): Tensor {
	checkArgument("onesLike", "", x, kind.aTensor);
	return filled("onesLike", x.shape, 1, options, x.dtype);
}

/**
 * One value in the shape and dtype of x (or the given dtype); a constant, even where x is being
 * differentiated.
 * @throws DTypeError when the value is not one of the dtype
 */
export function fullLike(x: Tensor, value: number | boolean, options?: CreateOptions): Tensor {
	checkArgument("fullLike", "", x, kind.aTensor);
	return filled("fullLike", x.shape, value, options, x.dtype);
}

function filled(
	op: string,
	shape: Shape,
	value: number | boolean,
	options: CreateOptions | undefined,
	natural: DType,
): Tensor {
	checkShape(op, shape);
	const dtype = dtypeIn(op, options) ?? natural;
	if (typeof value !== "number" && typeof value !== "boolean") {
		throw new DTypeError(`${op}: expected a number or a boolean, got ${String(value)}`);
	}
	return broadcastNumber(op, Number(value), dtype, [...shape]);
}

/** The dtype that options ask for. */
function dtypeIn(op: string, options: CreateOptions | undefined): DType | undefined {
	return checkOptions(op, options, CREATE_OPTIONS).dtype;
}

/** The numbers 0, 1, 2, … below `stop`. */
export function arange(stop: number, options?: CreateOptions): Tensor;
/**
 * The numbers start, start + step, start + 2·step, … that lie before `stop`, which is never
 * included; none where the step leads away from it. Float64 unless `dtype` says otherwise. With a
 * step that is not whole, rounding decides whether a last element that close to `stop` is there:
 * `linspace` counts instead.
 * @throws DomainError when a number is not finite, or the step is 0
 * @throws DTypeError when an element is not one of the dtype
 */
export function arange(start: number, stop: number, step?: number, options?: CreateOptions): Tensor;
/** Both of the above. */
export function arange(
	first: number,
	second?: number | CreateOptions,
	step = 1,
	options?: CreateOptions,
): Tensor {
	if (typeof second !== "number") {
		requireFinite("arange", { stop: first });
		const more = [step === 1 ? undefined : step, second === undefined ? undefined : options];
		checkNoMore("arange", more, "arange(start, stop, step, { dtype }) takes all");
		return arange(0, first, 1, second ?? options);
	}
	requireFinite("arange", { start: first, stop: second, step });
	if (step === 0) throw new DomainError("arange: expected a step other than 0");
	const size = Math.max(0, Math.ceil((second - first) / step));
	return series("arange", size, dtypeIn("arange", options), (i) => first + i * step);
}

/**
 * `count` numbers from `start` to `stop`, both included, evenly spaced; a count of 1 gives `start`.
 * Float64 unless `dtype` says otherwise.
 * @throws DomainError when a number or the distance is not finite
 * @throws ShapeError when `count` is not a whole number of at least 0
 * @throws DTypeError when an element is not one of the dtype
 */
export function linspace(start: number, stop: number, count = 50, options?: CreateOptions): Tensor {
	requireFinite("linspace", { start, stop });
	requireFinite("linspace", { "stop - start": stop - start });
	checkShape("linspace", [count]);
	const last = count - 1;
	const step = (stop - start) / last;
	const at = (i: number) => (i === 0 ? start : i === last ? stop : start + i * step);
	return series("linspace", count, dtypeIn("linspace", options), at);
}

function requireFinite(op: string, numbers: Record<string, number>): void {
	for (const [name, value] of Object.entries(numbers)) {
		if (!Number.isFinite(value)) {
			throw new DomainError(`${op}: expected a finite ${name}, got ${describe(value)}`);
		}
	}
}

/** A vector of f(0), f(1), …. */
function series(
	op: string,
	size: number,
	dtype: DType = "float64",
	f: (i: number) => number,
): Tensor {
	checkShape(op, [size]);
	const storage = allocate(dtype, size, op);
	for (let i = 0; i < size; i++) {
		const value = f(i);
		checkElement(op, value, dtype);
		storage[i] = value;
	}
	return new Tensor(storage, dtype, [size]);
}

/** The identity matrix with n rows and columns. */
export function eye(n: number, options?: CreateOptions): Tensor;
/**
 * A matrix of n rows and m columns with ones on the diagonal and zeros elsewhere. Float64 unless
 * `dtype` says otherwise.
 * @throws ShapeError when a size is not a whole number of at least 0
 */
export function eye(n: number, m: number, options?: CreateOptions): Tensor;
/** Both of the above. */
export function eye(
	n: number,
	second: number | CreateOptions = n,
	options?: CreateOptions,
): Tensor {
	checkShape("eye", [n]);
	if (typeof second !== "number") {
		checkNoMore("eye", second === undefined ? [] : [options], "eye(n, m, { dtype }) takes both");
		return eye(n, n, second ?? options);
	}
	checkShape("eye", [n, second]);
	const dtype = dtypeIn("eye", options) ?? "float64";
	const storage = allocate(dtype, n * second, "eye");
	for (let i = 0; i < Math.min(n, second); i++) storage[i * second + i] = 1;
	return new Tensor(storage, dtype, [n, second]);
}
