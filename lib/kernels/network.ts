import { ModuleBuilder } from "../asm/assembler.ts";
import type { FunctionBuilder, Local } from "../asm/function.ts";
import { i32, i64 } from "../asm/scalar.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "../asm/simd.ts";
import { windowPages } from "./vector-code.ts";

// A sorting network: which places are compared, and when, does not depend on what stands there (K.
// E. Batcher, "Sorting networks and their applications", 1968). So vectors do it, in each lane of
// which another line is sorted, and no engine has to guess how a comparison comes out.

/** How many vectors there is room for, and so how long a line may be: a power of two. */
export const ROOM = 4096;
/** Where they begin; the lines, one after the other, stand before. */
const VECTORS = 16 * ROOM + 1088;

/** So many vectors at a time are in registers. */
const TAKEN = 8;
const LEVELS = Math.log2(TAKEN);

type Pair = readonly [less: number, greater: number];

/** The pairs of vectors so far apart, and then half as far. */
function halving(count: number, distance: number): Pair[] {
	if (distance < 1) return [];
	const pairs = Array.from({ length: count }, (_, i): Pair => [i, i + distance]);
	return [...pairs.filter(([i]) => (i & distance) === 0), ...halving(count, distance / 2)];
}

/** Two sorted halves of each block become one: the first pairs are those of first and last. */
function merging(block: number): Pair[] {
	const pairs = Array.from({ length: TAKEN }, (_, i): Pair => [i, i ^ (block - 1)]);
	return [...pairs.filter(([i, j]) => i < j), ...halving(TAKEN, block / 4)];
}

const LANES = { float32: f32x4, float64: f64x2, int32: i32x4 };
/** The dtypes that it sorts. */
export type Kind = keyof typeof LANES;

/** How many lines are sorted at a time. */
export const linesAtOnce = (kind: Kind): number => LANES[kind].lanes;

/**
 * A module whose `run` sorts so many lines of n elements, in blocks of `size` vectors: a power of
 * two from 8 on, and at least n. It gives whether there was a NaN, which became infinity, or a −0,
 * which may have become 0, or 0 that.
 */
export function networkModule(kind: Kind): Uint8Array<ArrayBuffer> {
	const lanes = LANES[kind];
	const [word, words] = kind === "float64" ? [i64, i64x2] : [i32, i32x4];
	const m = new ModuleBuilder({ pages: windowPages });
	m.define("run", ["i32", "i32", "i32"], "i32", (f, lines, n, size) => {
		const bytes = f.let(i32.mul(n, lanes.bytes));
		const block = f.let(i32.mul(size, 16));
		const groups = i32.shrU(i32.add(lines, lanes.lanes - 1), Math.log2(lanes.lanes));
		const end = f.let(i32.mul(groups, block));
		const greatest = f.let("pmin" in lanes ? lanes.const(Infinity) : lanes.const(0x7fffffff));
		const odd = f.let(i32x4.const(0));

		f.for(0, end, 16, (at) => f.store(v128, at, greatest, VECTORS));
		if ("pmin" in lanes) {
			f.for(0, f.let(i32.mul(lines, bytes)), 16, (at) => {
				const x = f.let(v128.load(at));
				const number = f.let(lanes.pmin(greatest, x));
				const isMinusZero = words.eq(x, f.constant(lanes.const(-0)));
				f.set(odd, v128.or(odd, v128.or(isMinusZero, v128.xor(x, number))));
				f.store(v128, at, number);
			});
		}
		/** Element by element, each line and the lane that it has. */
		const forEach = (move: (inLine: Local<"i32">, inLane: Local<"i32">) => void) => {
			const from = f.let(i32.const(0));
			f.for(0, lines, 1, (line) => {
				const group = i32.mul(i32.shrU(line, Math.log2(lanes.lanes)), block);
				const lane = i32.mul(i32.and(line, lanes.lanes - 1), lanes.bytes);
				const to = f.let(i32.add(group, lane));
				const after = f.let(i32.add(from, bytes));
				f.for(from, after, lanes.bytes, (at) => {
					move(at, to);
					f.set(to, i32.add(to, 16));
				});
				f.set(from, after);
			});
		};
		forEach((inLine, inLane) => f.store(word, inLane, word.load(inLine), VECTORS));
		// Behind the elements of the last lines nothing has to be sorted.
		const last = f.let(i32.add(i32.sub(end, block), i32.mul(n, 16)));
		sortBlocks(f as FunctionBuilder, lanes, last, block);
		forEach((inLine, inLane) => f.store(word, inLine, word.load(inLane, VECTORS)));
		return v128.anyTrue(odd);
	});
	return m.bytes();
}

