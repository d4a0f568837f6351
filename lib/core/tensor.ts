import type { DType, TypedArray } from "./dtype.ts";
import { DeviceError, ShapeError } from "./error.ts";
import { formatElements } from "./format.ts";
import { rowMajorStrides, type Shape, showShape, sizeOf } from "./shape.ts";
import type { Storage } from "./storage.ts";
import { elementsFor } from "./strided.ts";
import type { Node } from "./tape.ts";

/** Numbers in nested arrays, as `toArray` gives them and `tensor` takes them. */
export type NestedArray<T> = T | NestedArray<T>[];

/** An empty tensor may say that it has any number of parts without elements; so many are made. */
export const MOST_EMPTY = 2 ** 24;

/** What an op takes where it takes a tensor: a plain number takes the other tensor's dtype. */
export type TensorLike = Tensor | number | boolean;

/**
 * An immutable n-dimensional array. Views (a transpose, a slice, a broadcast) share storage through
 * strides.
 *
 * Every op is a function, `dot(x, w)`, and, unless everything comes from `adjoint/functions`, a
 * method, `x.dot(w)`. Inside a transform such as `grad` a tensor that depends on the differentiated
 * input also remembers the op that made it; nothing has to be disposed of.
 */
export class Tensor {
	/** The size along each axis. */
	readonly shape: Shape;
	/** The element type. */
	readonly dtype: DType;
	/** The number of elements. */
	readonly size: number;
	/** @internal Where the elements are: shared and never written to after construction. */
	readonly storage: TypedArray | Storage;
	/** @internal In elements; 0 along a broadcast axis. */
	readonly strides: readonly number[];
	/** @internal Where the first element lies in `storage`. */
	readonly offset: number;
	/** @internal How it came about, while it depends on an input that is being differentiated. */
	readonly node: Node | null;

	/** @internal Use `tensor`, `zeros`, `arange`, …. */
	constructor(
		storage: TypedArray | Storage,
		dtype: DType,
		shape: Shape,
		strides: readonly number[] = rowMajorStrides(shape),
		offset = 0,
		node: Node | null = null,
	) {
		this.shape = shape;
		this.dtype = dtype;
		this.size = sizeOf(shape);
		this.storage = storage;
		this.strides = strides;
		this.offset = offset;
		this.node = node;
	}

	/** The number of axes; 0 for a scalar. */
	get rank(): number {
		return this.shape.length;
	}

	/**
	 * @internal What `offset` and `strides` point into. Asked once for an op, not for an element.
	 * @throws DeviceError while the elements have to be waited for
	 */
	get array(): TypedArray {
		const { storage } = this;
		return ArrayBuffer.isView(storage) ? storage : hostArray(storage, this);
	}

	/** The elements in row-major order, in a fresh typed array (bool as 0 and 1). */
	get data(): TypedArray {
		return elementsFor("data", this).slice();
	}

	/**
	 * The same as `data`, for elements that have to be waited for, such as those in the memory of a
	 * device; `data`, `item`, `toArray` and ops have them from then on, too.
	 */
	async read(): Promise<TypedArray> {
		const { storage } = this;
		if (!ArrayBuffer.isView(storage)) await storage.read();
		return this.data;
	}

	/**
	 * The value of a tensor with one element, as a number (a bool as 0 or 1).
	 * @throws ShapeError when there is not exactly one element.
	 */
	item(): number {
		if (this.size !== 1) {
			throw new ShapeError(
				`item: expected exactly one element, got shape ${showShape(this.shape)}; use toArray() or data`,
			);
		}
		return this.array[this.offset]!;
	}

	/**
	 * The elements in nested arrays, as deep as the rank; a scalar gives the bare value.
	 * @throws ShapeError when an empty tensor would give millions of empty arrays.
	 */
	toArray(): NestedArray<number> | NestedArray<boolean> {
		if (sizeOf(this.shape.slice(0, Math.max(0, this.shape.indexOf(0)))) > MOST_EMPTY) {
			throw new ShapeError(
				`toArray: expected an empty tensor of at most ${MOST_EMPTY} arrays, got shape ${showShape(this.shape)}`,
			);
		}
		const values = elementsFor("toArray", this);
		const nest = (axis: number, start: number): NestedArray<number | boolean> => {
			if (axis === this.rank) {
				return this.dtype === "bool" ? values[start] === 1 : values[start]!;
			}
			const size = this.shape[axis]!;
			return Array.from({ length: size }, (_, i) => nest(axis + 1, start * size + i));
		};
		return nest(0, 0) as NestedArray<number> | NestedArray<boolean>;
	}

	/** The elements as NumPy prints them; long axes are shortened. */
	toString(): string {
		return formatElements(this);
	}

	/**
	 * What a tensor is in JavaScript's own arithmetic: a text where one is wanted, or may be, as in
	 * `"loss " + x`; and where only a number will do, as in `2 * x`, `x < 3` and `Math.max(x)`, the
	 * value of its one element, all digits of it.
	 * @throws ShapeError for a number when there is not exactly one element.
	 */
	[Symbol.toPrimitive](hint: string): string | number {
		if (hint !== "number") return this.toString();
		if (this.size === 1) return this.item();
		throw new ShapeError(
			`Number: expected exactly one element, got shape ${showShape(this.shape)}; JavaScript's own ` +
				"arithmetic knows numbers only: x.data has them, and add(x, y) and its kin take tensors",
		);
	}

	/** What `console.log` shows in Node: shape, dtype and elements. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return describe(this);
	}

	/** How fast-check shows a counterexample. */
	[Symbol.for("fast-check/toStringMethod")](): string {
		return describe(this);
	}
}

/** Apart from `array`, which is short so that engines inline it. */
function hostArray(storage: Storage, { dtype, shape }: Tensor): TypedArray {
	const array = storage.host();
	if (array !== null) return array;
	throw new DeviceError(
		`the elements of a tensor, ${dtype} ${showShape(shape)}, are not here yet; wait for them with await x.read()`,
	);
}

function describe(x: Tensor): string {
	const elements = x.toString();
	const below = elements.includes("\n");
	const indented = below ? `\n  ${elements.replaceAll("\n", "\n  ")}` : ` ${elements}`;
	return `Tensor ${showShape(x.shape)} ${x.dtype}${indented}`;
}
