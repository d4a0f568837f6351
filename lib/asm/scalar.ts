import { float32, float64, signed64 } from "./encode.ts";
import {
	binary,
	conversion,
	type Expr,
	extended,
	instruction,
	type Operand,
	table,
	unary,
} from "./expression.ts";
import { int, loading } from "./memory.ts";

// Instructions on single numbers, under WebAssembly's own names. Integers are signed unless a name
// ends in U, and conversions from floats saturate instead of trapping.

const i32Test = unary(int, "i32");
const i32Binary = binary(int, "i32");

/** 32-bit integers; also truth values (0 or 1), addresses and counts. */
export const i32 = table(() => ({
	type: "i32",
	const: int,
	load: loading("i32", 0x28, 4),
	storing: { type: "i32", opcode: 0x36, bytes: 4 },
	eqz: i32Test(0x45),
	eq: i32Binary(0x46),
	ne: i32Binary(0x47),
	lt: i32Binary(0x48),
	ltU: i32Binary(0x49),
	gt: i32Binary(0x4a),
	le: i32Binary(0x4c),
	ge: i32Binary(0x4e),
	add: i32Binary(0x6a),
	sub: i32Binary(0x6b),
	mul: i32Binary(0x6c),
	div: i32Binary(0x6d),
	rem: i32Binary(0x6f),
	and: i32Binary(0x71),
	or: i32Binary(0x72),
	xor: i32Binary(0x73),
	shl: i32Binary(0x74),
	shr: i32Binary(0x75),
	shrU: i32Binary(0x76),
	wrap: conversion("i64", "i32")(0xa7),
	truncF64: conversion("f64", "i32")(extended(2)),
}));

/** Bytes in memory, as i32 in code. */
export const i8 = table(() => ({
	type: "i32",
	const: int,
	load: loading("i32", 0x2c, 1),
	loadU: loading("i32", 0x2d, 1),
	storing: { type: "i32", opcode: 0x3a, bytes: 1 },
}));

/** A constant of 64 bits. */
export const long = (value: number | bigint): Expr<"i64"> =>
	instruction("i64", 0x42, [], signed64(BigInt(value)));
const i64Binary = binary(long, "i64");
const i64Compare = binary(long, "i32");

/** 64-bit integers. */
export const i64 = table(() => ({
	type: "i64",
	const: long,
	load: loading("i64", 0x29, 8),
	storing: { type: "i64", opcode: 0x37, bytes: 8 },
	eqz: unary(long, "i32")(0x50),
	eq: i64Compare(0x51),
	ne: i64Compare(0x52),
	lt: i64Compare(0x53),
	ltU: i64Compare(0x54),
	gt: i64Compare(0x55),
	le: i64Compare(0x57),
	ge: i64Compare(0x59),
	add: i64Binary(0x7c),
	sub: i64Binary(0x7d),
	mul: i64Binary(0x7e),
	div: i64Binary(0x7f),
	rem: i64Binary(0x81),
	and: i64Binary(0x83),
	or: i64Binary(0x84),
	xor: i64Binary(0x85),
	shl: i64Binary(0x86),
	shr: i64Binary(0x87),
	shrU: i64Binary(0x88),
	truncF64: conversion("f64", "i64")(extended(6)),
}));

/** A float32 as a constant. */
export const single = (value: number): Expr<"f32"> => instruction("f32", 0x43, [], float32(value));
const f32Unary = unary(single, "f32");
const f32Binary = binary(single, "f32");
const f32Compare = binary(single, "i32");

/** float32. `min` and `max` give NaN where there is one; `nearest` takes ties to even. */
export const f32 = table(() => ({
	type: "f32",
	const: single,
	load: loading("f32", 0x2a, 4),
	storing: { type: "f32", opcode: 0x38, bytes: 4 },
	eq: f32Compare(0x5b),
	ne: f32Compare(0x5c),
	lt: f32Compare(0x5d),
	gt: f32Compare(0x5e),
	le: f32Compare(0x5f),
	ge: f32Compare(0x60),
	abs: f32Unary(0x8b),
	neg: f32Unary(0x8c),
	ceil: f32Unary(0x8d),
	floor: f32Unary(0x8e),
	trunc: f32Unary(0x8f),
	nearest: f32Unary(0x90),
	sqrt: f32Unary(0x91),
	add: f32Binary(0x92),
	sub: f32Binary(0x93),
	mul: f32Binary(0x94),
	div: f32Binary(0x95),
	min: f32Binary(0x96),
	max: f32Binary(0x97),
	convertI32: conversion("i32", "f32")(0xb2),
	demote: conversion("f64", "f32")(0xb6),
}));

/** A float64 as a constant. */
export const double = (value: number): Expr<"f64"> => instruction("f64", 0x44, [], float64(value));
const f64Unary = unary(double, "f64");
const f64Binary = binary(double, "f64");
const f64Compare = binary(double, "i32");

/** float64. `min` and `max` give NaN where there is one; `nearest` takes ties to even. */
export const f64 = table(() => ({
	type: "f64",
	const: double,
	load: loading("f64", 0x2b, 8),
	storing: { type: "f64", opcode: 0x39, bytes: 8 },
	eq: f64Compare(0x61),
	ne: f64Compare(0x62),
	lt: f64Compare(0x63),
	gt: f64Compare(0x64),
	le: f64Compare(0x65),
	ge: f64Compare(0x66),
	abs: f64Unary(0x99),
	neg: f64Unary(0x9a),
	ceil: f64Unary(0x9b),
	floor: f64Unary(0x9c),
	trunc: f64Unary(0x9d),
	nearest: f64Unary(0x9e),
	sqrt: f64Unary(0x9f),
	add: f64Binary(0xa0),
	sub: f64Binary(0xa1),
	mul: f64Binary(0xa2),
	div: f64Binary(0xa3),
	min: f64Binary(0xa4),
	max: f64Binary(0xa5),
	convertI32: conversion("i32", "f64")(0xb7),
	promote: conversion("f32", "f64")(0xbb),
}));

/** One of two values of a type, by a condition; both are computed. */
export function select<T extends Expr>(condition: Operand<"i32">, x: T, otherwise: T): T {
	const test = typeof condition === "number" ? int(condition) : condition;
	// The untyped form takes numbers and vectors alike.
	return instruction(x.type, 0x1b, [x, otherwise, test]) as T;
}
