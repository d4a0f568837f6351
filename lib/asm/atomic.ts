import {
	atomics,
	type Expr,
	expression,
	instruction,
	type Literal,
	type Operand,
} from "./expression.ts";
import { type Address, int, memoryArgument } from "./memory.ts";
import { i64 } from "./scalar.ts";

/** The instructions on numbers of a type; `wide` is 1 for 64 bits and 0 for 32. */
function instructions<T extends "i32" | "i64">(type: T, literal: Literal<T>, wide: 0 | 1) {
	const bytes = 4 << wide;
	const rmw =
		(opcode: number) =>
		(address: Address, value: Operand<T>, offset = 0): Expr<T> =>
			instruction(
				type,
				atomics(opcode + wide),
				[expression(address, int), expression(value, literal)],
				memoryArgument(bytes, offset),
			);
	return {
		load: (address: Address, offset = 0): Expr<T> =>
			instruction(
				type,
				atomics(0x10 + wide),
				[expression(address, int)],
				memoryArgument(bytes, offset),
			),
		/** For `f.store(atomic.i32, address, value)`. */
		const: literal,
		storing: { type, opcode: atomics(0x17 + wide), bytes },
		add: rmw(0x1e),
		sub: rmw(0x25),
		and: rmw(0x2c),
		or: rmw(0x33),
		xor: rmw(0x3a),
		exchange: rmw(0x41),
		/** Stores a value if what is there is as expected. */
		compareExchange: (
			address: Address,
			expected: Operand<T>,
			value: Operand<T>,
			offset = 0,
		): Expr<T> =>
			instruction(
				type,
				atomics(0x48 + wide),
				[expression(address, int), expression(expected, literal), expression(value, literal)],
				memoryArgument(bytes, offset),
			),
		/**
		 * Sleeps while what is there is as expected, until notified or for so many nanoseconds (−1: for
		 * ever). Gives 0 when notified, 1 when it was something else, 2 when the time was up. Only for
		 * shared memory, and not on a page's main thread.
		 */
		wait: (
			address: Address,
			expected: Operand<T>,
			nanoseconds: Operand<"i64"> = -1,
			offset = 0,
		): Expr<"i32"> =>
			instruction(
				"i32",
				atomics(0x01 + wide),
				[
					expression(address, int),
					expression(expected, literal),
					expression(nanoseconds, i64.const),
				],
				memoryArgument(bytes, offset),
			),
	};
}

/**
 * Instructions on numbers in shared memory that all threads see in one order. The address is a
 * multiple of their size. Those that change a number give what was there before; `f.do` runs them
 * where that is not needed.
 */
export const atomic = {
	i32: instructions("i32", int, 0),
	i64: instructions("i64", i64.const, 1),
	/** Wakes up to so many of those that wait at an address, and gives how many there were. */
	notify: (address: Address, count: Operand<"i32">, offset = 0): Expr<"i32"> =>
		instruction(
			"i32",
			atomics(0x00),
			[expression(address, int), expression(count, int)],
			memoryArgument(4, offset),
		),
	/** Nothing moves across it. */
	fence: (): Expr<"none"> => instruction("none", atomics(0x03), [], [0]),
} as const;
