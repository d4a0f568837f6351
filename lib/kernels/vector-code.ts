import { ModuleBuilder } from "../asm/assembler.ts";
import type { Expr } from "../asm/expression.ts";
import { formulaOnVectors, type ValueOf } from "../asm/formula.ts";
import type { FunctionBuilder, Local } from "../asm/function.ts";
import { i32 } from "../asm/scalar.ts";
import { f32x4, f64x2, i8x16, i16x8, i32x4, i64x2, v128 } from "../asm/simd.ts";
import { BYTES, type DType } from "../core/dtype.ts";
import { isRounded, ROUNDING, rounded } from "../scalar/rounding.ts";
import {
	type CallTerm,
	inOrder,
	type NativeFunction,
	operandsOf,
	rewritten,
	type Scalar,
	type Term,
	withArguments,
} from "../scalar/scalar.ts";
import { powerOf2 } from "../scalar/short.ts";
import { singleFunctions, vectorFunctions } from "./vector-functions.ts";

/** How many elements a window holds: few enough for the nearest caches to hold all windows. */
export const WINDOW = 4096;

/** Where the window of an argument begins; that of the result follows. Not a power of two apart. */
export const windowAt = (k: number) => k * (8 * WINDOW + 1088);

/** The pages of memory that windows take. */
export const windowPages = Math.ceil(windowAt(4) / 65536);

/** Formulas of more steps choose between many parts, of which a plain loop computes one. */
const LONGEST = 65;
/** So many steps a function of JavaScript's takes. */
const STEPS_OF_FUNCTION = 25;

function stepsOf(part: Term): number {
	if (isRounded(part)) return 0;
	if (part.kind === "call" && part.of !== powerOf2) return STEPS_OF_FUNCTION;
	return "args" in part ? 1 : 0;
}

/**
 * A formula as vectors compute it, with those of the functions that it calls inside; null where
 * there is no code for a function, or truth is not the result where it should be.
 */
export function forVectors(term: Term, out: DType): Term | null {
	const inside = inlined(term);
	const isShort = inOrder(inside).reduce((steps, part) => steps + stepsOf(part), 0) <= LONGEST;
	const isKnown = isShort && nativesIn(inside).every((f) => vectorFunctions.has(f.evaluate));
	return isKnown && (out !== "bool" || inside.type === "truth") ? inside : null;
}

/** By putting arguments in alone: `specialized` would bring the algebra into every bundle. */
function inlined(term: Term): Term {
	return rewritten(term, (part) => {
		if (part.kind !== "call" || !("term" in part.of)) return part;
		return inlined(withArguments(part.of.term(), part.args));
	});
}

/** The functions of JavaScript's in a term for vectors. */
export function nativesIn(term: Term): NativeFunction[] {
	const called = inOrder(term).flatMap((part) => (part.kind === "call" ? [part.of] : []));
	return [...new Set(called)] as NativeFunction[];
}

/** Which arguments a term reads. */
export function argumentsIn(term: Term): Set<number> {
	return new Set(inOrder(term).flatMap((part) => (part.kind === "argument" ? [part.index] : [])));
}

/**
 * Whether float32 is computed as such and comes to the same bits: what is rounded to float64 and
 * then to float32 is rounded once, if it is a single sum, product, quotient or root of float32
 * (S. A. Figueroa, "When is double rounding innocuous?", 1995).
 */
function isSingle(term: Term, inputs: readonly DType[], out: DType): boolean {
	const narrow = (dtype: DType) => dtype === "float32" || dtype === "bool";
	// What is stored is rounded in any case.
	const order = inOrder(rounded(term as Scalar, () => true));
	const read = argumentsIn(term);
	const unrounded = new Set(order.flatMap((part) => (isRounded(part) ? [] : operandsOf(part))));
	return (
		[...inputs.filter((_, k) => read.has(k)), out].every(narrow) &&
		order.every((part) => {
			if (part.kind === "constant") return Object.is(Math.fround(part.value), part.value);
			if (part.kind === "call") return singleFunctions.has((part.of as NativeFunction).evaluate);
			return part.kind !== "apply" || !unrounded.has(part) || !ROUNDING.has(part.of.name);
		})
	);
}

type Bits = Expr<"v128">;
type Four = readonly Local<"v128">[];

/** The lowest four bytes, at the start of a lane of 32 bits each. */
const SPREAD = [0, 1, 2, 3].flatMap((byte) => [byte, 255, 255, 255]);

const upperHalf = (x: Bits) => i32x4.shuffle(x, x, [2, 3, 2, 3]);

