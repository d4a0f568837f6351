import type { Bytes } from "./encode.ts";
import {
	type Expr,
	expression,
	instruction,
	type Literal,
	type Operand,
	simd,
	type ValueType,
} from "./expression.ts";
import { type Address, int, loading, memoryArgument } from "./memory.ts";

/** A constant vector of these 16 bytes. */
export function vectorOfBytes(bytes: Bytes): Expr<"v128"> {
	return instruction("v128", simd(12), [], bytes);
}

/** Constant vectors of a whole number in each lane of so many bytes. */
/* @__NO_SIDE_EFFECTS__ */
export function wholeNumber(lane: number): (value: number | bigint) => Expr<"v128"> {
	return (value) => {
		const bits = BigInt.asUintN(8 * lane, BigInt(value));
		return vectorOfBytes(
			Array.from({ length: 16 }, (_, i) => Number((bits >> BigInt(8 * (i % lane))) & 0xffn)),
		);
	};
}

/**
 * What vectors of lanes of so many bytes can do whatever is in the lanes: moving them to and fro.
 */
export function lanes<T extends ValueType>(
	bytes: number,
	type: T,
	literal: Literal<T>,
	opcodes: { readonly splat: number; readonly extract: number; readonly replace: number },
) {
	const power = Math.log2(bytes);
	return {
		type: "v128",
		/** How many lanes there are, and how many bytes are in each. */
		lanes: 16 / bytes,
		bytes,
		load: loading("v128", simd(0), 16),
		storing: { type: "v128", opcode: simd(11), bytes: 16 },
		/** A number from memory, in every lane. */
		loadSplat: loading("v128", simd(7 + power), bytes),
		/** A vector with another number, from memory, in one lane. */
		loadLane: (address: Address, x: Expr<"v128">, lane: number, offset = 0): Expr<"v128"> =>
			instruction(
				"v128",
				simd(84 + power),
				[expression(address, int), x],
				[...memoryArgument(bytes, offset), lane],
			),
		/** Stores the number in one lane; `f.do` runs it. */
		storeLane: (address: Address, x: Expr<"v128">, lane: number, offset = 0): Expr<"none"> =>
			instruction(
				"none",
				simd(88 + power),
				[expression(address, int), x],
				[...memoryArgument(bytes, offset), lane],
			),
		/** A number in every lane. */
		splat: (x: Operand<T>): Expr<"v128"> =>
			instruction("v128", simd(opcodes.splat), [expression(x, literal)]),
		/** The number in one lane. */
		extract: (x: Expr<"v128">, lane: number): Expr<T> =>
			instruction(type, simd(opcodes.extract), [x], [lane]),
		/** A vector with another number in one lane. */
		replace: (x: Expr<"v128">, lane: number, value: Operand<T>): Expr<"v128"> =>
			instruction("v128", simd(opcodes.replace), [x, expression(value, literal)], [lane]),
		/**
		 * Lanes picked from two vectors: those of the second are numbered on from those of the first.
		 */
		shuffle: (x: Expr<"v128">, y: Expr<"v128">, picked: readonly number[]): Expr<"v128"> =>
			instruction(
				"v128",
				simd(13),
				[x, y],
				picked.flatMap((lane) => Array.from({ length: bytes }, (_, i) => lane * bytes + i)),
			),
	} as const;
}
