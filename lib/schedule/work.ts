import { sizeOf } from "../core/shape.ts";
import { formulasIn } from "./expression.ts";
import {
	type Convolution,
	forElements,
	type Kernel,
	type Matrices,
	reductionsIn,
} from "./kernel.ts";

/**
 * How many operations on numbers a kernel is: each op counts as one, for each element, and each
 * term of a sum as two; 0 where that is not known.
 */
export function workOf(kernel: Kernel): number {
	switch (kernel.kind) {
		case "evaluation":
			return 0;
		case "scatter":
			return sizeOf(kernel.scatter.windows.shape);
		case "indexed":
			return sizeOf(kernel.indexed.shape);
		case "scan":
			return sizeOf(kernel.scan.shape);
		case "loop":
			return sizeOf(kernel.loop.shape) * Math.max(1, formulasOf(kernel));
		case "reduction": {
			const { shape } = kernel.loop;
			return sizeOf(shape) * Math.max(1, formulasOf(kernel) + reductionsIn(kernel).length);
		}
		case "product":
			return ofMatrices(kernel.matrices) + sizeOf(kernel.loop.shape) * formulasOf(kernel);
		case "convolution":
			return ofWindows(kernel.convolution) + sizeOf(kernel.loop.shape) * formulasOf(kernel);
	}
}

function formulasOf(kernel: Kernel): number {
	return formulasIn(forElements(kernel)).size;
}

function ofMatrices({ batch, m, k, n }: Matrices): number {
	return 2 * sizeOf(batch) * m * k * n;
}

/** All three products of a convolution have the same terms. */
function ofWindows({ samples, inputs, outputs, geometry }: Convolution): number {
	const filters = outputs * (inputs / geometry.groups) * sizeOf(geometry.filter);
	return 2 * filters * samples * sizeOf(geometry.result);
}
