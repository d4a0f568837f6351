import { allocate, type TypedArray } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { rowMajorStrides, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { place } from "../kernels/place.ts";
import { concat } from "../ops/joining.ts";

/**
 * Rows of one type that come in blocks and are joined along a first axis. Those that nothing
 * records are put into the result as they come, so that no more of them is kept than the result.
 */
export class JacobianRows {
	readonly #type: TensorType;
	readonly #shape: Shape;
	readonly #strides: readonly number[];
	readonly #blocks: Tensor[] = [];
	#whole: TypedArray | null = null;
	#count = 0;

	/** @param count how many rows there will be, each of this type */
	constructor(count: number, type: TensorType) {
		this.#type = type;
		this.#shape = [count, ...type.shape];
		this.#strides = rowMajorStrides(this.#shape);
	}

	/** Adds a block of the next rows. */
	add(block: Tensor): void {
		const offset = this.#count * this.#strides[0]!;
		this.#count += block.shape[0]!;
		// One block that has all rows is the result itself.
		const isAll = this.#blocks.length === 0 && this.#count === this.#shape[0];
		this.#blocks.push(block.node === null && !isAll ? this.#put(block, offset) : block);
	}

	/** All rows. */
	joined(): Tensor {
		if (this.#blocks.length === 1) return this.#blocks[0]!;
		const recorded = this.#blocks.some(({ node }) => node !== null);
		return recorded
			? concat(this.#blocks)
			: new Tensor(this.#zeros(), this.#type.dtype, this.#shape);
	}

	#zeros(): TypedArray {
		this.#whole ??= allocate(this.#type.dtype, this.#strides[0]! * this.#shape[0]!, "jacobian");
		return this.#whole;
	}

	/** The block, where it lies in the result. */
	#put(block: Tensor, offset: number): Tensor {
		const whole = this.#zeros();
		const strides = this.#strides;
		place(block, whole, { strides, offset });
		return new Tensor(whole, block.dtype, block.shape, strides, offset);
	}
}
