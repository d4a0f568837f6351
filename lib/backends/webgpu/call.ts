import type { TypedArray } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Device } from "./device.ts";
import { type DeviceResult, resultOf } from "./result.ts";

/** What runs a program: it can do so again, with the same results, and on the host. */
export interface Runner {
	readonly device: Device;
	/** Runs for these results of a call once more. */
	again(call: DeviceCall): void;
	/** The values by the ops' own evaluation, which throws what is wrong. */
	onHost(args: readonly Tensor[]): readonly TypedArray[];
}

/**
 * A call of a program on a device. It can be made again for results that had to give their place
 * away: a program has no side effects and tensors never change.
 */
export class DeviceCall {
	readonly device: Device;
	readonly args: readonly Tensor[];
	/** In the order of the program's outputs; null for what is no result of its own. */
	readonly results: (DeviceResult | null)[] = [];
	/** How many calls are remembered, one through the arguments of the next, up to this one. */
	readonly depth: number;
	/** The word that says whether something went wrong; null: nothing can. */
	word: number | null = null;
	/** What is wrong, once that is known. */
	error: unknown = null;
	readonly #runner: Runner;

	constructor(runner: Runner, args: readonly Tensor[]) {
		this.#runner = runner;
		this.device = runner.device;
		this.args = args;
		const before = args.filter((x) => resultOf(x)?.isRead === false);
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
			for (const [i, result] of this.results.entries()) result?.give(values[i]!);
		} catch (error) {
			this.error = error;
			throw error;
		}
	}
}

/** The calls whose results these are, as long as their elements are not on the host. */
export function callsBefore(args: readonly Tensor[]): DeviceCall[] {
	return [...new Set(args.flatMap((x) => resultOf(x)?.call ?? []))];
}

async function readInto({ storage }: Tensor): Promise<void> {
	if (!ArrayBuffer.isView(storage)) await storage.read();
}
