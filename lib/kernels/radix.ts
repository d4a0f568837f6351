import type { TypedArray } from "../core/dtype.ts";

// Sorting by digits. Elements become keys, whole numbers of 32 bits in the same order; these are
// dealt out by one digit after the other, the lowest digit first. Equal ones keep their order, so a
// pass leaves in order what the passes before have put in order. A float64 has two keys: the lower
// half of its bits counts where the upper ones are equal.

/** Keys, and what stands beside each, if anything does. */
interface Columns {
	readonly keys: Uint32Array;
	readonly others: Uint32Array | null;
}

const kept: Partial<Record<string, Uint32Array>> = {};
/** Arrays of more elements are not kept. */
const MOST_KEPT = 2 ** 20;

/** Memory for keys and positions that is used again: new pages cost more than a pass. */
function scratch(name: string, n: number): Uint32Array {
	const known = kept[name];
	if (known?.length === n) return known;
	const fits = known !== undefined && 4 * n <= known.buffer.byteLength;
	const found = fits ? new Uint32Array(known.buffer, 0, n) : new Uint32Array(n);
	if (n <= MOST_KEPT) kept[name] = found;
	return found;
}

/** Memory of its own: it sorts a part of what is sorted. */
const fresh: typeof scratch = (_, n) => new Uint32Array(n);

/**
 * The order in which the n elements from `start` are sorted, as `orderLines` says; the next call
 * needs the array again.
 */
export function radixOrder(
	x: TypedArray,
	start: number,
	n: number,
	descending: boolean,
): Uint32Array {
	const { keys, lower } = sortingKeys(x, start, n, descending);
	const order = scratch("order", n);
	for (let i = 0; i < n; i++) order[i] = i;
	const sorted = byKeys(keys, order, scratch);
	if (lower !== null) orderTies(sorted.keys, lower, sorted.others!, n);
	return sorted.others!;
}

/** Puts the n elements from `start` in ascending order into the same places of another array. */
export function radixSort(x: TypedArray, start: number, n: number, to: TypedArray): void {
	const { keys, lower } = sortingKeys(x, start, n, false);
	const sorted = byKeys(keys, lower, scratch);
	if (lower !== null) sortTies(sorted.keys, sorted.others!, null, n);
	setElements(to, start, sorted.keys, sorted.others);
	placeZeros(x, start, n, to);
}

/**
 * Positions in lines of n are put in the order of their lower keys, where the upper ones, which are
 * sorted, are equal.
 */
export function orderTies(
	sorted: Uint32Array,
	lower: Uint32Array,
	order: Uint32Array,
	n: number,
): void {
	const rest = scratch("rest", order.length);
	for (let line = 0; line < rest.length; line += n) {
		for (let i = line; i < line + n; i++) rest[i] = lower[line + order[i]!]!;
	}
	sortTies(sorted, rest, order, n);
}

/** Where sorted keys are equal in a line, it sorts by others, and what stands beside with them. */
function sortTies(
	sorted: Uint32Array,
	lower: Uint32Array,
	others: Uint32Array | null,
	n: number,
): void {
	for (let from = 0, end = n, to: number; from < lower.length; from = to) {
		to = from + 1;
		while (to < end && sorted[to] === sorted[from]) to++;
		if (to - from <= FEW) insert(lower, others ?? lower, from, to);
		else {
			const part = byKeys(lower.slice(from, to), others?.slice(from, to) ?? null, fresh);
			lower.set(part.keys, from);
			others?.set(part.others!, from);
		}
		if (to === end) end += n;
	}
}

/** 0 and −0 are equal: among sorted elements they stay in the order in which they came. */
export function placeZeros(x: TypedArray, start: number, n: number, sorted: TypedArray): void {
	let zero = sorted.subarray(start, start + n).indexOf(0) + start;
	if (zero < start) return;
	for (let i = start; i < start + n; i++) if (x[i] === 0) sorted[zero++] = x[i]!;
}

/** The highest bit, and the bits of the upper halves of infinity and of the NaN for all NaN. */
const SIGN = -0x80000000;
const INFINITE = 0x7f800000;
const INFINITE_DOUBLE = 0x7ff00000;
const NOT_A_NUMBER = 0x7fffffff;

