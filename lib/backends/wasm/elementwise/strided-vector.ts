import type { Expr } from "../../../asm/expression.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import type { FloatVector } from "../../../asm/tile.ts";

// Vectors of elements that lie apart in memory. Every second one comes and goes by whole vectors,
// which reach from the first of them to the last and not beyond.

/**
 * The positions of one half of the elements in the first of two vectors, and of the other half in
 * the second.
 */
const evens = (lanes: number) => Array.from({ length: lanes / 2 }, (_, i) => 2 * i);
const odds = (lanes: number) => Array.from({ length: lanes / 2 }, (_, i) => 2 * i + 1);

/**
 * The first lanes of a vector from memory, so many elements beyond an address and `stride` elements
 * apart; 0 in the others.
 */
export function loadApart(
	type: FloatVector,
	at: Expr<"i32">,
	first: number,
	stride: number,
	lanes: number,
): Expr<"v128"> {
	const { bytes } = type;
	if (stride === 1 && lanes === type.lanes) return type.load(at, first * bytes);
	if (stride === 2 && lanes === type.lanes) {
		const [x, y] = [first, first + lanes - 1].map((from) => type.load(at, from * bytes));
		return type.shuffle(x!, y!, [...evens(lanes), ...odds(lanes).map((i) => lanes + i)]);
	}
	let x = type.loadZero(at, first * bytes);
	for (let i = 1; i < lanes; i++) x = type.loadLane(at, x, i, (first + i * stride) * bytes);
	return x;
}

/** Adds the first lanes of a vector to elements in memory; the other lanes are 0. */
export function addApart(
	f: FunctionBuilder,
	type: FloatVector,
	at: Local<"i32">,
	first: number,
	stride: number,
	x: Local<"v128">,
	lanes: number,
): void {
	const { bytes } = type;
	if (stride === 1 && lanes === type.lanes) {
		f.store(type, at, type.add(type.load(at, first * bytes), x), first * bytes);
		return;
	}
	if (stride === 2 && lanes === type.lanes) {
		const zero = f.constant(type.const(0));
		const halves = [first, first + lanes - 1].map((from) => f.let(type.load(at, from * bytes)));
		const spread = [
			evens(lanes).flatMap((i) => [i / 2, lanes]),
			evens(lanes).flatMap((i) => [lanes, (lanes + i) / 2]),
		].map((positions) => type.shuffle(x, zero, positions));
		for (const [i, half] of halves.entries()) {
			f.store(type, at, type.add(half, spread[i]!), (first + i * (lanes - 1)) * bytes);
		}
		return;
	}
	for (let i = 0; i < lanes; i++) {
		const offset = (first + i * stride) * bytes;
		const lane = type.shuffle(
			x,
			x,
			Array.from({ length: type.lanes }, () => i),
		);
		f.do(type.storeLane(at, type.add(type.loadZero(at, offset), lane), 0, offset));
	}
}