/** Sorts each block of vectors up to an end; both in bytes. */
function sortBlocks(
	f: FunctionBuilder,
	lanes: (typeof LANES)[Kind],
	end: Local<"i32">,
	block: Local<"i32">,
) {
	/** Loads a vector from each of these addresses, and stores them with each pair in order. */
	const compare = (addresses: readonly Local<"i32">[], pairs: readonly Pair[]) => {
		const taken = addresses.map((at) => f.let(v128.load(at, VECTORS)));
		for (const [i, j] of pairs) {
			const [x, y] = [taken[i]!, taken[j]!];
			taken[i] = f.let("pmin" in lanes ? lanes.pmin(x, y) : lanes.min(x, y));
			taken[j] = f.let("pmin" in lanes ? lanes.pmax(x, y) : lanes.max(x, y));
		}
		for (const [i, at] of addresses.entries()) f.store(v128, at, taken[i]!, VECTORS);
	};
	/** The addresses from one on, so far apart. */
	const from = (at: Local<"i32">, count: number, distance: Local<"i32">) => {
		const addresses = [at];
		while (addresses.length < count) addresses.push(f.let(i32.add(addresses.at(-1)!, distance)));
		return addresses;
	};
	/** The first `distance` bytes of each part of so many times that, vector by vector. */
	const walk = (
		distance: Local<"i32">,
		count: number,
		body: (at: Local<"i32">, start: Local<"i32">) => void,
	) => {
		const start = f.let(i32.const(0));
		f.while(i32.lt(start, end), () => {
			f.for(start, f.let(i32.add(start, distance)), 16, (at) => body(at, start));
			f.set(start, i32.add(start, i32.mul(distance, count)));
		});
	};
	const halve = (distance: Local<"i32">, count: number) =>
		walk(distance, count, (at) => compare(from(at, count, distance), halving(count, count / 2)));

	// Blocks of so many as are taken, and then twice as many in each round, by merging two.
	const one = f.let(i32.const(16));
	const first = [2, 4, 8].flatMap(merging);
	walk(one, TAKEN, (at) => compare(from(at, TAKEN, one), first));

	const distance = f.let(i32.const(2 * 16));
	f.while(i32.lt(i32.mul(distance, TAKEN / 2), block), () => {
		const whole = f.let(i32.mul(distance, TAKEN));
		const back = f.let(i32.sub(0, distance));
		walk(distance, TAKEN, (at, start) => {
			// The first of one half is compared with the last of the other: as far from the end.
			const mirrored = f.let(i32.sub(i32.add(i32.mul(start, 2), i32.sub(whole, 16)), at));
			const up = from(at, TAKEN / 2, distance);
			const down = from(mirrored, TAKEN / 2, back).reverse();
			compare([...up, ...down], merging(TAKEN));
		});
		// What is left to compare lies in parts of so many bytes, which get smaller.
		const left = f.let(distance);
		f.while(i32.ge(left, TAKEN * 16), () => {
			f.set(left, i32.shrU(left, LEVELS));
			halve(left, TAKEN);
		});
		for (const count of [4, 2]) f.if(i32.eq(left, count * 16), () => halve(one, count));
		f.set(distance, i32.mul(distance, 2));
	});
}
