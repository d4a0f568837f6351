import type { Expr } from "../expression.ts";
import type { Local } from "../function.ts";
import type { Code } from "../math/floats.ts";
import { i32 } from "../scalar.ts";

/** A layout that a nest of loops walks: where it begins, and its steps along each axis in bytes. */
export interface Walked {
	readonly start: Local<"i32">;
	readonly steps: readonly number[];
}

/** A part of the outermost axis: from one index to below another. */
export interface Range {
	readonly from: Local<"i32">;
	readonly to: Local<"i32">;
}

/** The pointers moved on by so many steps of each layout along an axis. */
function advance(
	code: Code,
	layouts: readonly Walked[],
	pointers: readonly Local<"i32">[],
	axis: number,
	steps: Expr<"i32"> | null,
): void {
	for (const [k, { steps: bytes }] of layouts.entries()) {
		const step = bytes[axis]!;
		if (step === 0) continue;
		const distance = steps === null ? i32.const(step) : i32.mul(steps, step);
		code.set(pointers[k]!, i32.add(pointers[k]!, distance));
	}
}

/**
 * Loops over axes of these sizes, the first one outermost; `body` gets the pointers into each layout. `range` keeps to a
 * part of the first axis.
 */
export function nest(
	code: Code,
	sizes: readonly number[],
	layouts: readonly Walked[],
	range: Range | null,
	body: (pointers: readonly Local<"i32">[]) => void,
): void {
	const loop = (axis: number, outer: readonly Local<"i32">[]): void => {
		if (axis === sizes.length) {
			body(outer);
			return;
		}
		const pointers = outer.map((pointer) => code.let(pointer as Expr<"i32">));
		const part = axis === 0 ? range : null;
		if (part !== null) advance(code, layouts, pointers, axis, part.from);
		code.for(part?.from ?? 0, part?.to ?? sizes[axis]!, 1, () => {
			loop(axis + 1, pointers);
			advance(code, layouts, pointers, axis, null);
		});
	};
	loop(
		0,
		layouts.map(({ start }) => start),
	);
}
