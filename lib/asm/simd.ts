import { float32, float64, joinBytes } from "./encode.ts";
import {
	binary,
	type Expr,
	expression,
	instruction,
	type Operand,
	simd,
	table,
	unary,
} from "./expression.ts";
import { lanes, vectorOfBytes, wholeNumber } from "./lanes.ts";
import { int, loading } from "./memory.ts";
import { double, long, single } from "./scalar.ts";

// Instructions on vectors of 128 bits, under WebAssembly's own names; integers are signed unless a
// name ends in U. A plain number stands for a vector with that number in every lane. Comparisons
// give lanes of all ones or all zeros.

const bits = unary(wholeNumber(1), "v128");
const bitsOfTwo = binary(wholeNumber(1), "v128");

/** Vectors as 128 bits, whatever the lanes. */
export const v128 = table(() => ({
	type: "v128",
	/** A constant of one byte repeated. */
	const: wholeNumber(1),
	/** A constant of 16 bytes. */
	of: vectorOfBytes,
	load: loading("v128", simd(0), 16),
	storing: { type: "v128", opcode: simd(11), bytes: 16 },
	not: bits(simd(77)),
	and: bitsOfTwo(simd(78)),
	/** The bits of the first that the second does not have. */
	andNot: bitsOfTwo(simd(79)),
	or: bitsOfTwo(simd(80)),
	xor: bitsOfTwo(simd(81)),
	/** Bits of the first where the mask has ones, of the second elsewhere. */
	bitselect: (x: Expr<"v128">, y: Expr<"v128">, mask: Expr<"v128">): Expr<"v128"> =>
		instruction("v128", simd(82), [x, y, mask]),
	anyTrue: (x: Expr<"v128">): Expr<"i32"> => instruction("i32", simd(83), [x]),
}));

const toI32 = (opcode: number) => (x: Expr<"v128">) => instruction("i32", simd(opcode), [x]);
const toVector = (opcode: number) => (x: Expr<"v128">) => instruction("v128", simd(opcode), [x]);
const shift = (opcode: number) => (x: Expr<"v128">, by: Operand<"i32">) =>
	instruction("v128", simd(opcode), [x, expression(by, int)]);

const word = wholeNumber(4);
const words = unary(word, "v128");
const wordsOfTwo = binary(word, "v128");

/** Four 32-bit integers. */
export const i32x4 = table(() => ({
	...lanes(4, "i32", int, { splat: 17, extract: 27, replace: 28 }),
	const: word,
	eq: wordsOfTwo(simd(55)),
	ne: wordsOfTwo(simd(56)),
	lt: wordsOfTwo(simd(57)),
	ltU: wordsOfTwo(simd(58)),
	gt: wordsOfTwo(simd(59)),
	le: wordsOfTwo(simd(61)),
	ge: wordsOfTwo(simd(63)),
	abs: words(simd(160)),
	neg: words(simd(161)),
	allTrue: toI32(163),
	shl: shift(171),
	shr: shift(172),
	shrU: shift(173),
	add: wordsOfTwo(simd(174)),
	sub: wordsOfTwo(simd(177)),
	mul: wordsOfTwo(simd(181)),
	min: wordsOfTwo(simd(182)),
	max: wordsOfTwo(simd(184)),
	/**
	 * Two float64 cut off towards zero, in the low lanes; the high ones are 0. What does not fit
	 * saturates, NaN gives 0.
	 */
	truncF64x2: toVector(252),
}));

const pair = wholeNumber(8);
const pairs = unary(pair, "v128");
const pairsOfTwo = binary(pair, "v128");

/** Two 64-bit integers. */
export const i64x2 = table(() => ({
	...lanes(8, "i64", long, { splat: 18, extract: 29, replace: 30 }),
	const: pair,
	abs: pairs(simd(192)),
	neg: pairs(simd(193)),
	allTrue: toI32(195),
	/** The two low, or high, 32-bit lanes. */
	extendLow: toVector(199),
	extendHigh: toVector(200),
	shl: shift(203),
	shr: shift(204),
	shrU: shift(205),
	add: pairsOfTwo(simd(206)),
	sub: pairsOfTwo(simd(209)),
	mul: pairsOfTwo(simd(213)),
	eq: pairsOfTwo(simd(214)),
	ne: pairsOfTwo(simd(215)),
	lt: pairsOfTwo(simd(216)),
	gt: pairsOfTwo(simd(217)),
	le: pairsOfTwo(simd(218)),
	ge: pairsOfTwo(simd(219)),
}));

