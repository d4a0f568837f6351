import type { TypedArray } from "../../core/dtype.ts";
import { coalesce, forEachRun } from "../../core/strided.ts";
import type { IndexedLoop } from "../../schedule/kernel.ts";
import type { KernelFunction } from "./kernel-function.ts";

/**
 * The function of a loop with indices: of the storages of the source, the indices and the target.
 * What is added is added in float64 and rounded once, at the end. False for an index out of range
 * and for an int32 that overflows.
 */
export function defineIndexed(loop: IndexedLoop): KernelFunction {
	const { each, adds, indexed } = loop;
	const operands = [loop.source, loop.indices, loop.target];
	const { shape, layouts } = coalesce(
		loop.shape,
		operands.map(({ strides }) => ({ strides, offset: 0 })),
	);
	const run = shape.at(-1) ?? 1;
	const [step, indexStep, targetStep] = layouts.map(({ strides }) => strides.at(-1) ?? 0);

	/** How far away the indices at a place say; NaN where one is out of range. */
	const reached = (indices: TypedArray, place: number): number => {
		let distance = 0;
		for (const { at, size, stride, wraps } of each) {
			const given = indices[place + at]!;
			const index = wraps && given < 0 ? given + size : given;
			distance += index >= 0 && index < size ? index * stride : Number.NaN;
		}
		return distance;
	};

	return ([source, indices, target], offsets) => {
		const isRounded = adds && loop.target.dtype !== "float64";
		const out = isRounded ? Float64Array.from(target!) : target!;
		const from = layouts.map(({ strides }, k) => ({ strides, offset: offsets[k]! }));
		let fits = true;
		forEachRun(shape, from, ([first, place, firstTarget]) => {
			let distance = 0;
			for (let i = 0; i < run; i++) {
				if (i === 0 || indexStep !== 0) distance = reached(indices!, place! + i * indexStep!);
				let [read, write] = [first! + i * step!, firstTarget! + i * targetStep!];
				if (Number.isNaN(distance)) fits = false;
				else if (indexed === "source") read += distance;
				else write += distance;
				if (adds) out[write]! += source![read]!;
				else out[write] = source![read]!;
			}
		});
		if (isRounded) target!.set(out);
		return fits && (loop.target.dtype !== "int32" || out.every((x) => x === (x | 0)));
	};
}
