import { forEachRun } from "../../core/strided.ts";
import type { ScanLoop } from "../../schedule/kernel.ts";
import { termFunction } from "./elementwise/term-function.ts";
import type { KernelFunction } from "./kernel-function.ts";

/**
 * The function of lines along which something is carried on, in float64; false for an int32 that
 * overflows.
 */
export function defineScan(loop: ScanLoop): KernelFunction {
	const { axis, inputs, output, reverse, exclusive } = loop;
	const operands = [...inputs, output];
	const next = termFunction(loop.step, inputs.length + 2);
	const n = loop.shape[axis]!;
	// The last axis of 1 makes each line a run.
	const lines = [...loop.shape.toSpliced(axis, 1), 1];
	const steps = operands.map(({ strides }) => strides[axis]! * (reverse ? -1 : 1));
	const [stepX, stepY, stepOut] = [steps[0]!, steps.length > 2 ? steps[1]! : 0, steps.at(-1)!];
	return (storages, offsets) => {
		const [x, y, out] = [storages[0]!, storages[inputs.length - 1]!, storages.at(-1)!];
		const layouts = operands.map(({ strides }, k) => ({
			strides: [...strides.toSpliced(axis, 1), 0],
			offset: offsets[k]! - (reverse ? steps[k]! * (n - 1) : 0),
		}));
		let fits = true;
		forEachRun(lines, layouts, (firsts) => {
			let [atX, atY, at] = [firsts[0]!, firsts[inputs.length - 1]!, firsts.at(-1)!];
			let carried = loop.start;
			for (let k = 0; k < n; k++, atX += stepX, atY += stepY, at += stepOut) {
				const before = carried;
				carried = next(carried, Number(k === 0), x[atX]!, y[atY]!);
				const value = exclusive ? before : carried;
				if (output.dtype === "int32" && value !== (value | 0)) fits = false;
				out[at] = value;
			}
		});
		return fits;
	};
}
