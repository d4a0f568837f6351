import { ARRAYS, BYTES, type DType, type TypedArray } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { rowMajorStrides, type Shape, sizeOf } from "../core/shape.ts";
import { storedOnce } from "../core/stored-once.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Instruction, Program, Value } from "../program/program.ts";
import { isWhole, type View } from "./view.ts";

/** A stretch of the arena that holds elements of one dtype. */
export interface Buffer {
	readonly dtype: DType;
	/** How many elements. */
	readonly size: number;
	/**
	 * What it is for: an argument, a result, a constant's elements, or what is only needed on the
	 * way.
	 */
	readonly use:
		| { readonly kind: "input" | "output"; readonly index: number }
		| { readonly kind: "constant"; readonly tensor: Tensor }
		| { readonly kind: "scratch" };
}

/** The bytes of a buffer. */
export function bytesOf({ dtype, size }: Buffer): number {
	return size * BYTES[dtype];
}

/**
 * The elements of a buffer that begins so many bytes from the start of some memory; one without
 * elements may begin anywhere, and lies nowhere.
 */
export function arrayOn(memory: ArrayBuffer, { dtype, size }: Buffer, address: number): TypedArray {
	return size === 0 ? new ARRAYS[dtype](0) : new ARRAYS[dtype](memory, address, size);
}

/**
 * A value's elements in a buffer: (i, j, …) is element offset + i·strides[0] + j·strides[1] + … of
 * it.
 */
export interface BufferView {
	readonly buffer: Buffer;
	readonly shape: Shape;
	readonly strides: readonly number[];
	readonly offset: number;
}

/** The buffers of a schedule, made as they are asked for. */
export class Buffers {
	readonly inputs: readonly Buffer[];
	readonly outputs: Buffer[] = [];
	readonly constants: Buffer[] = [];
	readonly #known = new Map<Value, Buffer>();
	/**
	 * The values that are results, be it in another shape: they are computed right where the result
	 * is wanted.
	 */
	readonly #resulting: ReadonlySet<Value>;

	/** @param dtypes those in which results are stored, where it is not their own */
	constructor(
		{ inputs, outputs }: Program,
		viewOf: (value: Value) => View,
		dtypes?: readonly DType[],
	) {
		this.inputs = inputs.map((input, index) => {
			const buffer = bufferFor(input, { kind: "input", index });
			this.#known.set(input, buffer);
			return buffer;
		});
		const asTheyAre = outputs.filter(
			({ type }, i) => dtypes === undefined || type.dtype === dtypes[i],
		);
		const views = asTheyAre.map(viewOf);
		this.#resulting = new Set(views.filter(isWhole).map(({ base }) => base));
	}

	/** The buffer of a value, if it has one by now. */
	of(value: Value): Buffer | undefined {
		return this.#known.get(value);
	}

	/** Where the elements that a view shows are found. */
	view({ base, shape, strides, offset }: View): BufferView {
		const buffer = this.#known.get(base) ?? this.#constant(base);
		return { buffer, shape, strides, offset };
	}

	/** A buffer for what an instruction computes. */
	store(step: Instruction): BufferView {
		const source = this.add(step.type, this.#resulting.has(step) ? "output" : "scratch");
		this.#known.set(step, source.buffer);
		return source;
	}

	/** A buffer for something else. */
	add({ shape, dtype }: TensorType, kind: "output" | "scratch"): BufferView {
		const use = kind === "output" ? { kind, index: this.outputs.length } : { kind };
		const buffer: Buffer = { dtype, size: sizeOf(shape), use };
		if (kind === "output") this.outputs.push(buffer);
		return { buffer, shape, strides: rowMajorStrides(shape), offset: 0 };
	}

	#constant(value: Value): Buffer {
		if (value.kind !== "constant")
			throw new Error("compile: a value is read before it is computed");
		const stored = storedOnce(value.tensor);
		const buffer = bufferFor(value, { kind: "constant", tensor: stored }, stored.size);
		this.constants.push(buffer);
		this.#known.set(value, buffer);
		return buffer;
	}
}

function bufferFor({ type }: Value, use: Buffer["use"], size = sizeOf(type.shape)): Buffer {
	return { dtype: type.dtype, size, use };
}
