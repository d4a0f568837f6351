import type { Storage } from "../dtype.ts";
import { TraceError } from "../error.ts";
import type { TensorType } from "../op.ts";
import { showShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A tensor with a shape and a dtype and no values, as a function sees it while it is being traced. */
export function abstractTensor({ shape, dtype }: TensorType, what: string): Tensor {
	return new Tensor(noStorage(`${what}, ${dtype} ${showShape(shape)},`), dtype, shape);
}

/** Storage that throws as soon as anything is asked of it. */
function noStorage(what: string): Storage {
	const refuse = (): never => {
		throw new TraceError(
			`trace: the value of ${what} was asked for while the function is being traced, when there are no values yet; ` +
				"choose by value with where(…), return the tensor and read it outside, or leave this part out of the traced function",
		);
	};
	return new Proxy(new Float64Array(0), { get: refuse });
}