/**
 * What vectors of floats have in common: the numbers are those of the first instruction of a group.
 */
function floats(
	literal: (value: number) => Expr<"v128">,
	rounding: readonly [ceil: number, floor: number, trunc: number, nearest: number],
	comparing: number,
	computing: number,
	relaxedMadd: number,
) {
	const one = unary(literal, "v128");
	const two = binary(literal, "v128");
	const [ceil, floor, trunc, nearest] = rounding;
	return {
		const: literal,
		eq: two(simd(comparing)),
		ne: two(simd(comparing + 1)),
		lt: two(simd(comparing + 2)),
		gt: two(simd(comparing + 3)),
		le: two(simd(comparing + 4)),
		ge: two(simd(comparing + 5)),
		ceil: one(simd(ceil)),
		floor: one(simd(floor)),
		trunc: one(simd(trunc)),
		/** To the nearest whole number, ties to even. */
		nearest: one(simd(nearest)),
		abs: one(simd(computing)),
		// By the sign bit: of two f64x2.neg side by side V8 13.6 makes a vector of 256 bits that has
		// other exponents too.
		neg: (x: Operand<"v128">) => v128.xor(expression(x, literal), literal(-0)),
		sqrt: one(simd(computing + 3)),
		add: two(simd(computing + 4)),
		sub: two(simd(computing + 5)),
		mul: two(simd(computing + 6)),
		div: two(simd(computing + 7)),
		/** NaN where one is NaN; −0 is less than 0. */
		min: two(simd(computing + 8)),
		max: two(simd(computing + 9)),
		/** y < x ? y : x, lane by lane; one machine instruction. */
		pmin: two(simd(computing + 10)),
		/** x < y ? y : x, lane by lane; one machine instruction. */
		pmax: two(simd(computing + 11)),
		/** x·y + z, lane by lane: rounded once or twice, as the engine likes. */
		relaxedMadd: (x: Expr<"v128">, y: Expr<"v128">, z: Expr<"v128">): Expr<"v128"> =>
			instruction("v128", simd(relaxedMadd), [x, y, z]),
	} as const;
}

const repeat = (times: number, encode: (value: number) => number[]) => (value: number) =>
	vectorOfBytes(joinBytes(new Array<number[]>(times).fill(encode(value))));

/** Four float32. */
export const f32x4 = table(() => ({
	...lanes(4, "f32", single, { splat: 19, extract: 31, replace: 32 }),
	...floats(repeat(4, float32), [103, 104, 105, 106], 65, 224, 0x105),
	convertI32x4: toVector(250),
	/** Two float64 rounded, in the low lanes; the high ones are 0. */
	demote: toVector(94),
	/** A number from memory in the lowest lane, 0 in the others. */
	loadZero: loading("v128", simd(92), 4),
}));

/** Two float64. */
export const f64x2 = table(() => ({
	...lanes(8, "f64", double, { splat: 20, extract: 33, replace: 34 }),
	...floats(repeat(2, float64), [116, 117, 122, 148], 71, 236, 0x107),
	/** The two low lanes of 32-bit integers. */
	convertI32x4: toVector(254),
	/** The two low lanes of float32. */
	promote: toVector(95),
	/** A number from memory in the lowest lane, 0 in the other. */
	loadZero: loading("v128", simd(93), 8),
}));

/** Sixteen bytes: what masks and bools need of them. */
export const i8x16 = table(() => ({
	...lanes(1, "i32", int, { splat: 15, extract: 21, replace: 23 }),
	const: wholeNumber(1),
	eq: bitsOfTwo(simd(35)),
	ne: bitsOfTwo(simd(36)),
	add: bitsOfTwo(simd(110)),
	sub: bitsOfTwo(simd(113)),
	allTrue: toI32(99),
	/** Bytes of the first vector at the positions in the second; 0 where a position is beyond. */
	swizzle: bitsOfTwo(simd(14)),
	/** Two vectors of 16-bit lanes saturated to bytes. */
	narrow: bitsOfTwo(simd(101)),
}));

/** Eight 16-bit integers: the way between bytes and 32-bit lanes. */
export const i16x8 = table(() => ({
	...lanes(2, "i32", int, { splat: 16, extract: 24, replace: 26 }),
	const: wholeNumber(2),
	/** Two vectors of 32-bit lanes saturated to 16 bits. */
	narrow: binary(wholeNumber(4), "v128")(simd(133)),
	/** The eight low, or high, bytes. */
	extendLow: toVector(135),
	extendHigh: toVector(136),
}));
