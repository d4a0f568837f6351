import { TraceError } from "../error.ts";
import { abstractTensor } from "../program/abstract.ts";
import type { Instruction } from "../program/program.ts";
import { Tensor } from "../tensor.ts";
import type { Source } from "./buffers.ts";

/**
 * Where the elements of a view lie, given those of what it is a view of; null where the op would have to copy them. The op's own
 * evaluation is asked, on a tensor of that layout and without values: what it returns is a view if it has the same storage.
 */
export function viewed({ op, params, type }: Instruction, source: Source): Source | null {
	const { buffer, shape, strides, offset } = source;
	const { storage } = abstractTensor({ shape, dtype: buffer.dtype }, `the argument of ${op.name}`);
	const probe = new Tensor(storage, buffer.dtype, shape, strides, offset);
	try {
		const view = op.evaluate([probe], params, type);
		if (view.storage !== storage) return null;
		return { buffer, shape: view.shape, strides: view.strides, offset: view.offset };
	} catch (error) {
		if (error instanceof TraceError) return null;
		throw error;
	}
}
