import type { TypedArray } from "../../core/dtype.ts";
import type { Storage } from "../../core/storage.ts";
import type { Tensor } from "../../core/tensor.ts";

type Run = (args: readonly Tensor[]) => readonly Tensor[];

/**
 * A call of a program. It can be made again, with the same results: a program has no side effects
 * and tensors never change.
 */
export class RepeatableCall {
	readonly args: readonly Tensor[];
	/** How many calls are remembered, one through the arguments of the next, up to this one. */
	readonly depth: number;
	/**
	 * The bytes of arguments that these calls keep, at most: a call that several of them go back to
	 * counts once for each.
	 */
	readonly bytes: number;
	/** The results that were handed out without their values. */
	readonly results: (LazyResult | null)[] = [];
	readonly #run: Run;

	/** @param bytes those of the arguments that were new to the arena */
	constructor(run: Run, args: readonly Tensor[], bytes: number) {
		const before = [...new Set(args.flatMap((x) => callOf(x) ?? []))];
		this.#run = run;
		this.args = args;
		this.depth = 1 + Math.max(0, ...before.map(({ depth }) => depth));
		this.bytes = before.reduce((sum, call) => sum + call.bytes, bytes);
	}

	/** Makes the call again and gives its results their values. */
	repeat(): void {
		const again = this.#run(this.args);
		for (const [i, result] of this.results.entries()) result?.give(again[i]!.array);
	}
}

/**
 * The elements of a tensor that was handed out while they were still in the arena: copied out when
 * they are first asked for, or computed again where they have been overwritten.
 */
export class LazyResult implements Storage {
	readonly byteLength: number;
	/** How they come about; null once they are here. */
	call: RepeatableCall | null;
	readonly #copy: () => TypedArray | null;
	#values: TypedArray | null = null;

	/** @param copy gives a copy of the values, or null once they have been overwritten */
	constructor(byteLength: number, call: RepeatableCall, copy: () => TypedArray | null) {
		this.byteLength = byteLength;
		this.call = call;
		this.#copy = copy;
	}

	/** Keeps these values, unless some are here already. */
	give(values: TypedArray): void {
		this.#values ??= values;
		this.call = null;
	}

	host(): TypedArray {
		if (this.#values === null) {
			const copied = this.#copy();
			if (copied === null) this.call!.repeat();
			else this.give(copied);
		}
		return this.#values!;
	}

	async read(): Promise<TypedArray> {
		return this.host();
	}
}

/** The call that the tensor is a result of, as long as nobody has read it. */
export function callOf({ storage }: Tensor): RepeatableCall | null {
	return storage instanceof LazyResult ? storage.call : null;
}
