import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import type { Code } from "../math/floats.ts";

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

/** Counts through a range or up to a size; in pairs, the code of two rounds is in one loop. */
function count(
	code: Code,
	range: Range | number,
	inPairs: boolean,
	round: (isLast: boolean) => void,
): void {
	const [from, to] = typeof range === "number" ? [0, range] : [range.from, range.to];
	if (!inPairs) {
		code.for(from, to, 1, () => round(true));
		return;
	}
	const end = typeof to === "number" ? to - 1 : code.let(i32.sub(to, 1));
	code.for(from, end, 2, () => {
		round(false);
		round(true);
	});
	if (typeof range !== "number") {
		code.if(i32.and(i32.sub(range.to, range.from), 1), () => round(true));
	} else if (range % 2 === 1) round(true);
}

/**
 * Loops over axes of these sizes, the first one outermost; `body` gets the pointers into each
 * layout. `range` keeps to a part of the first axis. The innermost axis may be walked in pairs:
 * `body` is told whether the round is not the first of a pair.
 */
export function nest(
	code: Code,
	sizes: readonly number[],
	layouts: readonly Walked[],
	range: Range | null,
	body: (pointers: readonly Local<"i32">[], isLast: boolean) => void,
	inPairs = false,
): void {
	const loop = (axis: number, outer: readonly Local<"i32">[], isLast: boolean): void => {
		if (axis === sizes.length) {
			body(outer, isLast);
			return;
		}
		const pointers = outer.map((pointer) => code.let(pointer as Expr<"i32">));
		const part = axis === 0 ? range : null;
		if (part !== null) advance(code, layouts, pointers, axis, part.from);
		const isInnermost = axis === sizes.length - 1;
		count(code, part ?? sizes[axis]!, inPairs && isInnermost, (isLast) => {
			loop(axis + 1, pointers, isLast);
			advance(code, layouts, pointers, axis, null);
		});
	};
	loop(
		0,
		layouts.map(({ start }) => start),
		true,
	);
}
