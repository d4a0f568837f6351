import { TraceError } from "../core/error.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { isValueless } from "../core/valueless.ts";
import { reshape } from "../structure/layout.ts";
import { maximum, sub } from "./arithmetic.ts";
import { greaterEqual, less, logicalAnd, where } from "./comparison.ts";
import { cumsum } from "./cumulative.ts";
import { slice } from "./slicing.ts";
import { lastAt } from "./winning-rows.ts";

/**
 * Where a mask is true, as positions in row-major order. With a size there are so many: the first
 * ones, and 0 after them, where `isThere` is false.
 * @throws TraceError without a size for a mask whose values are not known
 */
export function maskPositions(
	op: string,
	mask: Tensor,
	size: number | undefined,
): { positions: Tensor; isThere: Tensor | null } {
	if (size === undefined) return { positions: known(op, mask), isThere: null };
	const flat = reshape(mask, [mask.size]);
	const ranks = sub(cumsum(flat), 1);
	// What is not taken goes to one more place, which is left out.
	const to = where(logicalAnd(flat, less(ranks, size)), ranks, size);
	const from = slice(lastAt(reshape(to, [mask.size, 1]), [size + 1]), [0, size]);
	return { positions: maximum(from, 0), isThere: greaterEqual(from, 0) };
}

function known(op: string, mask: Tensor): Tensor {
	if (mask.node !== null || isValueless(mask)) {
		throw new TraceError(
			`${op}: how many elements a mask takes depends on its values, and a function that is traced has none yet; ` +
				"get({ size, fill }) takes so many, and where(mask, x, y) chooses elementwise",
		);
	}
	return truePositions(mask);
}

/** Where a mask whose values are known is true, in row-major order. */
export function truePositions(mask: Tensor): Tensor {
	const flat = elements(mask);
	const positions: number[] = [];
	for (let i = 0; i < flat.length; i++) if (flat[i] !== 0) positions.push(i);
	return new Tensor(Int32Array.from(positions), "int32", [positions.length]);
}
