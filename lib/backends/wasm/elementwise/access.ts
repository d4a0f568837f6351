import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { i32, select } from "../../../asm/scalar.ts";
import { f32x4, f64x2, i8x16, i16x8, i32x4, v128 } from "../../../asm/simd.ts";
import { BYTES, type DType } from "../../../core/dtype.ts";
import type { Code, Vector } from "../math/floats.ts";
import { loadApart } from "./strided-vector.ts";
import { cast, LANES, madeOf, toMask, type VectorValue } from "./value.ts";

// How four elements come from memory and go back to it.

/**
 * The elements along the innermost axis: where the first lies, and how far apart they are, in
 * elements.
 */
export interface Row {
	readonly dtype: DType;
	readonly start: Local<"i32">;
	readonly stride: number;
}

/**
 * The lowest four bytes at the start of a 32-bit lane each; a position that is not there gives 0.
 */
const SPREAD = [0, 1, 2, 3].flatMap((byte) => [byte, 255, 255, 255]);

/** Four bytes, each 0 or 1, as a mask. */
function maskOfBytes(bytes: Vector): Vector {
	return i32x4.ne(i8x16.swizzle(bytes, v128.of(SPREAD)), 0);
}

/** A mask as four bytes, each 0 or 1, in the lowest lanes. */
function bytesOfMask(mask: Vector): Vector {
	const words = i16x8.narrow(mask, mask);
	return v128.and(i8x16.narrow(words, words), i8x16.const(1));
}

/** One element, four times. */
export function loadSplat(code: Code, { dtype, start }: Row): VectorValue {
	switch (dtype) {
		case "float64": {
			const part = code.let(f64x2.loadSplat(start));
			return { kind: "float64", parts: [part, part] };
		}
		case "bool":
			return madeOf(code, "mask32", [maskOfBytes(i8x16.loadSplat(start))]);
		default:
			return madeOf(code, dtype, [f32x4.loadSplat(start)]);
	}
}

/** Four neighbours, from an address on. */
export function loadFour(code: Code, dtype: DType, at: Expr<"i32">, offset: number): VectorValue {
	switch (dtype) {
		case "float64": {
			const address = code.let(at);
			const halves = [0, 16].map((half) => v128.load(address, offset + half));
			return madeOf(code, "float64", halves);
		}
		case "bool":
			return madeOf(code, "mask32", [maskOfBytes(f32x4.loadZero(at, offset))]);
		default:
			return madeOf(code, dtype, [v128.load(at, offset)]);
	}
}

/** Every second element, four of them, from an address on. */
export function loadEverySecond(
	code: Code,
	dtype: Exclude<DType, "bool">,
	at: Expr<"i32">,
	offset: number,
): VectorValue {
	const type = dtype === "float64" ? f64x2 : f32x4;
	const first = offset / type.bytes;
	const parts = Array.from({ length: LANES / type.lanes }, (_, i) =>
		loadApart(type, at, first + 2 * i * type.lanes, 2, type.lanes),
	);
	return madeOf(code, dtype, parts);
}

/** Stores four neighbours. */
export function storeFour(
	code: Code,
	dtype: DType,
	at: Expr<"i32">,
	value: VectorValue,
	offset: number,
): void {
	if (dtype === "bool") {
		const [mask] = toMask(code, value, 32).parts;
		code.do(f32x4.storeLane(at, bytesOfMask(mask!), 0, offset));
		return;
	}
	const address = code.let(at);
	for (const [i, part] of cast(code, value, dtype).parts.entries()) {
		code.store(v128, address, part, offset + 16 * i);
	}
}

/**
 * The positions of the four elements from i on; those beyond the end are that of the last, over and
 * over.
 */
export function positionsUpTo(
	code: Code,
	i: Local<"i32">,
	end: Local<"i32"> | number,
): Local<"i32">[] {
	const last = code.let(i32.sub(end, 1));
	return Array.from({ length: LANES }, (_, lane) => {
		const at = code.let(i32.add(i, lane));
		return code.let(select(i32.lt(at, last), at, last));
	});
}

/** Where an element is: a constant distance in bytes from an address. */
export interface Place {
	readonly at: Expr<"i32">;
	readonly offset: number;
}

/** Where the elements of a row at some positions are. */
export function placesAt(
	{ dtype, start, stride }: Row,
	positions: readonly Local<"i32">[],
): Place[] {
	const step = stride * BYTES[dtype];
	return positions.map((position) => ({
		at: i32.add(start, i32.mul(position, step)),
		offset: 0,
	}));
}

/** Where the four elements of a row are that begin so many after the one at an address. */
export function placesFrom(
	code: Code,
	{ dtype, stride }: Row,
	at: Local<"i32">,
	first: number,
): Place[] {
	const step = stride * BYTES[dtype];
	// Offsets are not negative, so they count from the place furthest to the front.
	const front = Math.min(first * step, (first + LANES - 1) * step, 0);
	const start = front === 0 ? at : code.let(i32.add(at, front));
	return Array.from({ length: LANES }, (_, lane) => ({
		at: start,
		offset: (first + lane) * step - front,
	}));
}

/** Four elements from any places. */
export function gatherLanes(code: Code, dtype: DType, places: readonly Place[]): VectorValue {
	switch (dtype) {
		case "float64": {
			const pair = (i: number) => {
				const [x, y] = [places[i]!, places[i + 1]!];
				return f64x2.loadLane(y.at, f64x2.loadSplat(x.at, x.offset), 1, y.offset);
			};
			return madeOf(code, "float64", [pair(0), pair(2)]);
		}
		case "bool": {
			const bytes = places.reduce<Vector>(
				(x, { at, offset }, lane) => i8x16.loadLane(at, x, lane, offset),
				i8x16.const(0),
			);
			return madeOf(code, "mask32", [maskOfBytes(bytes)]);
		}
		default: {
			const [{ at, offset }, ...others] = places as [Place, ...Place[]];
			const four = others.reduce<Vector>(
				(x, { at, offset }, i) => f32x4.loadLane(at, x, i + 1, offset),
				f32x4.loadSplat(at, offset),
			);
			return madeOf(code, dtype, [four]);
		}
	}
}

/** Stores four elements at any places. */
export function scatter(
	code: Code,
	dtype: DType,
	places: readonly Place[],
	value: VectorValue,
): void {
	if (dtype === "bool") {
		const bytes = code.let(bytesOfMask(toMask(code, value, 32).parts[0]!));
		for (const [lane, { at, offset }] of places.entries()) {
			code.do(i8x16.storeLane(at, bytes, lane, offset));
		}
		return;
	}
	const { parts } = cast(code, value, dtype);
	const lanes = dtype === "float64" ? f64x2 : f32x4;
	for (const [i, { at, offset }] of places.entries()) {
		const part = parts[Math.floor(i / lanes.lanes)]!;
		code.do(lanes.storeLane(at, part, i % lanes.lanes, offset));
	}
}
