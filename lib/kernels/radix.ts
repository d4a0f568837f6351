import type { TypedArray } from "../core/dtype.ts";

// Sorting by digits. Elements become keys, whole numbers of 32 bits in the same order; these are
// dealt out by one digit after the other, the lowest digit first. Equal ones keep their order, so a
// pass leaves in order what the passes before have put in order.

/** The order in which the n elements from `start` are sorted, as `sortedOrder` says. */
export function radixOrder(
	x: TypedArray,
	start: number,
	n: number,
	descending: boolean,
): Int32Array {
	const keys = new Uint32Array(n);
	const flip = descending ? -1 : 0;
	if (!(x instanceof Float64Array)) {
		setKeys(keys, x, start, flip);
		return byKeys(keys).order;
	}
	// By the upper halves, and then those where they are equal by the lower ones.
	const lower = new Uint32Array(n);
	setKeysOfDoubles(keys, lower, x, start, flip);
	const sorted = byKeys(keys);
	for (let from = 0, to = 1; from < n; from = to++) {
		while (to < n && sorted.keys[to] === sorted.keys[from]) to++;
		if (to - from > 1) sortBy(lower, sorted.order.subarray(from, to));
	}
	return sorted.order;
}

/** Puts the n elements from `start` in ascending order, as `sortedOrder` says, from to[o] on. */
export function radixSort(
	x: Float32Array | Int32Array,
	start: number,
	n: number,
	to: TypedArray,
	o: number,
): void {
	const keys = new Uint32Array(n);
	setKeys(keys, x, start, 0);
	const sorted = sortedKeys(keys);
	const bits = new Int32Array(to.buffer, to.byteOffset + 4 * o, n);
	if (x instanceof Int32Array) {
		for (let i = 0; i < n; i++) bits[i] = sorted[i]! ^ SIGN;
		return;
	}
	for (let i = 0; i < n; i++) bits[i] = sorted[i]! ^ (~(sorted[i]! >> 31) | SIGN);
	// 0 and −0 have one key: they stay in the order in which they came.
	let zero = sorted.indexOf(KEY_OF_ZERO);
	for (let i = start; zero >= 0 && i < start + n; i++) if (x[i] === 0) to[o + zero++] = x[i]!;
}

/** The highest bit, and the bits of the upper halves of infinity and of the NaN for all NaN. */
const SIGN = -0x80000000;
const INFINITE = 0x7f800000;
const INFINITE_DOUBLE = 0x7ff00000;
const NOT_A_NUMBER = 0x7fffffff;
const KEY_OF_ZERO = 0x80000000;

/** The bits of floats are in the order of the floats, but for the negative ones: they go down. */
const keyOf = (bits: number) => bits ^ ((bits >> 31) | SIGN);

/** The keys of elements: −0 has that of 0. */
function setKeys(keys: Uint32Array, x: TypedArray, start: number, flip: number): void {
	if (!(x instanceof Float32Array)) {
		for (let i = 0; i < keys.length; i++) keys[i] = x[start + i]! ^ SIGN ^ flip;
		return;
	}
	const words = new Int32Array(x.buffer, x.byteOffset + 4 * start, keys.length);
	for (let i = 0; i < keys.length; i++) {
		let bits = words[i]!;
		if ((bits & NOT_A_NUMBER) > INFINITE) bits = NOT_A_NUMBER;
		else if (bits === SIGN) bits = 0;
		keys[i] = keyOf(bits) ^ flip;
	}
}