/** Four elements from an address on: a vector of float32, or two of float64. */
function loadFour(
	code: FunctionBuilder,
	dtype: DType,
	single: boolean,
	at: Local<"i32">,
	offset: number,
): Four {
	if (dtype === "float64") {
		return [0, 16].map((half) => code.let(v128.load(at, offset + half)));
	}
	if (dtype === "bool") {
		const spread = code.constant(v128.of(SPREAD));
		const ones = code.let(i8x16.swizzle(f32x4.loadZero(at, offset), spread));
		if (single) return [code.let(f32x4.convertI32x4(ones))];
		return [ones, upperHalf(ones)].map((x) => code.let(f64x2.convertI32x4(x)));
	}
	const four = code.let(v128.load(at, offset));
	if (single) return [four];
	const convert = dtype === "float32" ? f64x2.promote : f64x2.convertI32x4;
	return [four, upperHalf(four)].map((x) => code.let(convert(x)));
}

/** Four results as they are stored: one vector, or two of float64. */
function stored(
	code: FunctionBuilder,
	parts: Four,
	isTruth: boolean,
	out: DType,
	misfit: Local<"v128">,
): Bits[] {
	const [x, y] = parts as [Local<"v128">, Local<"v128"> | undefined];
	if (isTruth) {
		if (out === "float64")
			return parts.map((part) => v128.and(part, code.constant(f64x2.const(1))));
		const mask = y === undefined ? x : code.let(i32x4.shuffle(x, y, [0, 2, 4, 6]));
		if (out !== "bool")
			return [v128.and(mask, code.constant((out === "int32" ? i32x4 : f32x4).const(1)))];
		const words = code.let(i16x8.narrow(mask, mask));
		return [v128.and(i8x16.narrow(words, words), code.constant(i8x16.const(1)))];
	}
	if (y === undefined || out === "float64") return [...parts];
	if (out === "float32") return [i64x2.shuffle(f32x4.demote(x), f32x4.demote(y), [0, 2])];
	const wholes = [x, y].map((part) => code.let(i32x4.truncF64x2(part)));
	for (const [i, whole] of wholes.entries()) {
		code.set(misfit, v128.or(misfit, f64x2.ne(f64x2.convertI32x4(whole), [x, y][i]!)));
	}
	return [i64x2.shuffle(wholes[0]!, wholes[1]!, [0, 2])];
}

/**
 * A module whose `run` computes a formula of so many elements of the windows, and some more up to a
 * whole vector. It gives whether an int32 did not fit.
 */
export function vectorModule(
	term: Term,
	inputs: readonly DType[],
	out: DType,
): Uint8Array<ArrayBuffer> {
	const single = isSingle(term, inputs, out);
	const read = argumentsIn(term);
	// Enough at a time to hide how long an instruction takes.
	const blocks = Array.from({ length: single ? 4 : 2 }, (_, b) => 4 * b);
	const m = new ModuleBuilder({ pages: windowPages });
	m.define("run", ["i32"], "i32", (f, n) => {
		const code = f as FunctionBuilder;
		const misfit = f.let(i32x4.const(0));
		const lanes = single ? f32x4 : f64x2;
		const hoisted = { ...lanes, const: (x: number) => f.constant(lanes.const(x)) };
		const functions = single ? singleFunctions : vectorFunctions;
		const called = ({ of, args }: CallTerm, value: ValueOf): Bits =>
			functions.get((of as NativeFunction).evaluate)!(code, code.let(value(args[0]!)));
		const compute = (args: readonly (Four | undefined)[]): Four =>
			(single ? [0] : [0, 1]).map((part) => {
				const parts = args.map((four) => four?.[part]);
				return f.let(formulaOnVectors(code, term, parts, hoisted as typeof lanes, called));
			});
		f.for(0, n, 4 * blocks.length, (i) => {
			const at: Partial<Record<number, Local<"i32">>> = { 1: i };
			for (const bytes of [4, 8]) at[bytes] = f.let(i32.mul(i, bytes));
			const place = (dtype: DType, k: number, b: number) =>
				[at[BYTES[dtype]]!, windowAt(k) + b * BYTES[dtype]] as const;
			// Loads, then arithmetic, then stores: so an engine sees which vectors it may join.
			const loaded = blocks.map((b) =>
				inputs.map((dtype, k) =>
					read.has(k) ? loadFour(code, dtype, single, ...place(dtype, k, b)) : undefined,
				),
			);
			const made = loaded.map(compute).map((parts) => {
				const isTruth = term.type === "truth";
				return stored(code, parts, isTruth, out, misfit).map((part) => f.let(part));
			});
			for (const [b, parts] of made.entries()) {
				const [to, offset] = place(out, inputs.length, blocks[b]!);
				if (out === "bool") f.do(f32x4.storeLane(to, parts[0]!, 0, offset));
				else for (const [h, part] of parts.entries()) f.store(v128, to, part, offset + 16 * h);
			}
		});
		return v128.anyTrue(misfit);
	});
	return m.bytes();
}
