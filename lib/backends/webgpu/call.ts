import { BYTES, type DType, type TypedArray } from "../../core/dtype.ts";
import { DeviceError } from "../../core/error.ts";
import type { Storage } from "../../core/storage.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { RegionHolder } from "./memory.ts";

/** What runs a program: it can do so again, with the same results, and on the host. */
export interface Runner {
	/** Waits for the elements of a result, which has them from then on. */
	read(result: DeviceResult): Promise<void>;
	/** Runs for these results of a call once more. */
	again(call: DeviceCall): void;
	/** The values by the ops' own evaluation, which throws what is wrong. */
	onHost(args: readonly Tensor[]): readonly TypedArray[];
}

/** Whether all went well in a call and in those before it, which nobody knows yet. */
export interface Doubt {
	/** The word on the device that says so; null: it was looked at, or nothing can go wrong there. */
	word: number | null;
	/** What is wrong, once that is known. */
	error: unknown;
}

/** What is in doubt where these are used. */
export function doubtsIn(args: readonly Tensor[]): Doubt[] {
	const all = args.flatMap((x) => {
		const result = deviceResultOf(x);
		return result === null || result.host() !== null ? [] : [result.doubt];
	});
	return [...new Set(all)].filter(({ word, error }) => word !== null || error !== null);
}

/**
 * A call of a program on a device. It can be made again for results that had to give their place
 * away: a program has no side effects and tensors never change.
 */
export class DeviceCall {
	readonly args: readonly Tensor[];
	/** In the order of the schedule's outputs. */
	readonly results: DeviceResult[] = [];
	/** How many calls are remembered, one through the arguments of the next, up to this one. */
	readonly depth: number;
	readonly doubt: Doubt;
	readonly #runner: Runner;

	/** @param word the word that says whether all went well */
	constructor(runner: Runner, args: readonly Tensor[], word: number | null) {
		this.#runner = runner;
		this.args = args;
		this.doubt = { word, error: null };
		const before = args.filter((x) => deviceResultOf(x)?.isRead === false);
		this.depth = 1 + Math.max(0, ...callsBefore(before).map(({ depth }) => depth));
	}

	/** Has the device compute the results again. */
	repeat(): void {
		this.#runner.again(this);
	}

	/**
	 * Computes the results on the host, where something went wrong on the device.
	 * @throws what the ops throw
	 */
	async repeatOnHost(): Promise<void> {
		try {
			for (const x of this.args) await readInto(x);
			const values = this.#runner.onHost(this.args);
			for (const [i, result] of this.results.entries()) result.give(values[i]!);
		} catch (error) {
			this.doubt.error = error;
			throw error;
		}
	}
}

/** The calls whose results these are, as long as their elements are not on the host. */
function callsBefore(args: readonly Tensor[]): DeviceCall[] {
	return [...new Set(args.flatMap((x) => deviceResultOf(x)?.call ?? []))];
}

async function readInto({ storage }: Tensor): Promise<void> {
	if (!ArrayBuffer.isView(storage)) await storage.read();
}

/** The elements of a result of a program that ran on a device. */
export class DeviceResult implements Storage {
	readonly dtype: DType;
	readonly size: number;
	readonly byteLength: number;
	/**
	 * The call that it comes from; null once its elements are on the host, or where nobody would wait
	 * for it to be made again.
	 */
	call: DeviceCall | null;
	/** That of the call, which may be known later. */
	readonly doubt: Doubt;
	/** Where the device has them. */
	readonly place: RegionHolder = { region: null };
	#values: TypedArray | null = null;
	#reading: Promise<TypedArray> | null = null;

	readonly #runner: Runner;

	constructor(dtype: DType, size: number, call: DeviceCall, runner: Runner) {
		this.#runner = runner;
		this.dtype = dtype;
		this.size = size;
		this.byteLength = size * BYTES[dtype];
		this.call = call;
		this.doubt = call.doubt;
	}

	/** Whether somebody waits for the elements. */
	get isRead(): boolean {
		return this.#reading !== null;
	}

	host(): TypedArray | null {
		return this.#values;
	}

	/** @throws what an op of the call throws, and DeviceError for what the device cannot do */
	read(): Promise<TypedArray> {
		if (this.#values !== null) return Promise.resolve(this.#values);
		if (this.#reading === null) {
			const reading = this.#runner.read(this).then(() => this.#values!);
			this.#reading = reading;
			// Who asks again asks the device again.
			const end = () => {
				this.#reading = null;
			};
			reading.then(end, end);
		}
		return this.#reading;
	}

	/** Has these elements on the host from now on; what made them is not needed any more. */
	give(values: TypedArray): void {
		this.#values ??= values;
		this.call = null;
	}
}

/** The error for a result that is nowhere any more. */
export function givenUp(): DeviceError {
	return new DeviceError(
		"webgpu: the elements had to make room, and what they were made from is gone too; let the device finish now and then with await gpu.read(…), or give it more memory",
	);
}

/** The result that a tensor is or shows a part of, while its elements are on a device. */
export function deviceResultOf({ storage }: Tensor): DeviceResult | null {
	return storage instanceof DeviceResult ? storage : null;
}