/** The same in two halves; the lower one comes first in memory. */
function setKeysOfDoubles(
	upper: Uint32Array,
	lower: Uint32Array,
	x: Float64Array,
	start: number,
	flip: number,
): void {
	const words = new Int32Array(x.buffer, x.byteOffset + 8 * start, 2 * upper.length);
	for (let i = 0; i < upper.length; i++) {
		let [bits, rest] = [words[2 * i + 1]!, words[2 * i]!];
		const size = bits & NOT_A_NUMBER;
		if (size > INFINITE_DOUBLE || (size === INFINITE_DOUBLE && rest !== 0)) {
			bits = NOT_A_NUMBER;
			rest = 0;
		} else if (bits === SIGN && rest === 0) bits = 0;
		upper[i] = keyOf(bits) ^ flip;
		lower[i] = rest ^ (bits >> 31) ^ flip;
	}
}

/** Fewer keys are dealt out by smaller digits: there are fewer counts to look at. */
const MANY = 2048;
const FEW_BITS = 8;
const MANY_BITS = 11;

/** Keys in ascending order, and where they stood before. The array of keys may be used up. */
function byKeys(keys: Uint32Array<ArrayBuffer>) {
	const n = keys.length;
	const bits = n < MANY ? FEW_BITS : MANY_BITS;
	const ends = new Uint32Array(1 << bits);
	let from = { keys, order: new Int32Array(n) };
	let to = { keys: new Uint32Array(n), order: new Int32Array(n) };
	for (let i = 0; i < n; i++) from.order[i] = i;
	for (let shift = 0; shift < 32; shift += bits) {
		if (!placesOf(from.keys, shift, ends)) continue;
		deal(from.keys, from.order, to.keys, to.order, shift, ends);
		[from, to] = [to, from];
	}
	return from;
}

/** The same of keys alone. */
function sortedKeys(keys: Uint32Array<ArrayBuffer>): Uint32Array {
	const bits = keys.length < MANY ? FEW_BITS : MANY_BITS;
	const ends = new Uint32Array(1 << bits);
	let [from, to] = [keys, new Uint32Array(keys.length)];
	for (let shift = 0; shift < 32; shift += bits) {
		if (!placesOf(from, shift, ends)) continue;
		dealKeys(from, to, shift, ends);
		[from, to] = [to, from];
	}
	return from;
}

function dealKeys(keys: Uint32Array, to: Uint32Array, shift: number, places: Uint32Array): void {
	const last = places.length - 1;
	for (let i = 0; i < keys.length; i++) {
		const key = keys[i]!;
		to[places[(key >>> shift) & last]!++] = key;
	}
}

/** Where the keys of each digit begin; false where all have the same one and may stay. */
function placesOf(keys: Uint32Array, shift: number, places: Uint32Array): boolean {
	const last = places.length - 1;
	places.fill(0);
	for (let i = 0; i < keys.length; i++) places[(keys[i]! >>> shift) & last]!++;
	if (places[(keys[0]! >>> shift) & last] === keys.length) return false;
	for (let digit = 0, place = 0; digit <= last; digit++) {
		const count = places[digit]!;
		places[digit] = place;
		place += count;
	}
	return true;
}

function deal(
	keys: Uint32Array,
	order: Int32Array,
	toKeys: Uint32Array,
	toOrder: Int32Array,
	shift: number,
	places: Uint32Array,
): void {
	const last = places.length - 1;
	for (let i = 0; i < keys.length; i++) {
		const key = keys[i]!;
		const place = places[(key >>> shift) & last]!++;
		toKeys[place] = key;
		toOrder[place] = order[i]!;
	}
}

/** So few are put in their places one by one. */
const FEW = 64;

/** Sorts positions by the keys there. */
function sortBy(keys: Uint32Array, order: Int32Array): void {
	if (order.length > FEW) {
		const before = order.slice();
		const sorted = byKeys(Uint32Array.from(before, (position) => keys[position]!));
		for (let i = 0; i < order.length; i++) order[i] = before[sorted.order[i]!]!;
		return;
	}
	for (let i = 1; i < order.length; i++) {
		const position = order[i]!;
		let at = i;
		for (; at > 0 && keys[order[at - 1]!]! > keys[position]!; at--) order[at] = order[at - 1]!;
		order[at] = position;
	}
}
