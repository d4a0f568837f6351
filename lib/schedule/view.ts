import { TraceError } from "../core/error.ts";
import { isRowMajor, rowMajorStrides, type Shape, sameShape, sizeOf } from "../core/shape.ts";
import { storedOnce } from "../core/stored-once.ts";
import { Tensor } from "../core/tensor.ts";
import { abstractTensor } from "../program/abstract.ts";
import type { Instruction, Program, Value } from "../program/program.ts";

/**
 * Where the elements of a value are: (i, j, …) is element offset + i·strides[0] + j·strides[1] + …
 * of `base` in row-major order.
 */
export interface View {
	/** The value itself, or the one that it is a view of. */
	readonly base: Value;
	readonly shape: Shape;
	readonly strides: readonly number[];
	readonly offset: number;
}

/** What instructions of a program read. */
export type Reads = (step: Instruction) => readonly View[];

/** For each value of a program, of which value it is a view and how. */
export function viewsOf(program: Program): (value: Value) => View {
	const views = new Map<Value, View>();
	const viewOf = (value: Value): View => {
		const view = views.get(value) ?? itself(value);
		views.set(value, view);
		return view;
	};
	for (const step of program.instructions) {
		if (step.op.lowering !== "view") continue;
		const view = viewed(step, viewOf(step.inputs[0]!));
		if (view !== null) views.set(step, view);
	}
	return viewOf;
}

/**
 * A value that is no view. The elements of a constant are stored once where they repeat along an
 * axis: see `storedOnce`.
 */
export function itself(value: Value): View {
	const { shape } = value.type;
	if (value.kind !== "constant") {
		return { base: value, shape, strides: rowMajorStrides(shape), offset: 0 };
	}
	const { shape: stored } = storedOnce(value.tensor);
	const strides = rowMajorStrides(stored).map((stride, i) => (stored[i] === shape[i] ? stride : 0));
	return { base: value, shape, strides, offset: 0 };
}

/**
 * Where the elements of a view lie, given those of its argument; null where the op would have to
 * copy them. The op's own evaluation is asked, on a tensor of that layout and without values: what
 * it returns is a view if it has the same storage.
 */
function viewed({ op, params, type }: Instruction, from: View): View | null {
	const argument = { shape: from.shape, dtype: type.dtype };
	const { storage } = abstractTensor(argument, `the argument of ${op.name}`);
	const probe = new Tensor(storage, type.dtype, from.shape, from.strides, from.offset);
	try {
		const view = op.evaluate([probe], params, type);
		if (view.storage !== storage) return null;
		return { base: from.base, shape: view.shape, strides: view.strides, offset: view.offset };
	} catch (error) {
		if (error instanceof TraceError) return null;
		throw error;
	}
}

/** Whether the view shows all elements of its base, in their order. */
export function isWhole({ base, shape, strides, offset }: View): boolean {
	return offset === 0 && isRowMajor(shape, strides) && sizeOf(shape) === sizeOf(base.type.shape);
}

/** Whether the view shows its base as it is. */
export function isDirect(view: View): boolean {
	return isWhole(view) && sameShape(view.shape, view.base.type.shape);
}

/** The number that all elements of the value are, if it is a constant of one number. */
export function onlyNumber({ base }: View): number | null {
	if (base.kind !== "constant" || storedOnce(base.tensor).size !== 1) return null;
	return base.tensor.array[base.tensor.offset]!;
}
