import type { Storage } from "../../core/dtype.ts";
import type { TensorType } from "../../core/op.ts";
import { rowMajorStrides, sizeOf } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";

type Run = (args: readonly Tensor[]) => readonly Tensor[];

/**
 * A call of a program. It can be made again, with the same results: a program has no side effects
 * and tensors never change.
 */
export class Call {
	readonly args: readonly Tensor[];
	/** How many calls are remembered, one through the arguments of the next, up to this one. */
	readonly depth: number;
	/** The bytes of arguments that these calls keep. */
	readonly bytes: number;
	/** The results that were handed out without their values. */
	readonly results: (LazyResult | null)[] = [];
	readonly #run: Run;

	/** @param bytes those of the arguments that were new to the arena */
	constructor(run: Run, args: readonly Tensor[], bytes: number) {
		const before = args.flatMap((x) => callOf(x) ?? []);
		this.#run = run;
		this.args = args;
		this.depth = 1 + Math.max(0, ...before.map(({ depth }) => depth));
		this.bytes = bytes + Math.max(0, ...before.map((call) => call.bytes));
	}

	/** Makes the call again and gives its results their values. */
	repeat(): void {
		const again = this.#run(this.args);
		for (const [i, result] of this.results.entries()) result?.give(again[i]!.storage);
	}
}

/** The values of a tensor that was handed out while they were still in the arena. */
export class LazyResult {
	/** How they come about; null once they are here. */
	call: Call | null;
	readonly #copy: () => Storage | null;
	#values: Storage | null = null;

	/** @param copy gives a copy of the values, or null once they have been overwritten */
	constructor(call: Call, copy: () => Storage | null) {
		this.call = call;
		this.#copy = copy;
	}

	/** Keeps these values, unless some are here already. */
	give(values: Storage): void {
		this.#values ??= values;
		this.call = null;
	}

	/**
	 * The values: copied out when they are first asked for, or computed again where they have been
	 * overwritten.
	 */
	values(): Storage {
		if (this.#values === null) {
			const copied = this.#copy();
			if (copied === null) this.call!.repeat();
			else this.give(copied);
		}
		return this.#values!;
	}
}

/** A tensor that has its values when somebody reads them. */
interface Unread extends Tensor {
	readonly result: LazyResult;
}

/**
 * What such tensors have in common: they find their values when they are asked for them, and keep
 * them.
 */
const UNREAD: Tensor = Object.create(Tensor.prototype, {
	storage: {
		get(this: Unread): Storage {
			const value = this.result.values();
			Object.defineProperty(this, "storage", { value });
			return value;
		},
	},
});

/** The call that the tensor is a result of, as long as nobody has read it. */
export function callOf(x: Tensor): Call | null {
	return (x as Partial<Unread>).result?.call ?? null;
}

/** A tensor that has its values when somebody reads them. */
export function unread({ shape, dtype }: TensorType, result: LazyResult): Tensor {
	const strides = rowMajorStrides(shape);
	const fields = { shape, dtype, size: sizeOf(shape), strides, offset: 0, node: null, result };
	return Object.assign(Object.create(UNREAD), fields);
}
