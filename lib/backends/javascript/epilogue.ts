import { allocate, type TypedArray } from "../../core/dtype.ts";
import type { Epilogue } from "../../schedule/kernel.ts";
import { defineElementwise } from "./elementwise/loop.ts";
import type { KernelFunction } from "./kernel-function.ts";

/**
 * The function of a product of the first two of what it reads and of the loop after it. `multiply`
 * gives sums in float64, which are rounded to the dtype of the product before the loop sees them.
 */
export function withEpilogue(
	{ loop }: Epilogue,
	multiply: (storages: readonly TypedArray[], offsets: readonly number[]) => Float64Array,
): KernelFunction {
	const { dtype } = loop.inputs[0]!;
	let rounded: TypedArray | undefined;
	const run = defineElementwise(loop);
	return (storages, offsets) => {
		const sums = multiply(storages, offsets);
		let product: TypedArray = sums;
		if (dtype !== "float64") {
			rounded ??= allocate(dtype, sums.length);
			rounded.set(sums);
			product = rounded;
		}
		return run([product, ...storages.slice(2)], [0, ...offsets.slice(2)]);
	};
}
