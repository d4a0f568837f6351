import { type Bytes, signed32, unsigned } from "./encode.ts";
import {
	type Expr,
	expression,
	extended,
	instruction,
	type Opcode,
	type Operand,
	type ValueType,
} from "./expression.ts";

/** An address in bytes: an expression, or a fixed one. */
export type Address = Operand<"i32">;

/** Something of which memory can hold one: `f.store(f64, address, value)`. */
export interface Storable<T extends ValueType> {
	/** The type of what is stored, and how. */
	readonly storing: { readonly type: T; readonly opcode: Opcode; readonly bytes: number };
	/** A plain number as a constant of that type. */
	readonly const: (value: number) => Expr<T>;
}

/** An i32 constant, signed or unsigned: what addresses and counts are. */
export function int(value: number): Expr<"i32"> {
	if (value !== value >> 0 && value !== value >>> 0) {
		throw new RangeError(`i32: expected a whole number of 32 bits, got ${value}`);
	}
	return instruction("i32", 0x41, [], signed32(value));
}

/**
 * What follows the opcode of a load or a store: the alignment, natural for these bytes, and the
 * offset.
 */
export function memoryArgument(bytes: number, offset: number): Bytes {
	return [Math.log2(bytes), ...unsigned(offset)];
}

/** A load of so many bytes from an address and a constant offset, both in bytes. */
/* @__NO_SIDE_EFFECTS__ */
export function loading<T extends ValueType>(type: T, opcode: Opcode, bytes: number) {
	return (address: Address, offset = 0): Expr<T> =>
		instruction(type, opcode, [expression(address, int)], memoryArgument(bytes, offset));
}

/** The store that the counterpart of `loading` reads. */
export function storeOf<T extends ValueType>(
	{ storing, const: literal }: Storable<T>,
	address: Address,
	value: Operand<T>,
	offset: number,
): Expr<"none"> {
	return instruction(
		"none",
		storing.opcode,
		[expression(address, int), expression(value, literal)],
		memoryArgument(storing.bytes, offset),
	);
}

/**
 * Instructions on whole stretches of memory, with addresses and sizes in bytes; `f.do` runs them.
 */
export const memory = {
	/** The size of the memory, in pages of 64 KiB. */
	pages: (): Expr<"i32"> => instruction("i32", 0x3f, [], [0]),
	/** Copies from one place to another, which may overlap. */
	copy: (to: Address, from: Address, size: Operand<"i32">): Expr<"none"> =>
		instruction(
			"none",
			extended(10),
			[to, from, size].map((x) => expression(x, int)),
			[0, 0],
		),
	/** Fills with one byte. */
	fill: (at: Address, byte: Operand<"i32">, size: Operand<"i32">): Expr<"none"> =>
		instruction(
			"none",
			extended(11),
			[at, byte, size].map((x) => expression(x, int)),
			[0],
		),
};
