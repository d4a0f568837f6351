import { atomics, type Expr, expression, instruction, type Operand } from "./expression.ts";
import { type Address, int, memoryArgument } from "./memory.ts";
import { i64 } from "./scalar.ts";

function rmw(opcode: number) {
	return (address: Address, value: Operand<"i32">, offset = 0): Expr<"i32"> =>
		instruction(
			"i32",
			atomics(opcode),
			[expression(address, int), expression(value, int)],
			memoryArgument(4, offset),
		);
}

/**
 * Instructions on an i32 of shared memory that all threads see in one order. The address is a multiple of 4. Those that
 * change it give what was there before; `f.do` runs them where that is not needed.
 */
export const atomic = {
	load: (address: Address, offset = 0): Expr<"i32"> =>
		instruction("i32", atomics(0x10), [expression(address, int)], memoryArgument(4, offset)),
	/** For `f.store(atomic, address, value)`. */
	const: int,
	storing: { type: "i32", opcode: atomics(0x17), bytes: 4 },
	add: rmw(0x1e),
	sub: rmw(0x25),
	and: rmw(0x2c),
	or: rmw(0x33),
	xor: rmw(0x3a),
	exchange: rmw(0x41),
	/** Stores a value if what is there is as expected. */
	compareExchange: (
		address: Address,
		expected: Operand<"i32">,
		value: Operand<"i32">,
		offset = 0,
	): Expr<"i32"> =>
		instruction(
			"i32",
			atomics(0x48),
			[expression(address, int), expression(expected, int), expression(value, int)],
			memoryArgument(4, offset),
		),
	/**
	 * Sleeps while what is there is as expected, until notified or for so many nanoseconds (−1: for ever). Gives 0 when
	 * notified, 1 when it was something else, 2 when the time was up. Only for shared memory, and not on a page's main thread.
	 */
	wait: (
		address: Address,
		expected: Operand<"i32">,
		nanoseconds: Operand<"i64"> = -1,
		offset = 0,
	): Expr<"i32"> =>
		instruction(
			"i32",
			atomics(0x01),
			[expression(address, int), expression(expected, int), expression(nanoseconds, i64.const)],
			memoryArgument(4, offset),
		),
	/** Wakes up to so many sleepers, and gives how many there were. */
	notify: rmw(0x00),
	/** Nothing moves across it. */
	fence: (): Expr<"none"> => instruction("none", atomics(0x03), [], [0]),
} as const;
