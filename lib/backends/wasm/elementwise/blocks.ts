import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { i32x4 } from "../../../asm/simd.ts";
import { BYTES } from "../../../core/dtype.ts";
import type { Code, Vector } from "../math/floats.ts";
import {
	gatherLanes,
	loadEverySecond,
	loadFour,
	loadSplat,
	placesAt,
	placesFrom,
	positionsUpTo,
	type Row,
	scatter,
	storeFour,
} from "./access.ts";
import type { Range } from "./nest.ts";
import { LANES, madeOf, type VectorValue } from "./value.ts";

/**
 * Four positions along the innermost axis. At the end of a row, some may be its last position over
 * and over.
 */
export interface FourElements {
	/** The elements of a row at these positions. */
	readonly load: (row: Row) => VectorValue;
	/** Stores them; a position that stands several times has the same value each time. */
	readonly store: (row: Row, value: VectorValue) => void;
	/** A mask of the positions that are not there a second time; null where all are. */
	readonly inside: () => VectorValue | null;
	/** The positions themselves, counted on from a number. */
	readonly position: (before: Local<"i32">) => VectorValue;
}

/** 0, 1, 2, 3 */
function counting(): Vector {
	return [1, 2, 3].reduce((x, lane) => i32x4.replace(x, lane, lane), i32x4.const(0));
}

/**
 * Where the element i of a row lies, computed once for blocks side by side: then an engine sees
 * that they are neighbours.
 */
function addresses(code: Code, i: Local<"i32">): (row: Row) => Local<"i32"> {
	const known = new Map<Row, Local<"i32">>();
	return (row) => {
		const at =
			known.get(row) ?? code.let(i32.add(row.start, i32.mul(i, row.stride * BYTES[row.dtype])));
		known.set(row, at);
		return at;
	};
}

/** Four neighbours from i + first on. */
function neighbours(
	code: Code,
	i: Local<"i32">,
	first: number,
	addressOf: (row: Row) => Local<"i32">,
): FourElements {
	const offset = ({ dtype }: Row) => first * BYTES[dtype];
	return {
		load: (row) => {
			if (row.stride === 0) return loadSplat(code, row);
			if (row.stride === 1) return loadFour(code, row.dtype, addressOf(row), offset(row));
			if (row.stride === 2 && row.dtype !== "bool")
				return loadEverySecond(code, row.dtype, addressOf(row), 2 * offset(row));
			return gatherLanes(code, row.dtype, placesFrom(code, row, addressOf(row), first));
		},
		store: (row, value) => {
			if (row.stride === 1) storeFour(code, row.dtype, addressOf(row), value, offset(row));
			else scatter(code, row.dtype, placesFrom(code, row, addressOf(row), first), value);
		},
		inside: () => null,
		position: (before) => {
			const here = i32x4.splat(i32.add(before, i32.add(i, first)));
			return madeOf(code, "int32", [i32x4.add(here, counting())]);
		},
	};
}

/** Up to four from i on, before the end. */
function lastOnes(code: Code, i: Local<"i32">, end: Local<"i32"> | number): FourElements {
	const positions = positionsUpTo(code, i, end);
	return {
		load: (row) =>
			row.stride === 0
				? loadSplat(code, row)
				: gatherLanes(code, row.dtype, placesAt(row, positions)),
		store: (row, value) => scatter(code, row.dtype, placesAt(row, positions), value),
		inside: () => madeOf(code, "mask32", [i32x4.lt(counting(), i32x4.splat(i32.sub(end, i)))]),
		position: (before) => {
			const lanes = positions.reduce(
				(x, position, lane) => i32x4.replace(x, lane, position),
				i32x4.const(0) as Vector,
			);
			return madeOf(code, "int32", [i32x4.add(lanes, i32x4.splat(before))]);
		},
	};
}

/**
 * Loops along the innermost axis, over a range of it or so many elements: `body` writes the code
 * for so many blocks of four abreast, and again for those at the end of the row, where some
 * positions may stand several times. Where elements may be taken `again`, the last block of a row
 * ends where the row does.
 */
export function forEachBlock(
	code: Code,
	part: Range | number,
	abreast: number,
	body: (blocks: readonly FourElements[]) => void,
	again = false,
): void {
	const i = code.let(typeof part === "number" ? i32.const(0) : (part.from as Expr<"i32">));
	const end = typeof part === "number" ? part : part.to;
	const step = abreast * LANES;
	const several = (firsts: readonly number[]) => {
		const addressOf = addresses(code, i);
		body(firsts.map((first) => neighbours(code, i, first, addressOf)));
	};
	const wholes = (count: number) => several(Array.from({ length: count }, (_, b) => b * LANES));
	if (typeof end !== "number" || end >= step) {
		const limit = typeof end === "number" ? end - step : code.let(i32.sub(end, step));
		code.while(i32.le(i, limit), () => {
			wholes(abreast);
			code.set(i, i32.add(i, step));
		});
	}
	if (typeof end === "number") {
		const rest = end % step;
		const whole = Math.floor(rest / LANES);
		if (again && rest % LANES > 0 && end >= LANES) {
			const start = Math.min(end - rest, end - LANES);
			code.set(i, i32.const(start));
			const firsts = Array.from({ length: whole }, (_, b) => b * LANES);
			several([...firsts, end - LANES - start]);
			return;
		}
		if (whole > 0) {
			wholes(whole);
			code.set(i, i32.add(i, whole * LANES));
		}
		if (rest % LANES === 0) return;
	}
	code.while(i32.lt(i, end), () => {
		body([lastOnes(code, i, end)]);
		code.set(i, i32.add(i, LANES));
	});
}