/** The bits of floats are in the order of the floats, but for the negative ones: they go down. */
const keyOf = (bits: number) => bits ^ ((bits >> 31) | SIGN);
const bitsOf = (key: number) => key ^ (~(key >> 31) | SIGN);

/**
 * The keys of the n elements from `start` on, and of float64 those of the lower halves, in memory
 * that the next call needs again.
 */
export function sortingKeys(x: TypedArray, start: number, n: number, descending: boolean) {
	const keys = scratch("keys", n);
	const flip = descending ? -1 : 0;
	if (!(x instanceof Float64Array)) {
		setKeys(keys, x, start, flip);
		return { keys, lower: null };
	}
	const lower = scratch("lower", n);
	setKeysOfDoubles(keys, lower, x, start, flip);
	return { keys, lower };
}

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

/** The elements that have these keys, which ascend. */
function setElements(
	to: TypedArray,
	start: number,
	keys: Uint32Array,
	lower: Uint32Array | null,
): void {
	if (to instanceof Float64Array) {
		const words = new Int32Array(to.buffer, to.byteOffset + 8 * start, 2 * keys.length);
		for (let i = 0; i < keys.length; i++) {
			const bits = bitsOf(keys[i]!);
			words[2 * i + 1] = bits;
			words[2 * i] = lower![i]! ^ (bits >> 31);
		}
	} else if (to instanceof Float32Array) {
		const words = new Int32Array(to.buffer, to.byteOffset + 4 * start, keys.length);
		for (let i = 0; i < keys.length; i++) words[i] = bitsOf(keys[i]!);
	} else for (let i = 0; i < keys.length; i++) to[start + i] = keys[i]! ^ SIGN;
}

/** So few keys are put in their places one by one. */
const FEW = 64;
/** Fewer are dealt out by smaller digits: there are fewer counts to look at. */
const MANY = 2048;
const FEW_BITS = 8;
const MANY_BITS = 11;

/** Keys in ascending order, and with each what stood beside it; both arrays may be used up. */
function byKeys(keys: Uint32Array, others: Uint32Array | null, memory: typeof scratch): Columns {
	const n = keys.length;
	let from: Columns = { keys, others };
	if (n <= FEW) {
		insert(keys, others ?? keys, 0, n);
		return from;
	}
	const bits = n < MANY ? FEW_BITS : MANY_BITS;
	const places = new Uint32Array(1 << bits);
	let to: Columns = { keys: memory("to", n), others: others && memory("beside", n) };
	for (let shift = 0; shift < 32; shift += bits) {
		if (deal(from, to, shift, places)) [from, to] = [to, from];
	}
	return from;
}

/** Puts each key before those that are greater, and what stands beside with it. */
function insert(keys: Uint32Array, others: Uint32Array, from: number, to: number): void {
	for (let i = from + 1; i < to; i++) {
		const [key, other] = [keys[i]!, others[i]!];
		let at = i;
		for (; at > from && keys[at - 1]! > key; at--) {
			keys[at] = keys[at - 1]!;
			others[at] = others[at - 1]!;
		}
		keys[at] = key;
		others[at] = other;
	}
}

/**
 * Deals keys out by a digit; false where all have the same one and may stay. Not in smaller
 * functions: V8 would put their loops into the caller and for long not compile them well there.
 */
function deal(from: Columns, to: Columns, shift: number, places: Uint32Array): boolean {
	const { keys, others } = from;
	const last = places.length - 1;
	places.fill(0);
	for (let i = 0; i < keys.length; i++) places[(keys[i]! >>> shift) & last]!++;
	if (places[(keys[0]! >>> shift) & last] === keys.length) return false;
	// Where the keys of each digit begin.
	for (let digit = 0, place = 0; digit <= last; digit++) {
		const count = places[digit]!;
		places[digit] = place;
		place += count;
	}
	const toKeys = to.keys;
	if (others === null) {
		for (let i = 0; i < keys.length; i++) {
			const key = keys[i]!;
			toKeys[places[(key >>> shift) & last]!++] = key;
		}
		return true;
	}
	const toOthers = to.others!;
	for (let i = 0; i < keys.length; i++) {
		const key = keys[i]!;
		const place = places[(key >>> shift) & last]!++;
		toKeys[place] = key;
		toOthers[place] = others[i]!;
	}
	return true;
}
