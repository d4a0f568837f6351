import type { ModuleBuilder } from "../../../asm/assembler.ts";
import type { Local } from "../../../asm/function.ts";
import { rowMajorStrides, sizeOf } from "../../../core/shape.ts";
import { coalesce, withInnermost } from "../../../core/strided.ts";
import type { SliceLoop } from "../../../schedule/kernel.ts";
import { ALONG_VECTORS, type DefinedLoop } from "../elementwise/loop.ts";
import { LANES } from "../elementwise/value.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import { alongColumns } from "./columns.ts";
import { alongRows } from "./rows.ts";
import type { SliceNest } from "./slice-nest.ts";

/** Slices of up to so many elements are taken four at a time, whatever lies side by side. */
const SHORT = 16;

/**
 * Defines the function that does this for all slices. Its range is that of the outermost axis that
 * tells slices apart; it takes the addresses of the inputs, then of the outputs, then the range.
 */
export function defineSlices(
	m: ModuleBuilder,
	name: string,
	loop: SliceLoop,
	scalars: ScalarFunctions,
): DefinedLoop {
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
	const params = Array.from({ length: operands.length + 2 }, () => "i32" as const);
	const callee = m.define(name, params, "none", (f, ...locals) => {
		const code = f as Code;
		const nest: SliceNest = {
			loop,
			scalars,
			sizes,
			kept,
			reduced,
			operands: operands.map(({ dtype }, k) => ({
				dtype,
				start: locals[k]!,
				strides: shape.length === 0 ? [1] : layouts[k]!.strides,
			})),
		};
		const [from, to] = locals.slice(-2) as [Local<"i32">, Local<"i32">];
		const innermost = sizes.length - 1;
		if (reduced.includes(innermost)) alongRows(code, nest, { from, to });
		else alongColumns(code, nest, { from, to });
	});
	const [outermost] = kept;
	if (outermost === undefined) return { callee, extent: 1, grain: 1 };
	const grain = outermost === sizes.length - 1 ? ALONG_VECTORS : 1;
	return { callee, extent: sizes[outermost]!, grain };
}
