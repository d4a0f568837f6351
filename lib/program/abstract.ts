import { TraceError } from "../core/error.ts";
import type { TensorType } from "../core/op.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueless } from "../core/valueless.ts";

/**
 * A tensor with a shape and a dtype and no values, as a function sees it while it is being traced.
 * @param caller what traces it, which errors name
 */
export function abstractTensor(type: TensorType, what: string, caller = "trace"): Tensor {
	return valueless(type, () => {
		throw new TraceError(
			`${caller}: the value of ${what}, ${type.dtype} ${showShape(type.shape)}, was asked for while the function is being traced, ` +
				"when there are no values yet; choose by value with where(…), return the tensor and read it outside, or leave this " +
				"part out of the traced function",
		);
	});
}
