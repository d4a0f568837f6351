import { type Bytes, copyBytes, unsigned } from "./encode.ts";

/** The types of WebAssembly's values. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/**
 * Code that leaves a value of this type, or none. It is code and not a value: where it stands twice
 * it runs twice; keep what is needed twice in a local.
 */
export interface Expr<T extends ValueType | "none" = ValueType | "none"> {
	readonly type: T;
	readonly code: Bytes;
}

/**
 * What instructions take: an expression, or a plain number as a constant (in every lane of a
 * vector).
 */
export type Operand<T extends ValueType> = Expr<T> | number;

/** Turns a plain number into a constant. */
export type Literal<T extends ValueType> = (value: number) => Expr<T>;

/** The bytes of an instruction: those below 256 stand for themselves, lists have a prefix. */
export type Opcode = number | Bytes;

const NONE: Bytes = [];

/** The instructions behind the prefix of SIMD. */
export const simd = (code: number): Bytes => [0xfd, ...unsigned(code)];

/** The instructions behind the prefix of the saturating conversions and of bulk memory. */
export const extended = (code: number): Bytes => [0xfc, ...unsigned(code)];

/** The instructions behind the prefix of atomics. */
export const atomics = (code: number): Bytes => [0xfe, ...unsigned(code)];

/** An expression from the code of its operands, an opcode and what follows it in the code. */
export function instruction<T extends ValueType | "none">(
	type: T,
	opcode: Opcode,
	operands: readonly Expr[],
	immediate: Bytes = NONE,
): Expr<T> {
	// A module is made of thousands of these: they are not joined by way of a list.
	const bytes = typeof opcode === "number" ? [opcode] : opcode;
	let length = bytes.length + immediate.length;
	for (const x of operands) length += x.code.length;
	const code = new Array<number>(length);
	let at = 0;
	for (const x of operands) at = copyBytes(x.code, code, at);
	copyBytes(immediate, code, copyBytes(bytes, code, at));
	return { type, code };
}

/** An operand as an expression. */
export function expression<T extends ValueType>(x: Operand<T>, literal: Literal<T>): Expr<T> {
	return typeof x === "number" ? literal(x) : x;
}

/** A maker of instructions with one operand. */
/* @__NO_SIDE_EFFECTS__ */
export function unary<T extends ValueType, R extends ValueType>(literal: Literal<T>, result: R) {
	return (opcode: Opcode) =>
		(x: Operand<T>): Expr<R> =>
			instruction(result, opcode, [expression(x, literal)]);
}

/** A maker of instructions with two operands of one type. */
/* @__NO_SIDE_EFFECTS__ */
export function binary<T extends ValueType, R extends ValueType>(literal: Literal<T>, result: R) {
	return (opcode: Opcode) =>
		(x: Operand<T>, y: Operand<T>): Expr<R> =>
			instruction(result, opcode, [expression(x, literal), expression(y, literal)]);
}

/** A maker of conversions from a type whose plain numbers need no conversion. */
/* @__NO_SIDE_EFFECTS__ */
export function conversion<T extends ValueType, R extends ValueType>(_from: T, result: R) {
	return (opcode: Opcode) =>
		(x: Expr<T>): Expr<R> =>
			instruction(result, opcode, [x]);
}

/**
 * The instructions of a type. They are listed in a function, so that a bundler leaves out a table
 * of which a program uses nothing.
 */
/* @__NO_SIDE_EFFECTS__ */
export function table<const T>(list: () => T): T {
	return list();
}
