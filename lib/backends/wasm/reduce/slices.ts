import type { ModuleBuilder } from "../../../asm/assembler.ts";
import type { Local } from "../../../asm/function.ts";
import { BYTES } from "../../../core/dtype.ts";
import { rowMajorStrides, sizeOf } from "../../../core/shape.ts";
import { coalesce, withInnermost } from "../../../core/strided.ts";
import type { SliceLoop } from "../../../schedule/kernel.ts";
import { ALONG_VECTORS, type DefinedLoop } from "../elementwise/loop.ts";
import { LANES } from "../elementwise/value.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import { alongColumns, KEPT_COLUMNS } from "./columns.ts";
import { withKept } from "./keep.ts";
import { alongRows } from "./rows.ts";
import type { SliceNest } from "./slice-nest.ts";

/** Slices of up to so many elements are taken four at a time, whatever lies side by side. */
const SHORT = 16;
/** What is kept of slices has no more bytes than this. */
const MOST_KEPT = 2 ** 20;

/** How a loop goes over slices, and the bytes that each thread keeps of them. */
interface Walk extends Pick<SliceNest, "loop" | "sizes" | "kept" | "reduced"> {
	/** Of each operand, and of what is kept. */
	readonly strides: readonly (readonly number[])[];
	readonly workspace: number;
}

function walkOf(loop: SliceLoop): Walk {
	const operands = [...loop.inputs, ...loop.outputs];
	// One more layout keeps reduced axes from joining the others: it has one element a slice.
	const apart = rowMajorStrides(loop.shape).map((stride, axis) =>
		loop.axes.includes(axis) ? 0 : stride,
	);
	const joined = coalesce(
		loop.shape,
		[...operands.map(({ strides }) => strides), apart].map((strides) => ({ strides, offset: 0 })),
	);
	const innerKept = joined.layouts.at(-1)!.strides.findLastIndex((stride) => stride !== 0);
	const n = sizeOf(loop.axes.map((axis) => loop.shape[axis]!));
	const { shape, layouts } =
		n <= SHORT && innerKept >= 0 && joined.shape[innerKept]! >= LANES
			? withInnermost(joined, innerKept)
			: joined;
	const telling = layouts.at(-1)!.strides;
	const isKept = (axis: number) => telling[axis] !== 0;
	const sizes = shape.length === 0 ? [1] : shape;
	const kept = [...sizes.keys()].filter((axis) => shape.length > 0 && isKept(axis));
	const reduced = [...sizes.keys()].filter((axis) => !kept.includes(axis));
	const strides = layouts.slice(0, -1).map((x) => (shape.length === 0 ? [1] : x.strides));
	const running = withKept(loop);
	const width = reduced.includes(sizes.length - 1) ? 1 : KEPT_COLUMNS;
	const workspace = running.keeps === null ? 0 : n * width * BYTES[running.keeps];
	if (workspace === 0 || workspace > MOST_KEPT) {
		return { loop: { ...loop, keeps: null }, sizes, kept, reduced, strides, workspace: 0 };
	}
	const inSlice = rowMajorStrides(reduced.map((axis) => sizes[axis]!));
	const own = sizes.map((_, axis) => (inSlice[reduced.indexOf(axis)] ?? 0) * width);
	return { loop: running, sizes, kept, reduced, strides: [...strides, own], workspace };
}

/** How many bytes of workspace the function of a loop over slices needs. */
export function slicesWorkspace(loop: SliceLoop): number {
	return walkOf(loop).workspace;
}

/**
 * Defines the function that does this for all slices. It takes the addresses of the inputs, then of
 * the outputs, where it `works` that of its workspace, and then a range of the outermost axis that
 * tells slices apart.
 */
export function defineSlices(
	m: ModuleBuilder,
	name: string,
	given: SliceLoop,
	scalars: ScalarFunctions,
): DefinedLoop & { readonly works: boolean } {
	const { strides, workspace, ...walk } = walkOf(given);
	const { loop, sizes, kept, reduced } = walk;
	const dtypes = [...loop.inputs, ...loop.outputs].map(({ dtype }) => dtype);
	if (loop.keeps !== null) dtypes.push(loop.keeps);
	const params = Array.from({ length: dtypes.length + 2 }, () => "i32" as const);
	const callee = m.define(name, params, "none", (f, ...locals) => {
		const code = f as Code;
		const operands = dtypes.map((dtype, k) => {
			return { dtype, start: locals[k]!, strides: strides[k]! };
		});
		const nest: SliceNest = { ...walk, scalars, operands };
		const [from, to] = locals.slice(-2) as [Local<"i32">, Local<"i32">];
		if (reduced.includes(sizes.length - 1)) alongRows(code, nest, { from, to });
		else alongColumns(code, nest, { from, to });
	});
	const works = workspace > 0;
	const [outermost] = kept;
	if (outermost === undefined) return { callee, works, extent: 1, grain: 1 };
	const grain = outermost === sizes.length - 1 ? ALONG_VECTORS : 1;
	return { callee, works, extent: sizes[outermost]!, grain };
}
