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
	gtU: i32Binary(0x4b),
	le: i32Binary(0x4c),
	leU: i32Binary(0x4d),
	ge: i32Binary(0x4e),
	geU: i32Binary(0x4f),
	clz: i32Test(0x67),
	ctz: i32Test(0x68),
	popcnt: i32Test(0x69),
	add: i32Binary(0x6a),
	sub: i32Binary(0x6b),
	mul: i32Binary(0x6c),
	div: i32Binary(0x6d),
	divU: i32Binary(0x6e),
	rem: i32Binary(0x6f),
	remU: i32Binary(0x70),
	and: i32Binary(0x71),
	or: i32Binary(0x72),
	xor: i32Binary(0x73),
	shl: i32Binary(0x74),
	shr: i32Binary(0x75),
	shrU: i32Binary(0x76),
	rotl: i32Binary(0x77),
	rotr: i32Binary(0x78),
	wrap: conversion("i64", "i32")(0xa7),
	truncF32: conversion("f32", "i32")(extended(0)),
	truncF32U: conversion("f32", "i32")(extended(1)),
	truncF64: conversion("f64", "i32")(extended(2)),
	truncF64U: conversion("f64", "i32")(extended(3)),
	/** The bits of an f32. */
	reinterpret: conversion("f32", "i32")(0xbc),
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
const i64Unary = unary(long, "i64");
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
	gtU: i64Compare(0x56),
	le: i64Compare(0x57),
	leU: i64Compare(0x58),
	ge: i64Compare(0x59),
	geU: i64Compare(0x5a),
	clz: i64Unary(0x79),
	ctz: i64Unary(0x7a),
	popcnt: i64Unary(0x7b),
	add: i64Binary(0x7c),
	sub: i64Binary(0x7d),
	mul: i64Binary(0x7e),
	div: i64Binary(0x7f),
	divU: i64Binary(0x80),
	rem: i64Binary(0x81),
	remU: i64Binary(0x82),
	and: i64Binary(0x83),
	or: i64Binary(0x84),
	xor: i64Binary(0x85),
	shl: i64Binary(0x86),
	shr: i64Binary(0x87),
	shrU: i64Binary(0x88),
	rotl: i64Binary(0x89),
	rotr: i64Binary(0x8a),
	extend: conversion("i32", "i64")(0xac),
	extendU: conversion("i32", "i64")(0xad),
	truncF64: conversion("f64", "i64")(extended(6)),
	truncF64U: conversion("f64", "i64")(extended(7)),
	/** The bits of an f64. */
	reinterpret: conversion("f64", "i64")(0xbd),
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
	copysign: f32Binary(0x98),
	convertI32: conversion("i32", "f32")(0xb2),
	convertI32U: conversion("i32", "f32")(0xb3),
	demote: conversion("f64", "f32")(0xb6),
	/** The f32 with these bits. */
	reinterpret: conversion("i32", "f32")(0xbe),
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
	copysign: f64Binary(0xa6),
	convertI32: conversion("i32", "f64")(0xb7),
	convertI32U: conversion("i32", "f64")(0xb8),
	convertI64: conversion("i64", "f64")(0xb9),
	convertI64U: conversion("i64", "f64")(0xba),
	promote: conversion("f32", "f64")(0xbb),
	/** The f64 with these bits. */
	reinterpret: conversion("i64", "f64")(0xbf),
}));

/** One of two values of a type, by a condition; both are computed. */
export function select<T extends Expr>(condition: Operand<"i32">, x: T, otherwise: T): T {
	const test = typeof condition === "number" ? int(condition) : condition;
	// The untyped form takes numbers and vectors alike.
	return instruction(x.type, 0x1b, [x, otherwise, test]) as T;
}
