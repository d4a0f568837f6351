import type { DType } from "../core/dtype.ts";
import { reducedShape, type Shape, sizeOf } from "../core/shape.ts";
import type { Buffers, BufferView } from "./buffers.ts";
import { type Expression, subexpressions } from "./expression.ts";
import type { KernelOf, PassReduction, SliceLoop } from "./kernel.ts";
import type { Step } from "./step.ts";

// Long slices are reduced in segments, which threads share, and then their results are. Whether
// they are depends on the length alone, so a slice has the same bits in a batch of them.

/** Slices of so many elements are long. */
const LONG = 2 ** 16;
/** About so many elements a segment has. */
const SEGMENT = 2 ** 12;

/** What reduces each segment, and then the segments of each slice; or the step itself. */
export function splitLongSlices(
	step: Step & { readonly kernel: KernelOf<"reduction"> },
	buffers: Buffers,
): Step[] {
	const { loop } = step.kernel;
	const reductions = ofSegments(loop);
	const n = sizeOf(loop.axes.map((axis) => loop.shape[axis]!));
	if (reductions === null || n < LONG) return [step];
	const axis = loop.axes.reduce((a, b) => (loop.shape[b]! > loop.shape[a]! ? b : a));
	const size = loop.shape[axis]!;
	const each = Math.ceil((SEGMENT * size) / n);
	const [whole, rest] = [Math.floor(size / each), size % each];
	const kept = reducedShape(loop.shape, loop.axes, true);
	const shape = [...kept, whole + Math.min(1, rest)];
	const partial = reductions.map(({ dtype }) => buffers.add({ shape, dtype }, "scratch"));

	/** What reduces so many segments of one size, from the one at `first` on. */
	const segments = (first: number, count: number, length: number): Step => {
		const split = (along: readonly number[], outer: number, inner: number) =>
			along.toSpliced(axis, 1, outer, inner);
		const reads = step.reads.map((view): BufferView => {
			const stride = view.strides[axis]!;
			return {
				buffer: view.buffer,
				shape: split(view.shape, count, length),
				strides: split(view.strides, stride * each, stride),
				offset: view.offset + first * each * stride,
			};
		});
		const outputs = partial.map(({ strides }, index) => ({
			dtype: reductions[index]!.dtype,
			strides: split(held(kept, strides), 1, 0),
			perElement: false,
			value: { kind: "result", index } as const,
		}));
		const inputs = loop.inputs.map(({ dtype, strides }) => {
			return { dtype, strides: split(strides, strides[axis]! * each, strides[axis]!) };
		});
		const axes = loop.axes.map((other) => (other < axis ? other : other + 1));
		const writes = partial.map((view) => ({ ...view, offset: first }));
		const { passes } = loop;
		const part: SliceLoop = {
			shape: split(loop.shape, count, length),
			...{ axes, inputs, passes, outputs },
		};
		return { ...step, kernel: { kind: "reduction", loop: part }, reads, writes };
	};

	const together: SliceLoop = {
		shape,
		axes: [kept.length],
		inputs: partial.map(({ buffer, strides }) => ({ dtype: buffer.dtype, strides })),
		passes: [{ kind: "reduce", reductions }],
		outputs: loop.outputs.map((output) => ({ ...output, strides: [...output.strides, 0] })),
	};
	return [
		segments(0, whole, each),
		...(rest === 0 ? [] : [segments(whole, 1, rest)]),
		{ ...step, kernel: { kind: "reduction", loop: together }, reads: partial },
	];
}

/**
 * What reduces the results of segments; null where that is not how the whole is reduced: after
 * several passes, and where a product might leave the range of numbers on the way.
 */
function ofSegments({ passes }: SliceLoop): PassReduction[] | null {
	const [pass, ...others] = passes;
	if (pass?.kind !== "reduce" || others.length > 0 || pass.unless !== undefined) return null;
	const { reductions } = pass;
	if (reductions.some(({ by }) => by === "factors")) return null;
	// What is found in a segment is counted from there.
	if (subexpressions(reductions.map(({ of }) => of)).some(({ kind }) => kind === "position"))
		return null;
	return reductions.map(({ by, dtype }, index) => {
		const of: Expression = { kind: "input", index };
		return { by, of, dtype: resultOf(by, dtype) };
	});
}

/** The dtype in which the result of a segment is kept. */
function resultOf(by: PassReduction["by"], dtype: DType): DType {
	if (by === "total") return "float64";
	if (by === "every" || by === "some") return "bool";
	return dtype === "bool" ? "int32" : dtype;
}

/** The strides of kept axes; along the others, of one element, a loop stays where it is. */
function held(kept: Shape, strides: readonly number[]): number[] {
	return kept.map((size, axis) => (size === 1 ? 0 : strides[axis]!));
}
