import type { TypedArray } from "../../core/dtype.ts";
import type { Storage } from "../../core/storage.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Region } from "./arena.ts";

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
		for (const [i, result] of this.results.entries()) result?.give(elements(again[i]!));
	}
}

/**
 * The elements of a tensor that was handed out while they were still in the arena: copied out when
 * they are first asked for, or computed again where they have been overwritten.
 */
export class LazyResult implements Storage {
	readonly byteLength: number;
	/** Stands for the arena, which a result that has its values does not keep alive. */
	readonly mark: object;
	/** Which region of that has them, as long as it holds this. */
	readonly index: number;
	/** How they come about; null once they are here. */
	call: RepeatableCall | null;
	#region: Region | null;
	#values: TypedArray | null = null;

	constructor(mark: object, region: Region, call: RepeatableCall) {
		this.byteLength = region.storage.byteLength;
		this.mark = mark;
		this.index = region.index;
		this.call = call;
		this.#region = region;
	}

	/** Keeps these values, unless some are here already. */
	give(values: TypedArray): void {
		this.#values ??= values;
		this.call = null;
		this.#region = null;
	}

	host(): TypedArray {
		if (this.#values === null) {
			if (this.#region!.holds === this) this.give(this.#region!.storage.slice());
			else this.call!.repeat();
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
