import * as assert from "uvu/assert";
import type { Expr } from "../../lib/asm/expression.ts";
import { select } from "../../lib/asm/scalar.ts";
import { f32x4, f64x2, i8x16, i16x8, i32x4, i64x2, v128 } from "../../lib/asm/simd.ts";
import { suite } from "../suite.ts";
import { evaluate } from "./run-module.ts";

type View = { new (buffer: ArrayBuffer): ArrayLike<number | bigint> };

/**
 * Checks the lanes of each vector (or the number of a test of one), seen as elements of this view.
 */
function give(view: View, cases: readonly (readonly [Expr, number | readonly unknown[]])[]): void {
	const values = evaluate(cases.map(([x]) => x));
	for (const [i, [x, expected]] of cases.entries()) {
		const value = values[i]!;
		const actual =
			value instanceof Uint8Array ? Array.from(new view(value.buffer as ArrayBuffer)) : value;
		assert.equal(actual, expected, `[${x.code}]`);
	}
}

const floats = (...x: number[]) => x.reduce((v, y, i) => f32x4.replace(v, i, y), f32x4.const(0));
const doubles = (x: number, y: number) => f64x2.replace(f64x2.const(x), 1, y);
const words = (...x: number[]) => x.reduce((v, y, i) => i32x4.replace(v, i, y), i32x4.const(0));
const longs = (x: bigint, y: bigint) => i64x2.shuffle(i64x2.const(x), i64x2.const(y), [0, 3]);

suite("wasm/simd", (test) => {
	test("floats compute lane by lane", () => {
		const cases = (type: typeof f32x4 | typeof f64x2, x: Expr<"v128">, pad: unknown[]) =>
			[
				[type.add(x, 1), [-1.5, 5]],
				[type.sub(x, 1), [-3.5, 3]],
				[type.mul(x, 2), [-5, 8]],
				[type.div(x, 2), [-1.25, 2]],
				[type.min(x, 0), [-2.5, 0]],
				[type.max(x, NaN), [NaN, NaN]],
				[type.pmin(x, 1), [-2.5, 1]],
				[type.pmin(x, NaN), [-2.5, 4]],
				[type.pmax(x, 1), [1, 4]],
				[type.abs(x), [2.5, 4]],
				[type.neg(x), [2.5, -4]],
				[type.sqrt(x), [NaN, 2]],
				[type.ceil(x), [-2, 4]],
				[type.floor(x), [-3, 4]],
				[type.trunc(x), [-2, 4]],
				[type.nearest(x), [-2, 4]],
			].map(([y, lanes]) => [y as Expr, [...(lanes as number[]), ...pad]] as const);
		give(Float64Array, cases(f64x2, doubles(-2.5, 4), []));
		const twice = cases(f32x4, floats(-2.5, 4, -2.5, 4), []);
		give(
			Float32Array,
			twice.map(([y, lanes]) => [y, [...lanes, ...lanes]]),
		);
	});

	test("comparisons give lanes of ones or zeros", () => {
		const expected = {
			eq: [0, -1],
			ne: [-1, 0],
			lt: [-1, 0],
			gt: [0, 0],
			le: [-1, -1],
			ge: [0, -1],
		};
		for (const [name, [less, equal]] of Object.entries(expected) as ["eq", number[]][]) {
			give(Int32Array, [
				[f32x4[name](floats(0, 1, 0, 1), 1), [less, equal, less, equal]],
				[i32x4[name](words(-1, 1, -1, 1), 1), [less, equal, less, equal]],
				[f64x2[name](doubles(0, 1), 1), [less, less, equal, equal]],
				[i64x2[name](longs(-1n, 1n), 1), [less, less, equal, equal]],
			]);
		}
		give(Int32Array, [
			[i32x4.ltU(words(-1, 0, 1, 2), 1), [0, -1, 0, 0]],
			[f32x4.eq(NaN, NaN), [0, 0, 0, 0]],
		]);
	});

	test("integers compute lane by lane", () => {
		const x = words(-5, 2, 7, -1);
		give(Int32Array, [
			[i32x4.add(x, 2), [-3, 4, 9, 1]],
			[i32x4.sub(x, 2), [-7, 0, 5, -3]],
			[i32x4.mul(x, -3), [15, -6, -21, 3]],
			[i32x4.min(x, 0), [-5, 0, 0, -1]],
			[i32x4.max(x, 0), [0, 2, 7, 0]],
			[i32x4.abs(x), [5, 2, 7, 1]],
			[i32x4.neg(x), [5, -2, -7, 1]],
			[i32x4.shl(x, 1), [-10, 4, 14, -2]],
			[i32x4.shr(x, 1), [-3, 1, 3, -1]],
			[i32x4.shrU(x, 28), [15, 0, 0, 15]],
			[i32x4.allTrue(x), 1],
			[i32x4.allTrue(words(1, 0, 1, 1)), 0],
		]);
		const y = longs(-(2n ** 40n), 6n);
		give(BigInt64Array, [
			[i64x2.add(y, 1), [1n - 2n ** 40n, 7n]],
			[i64x2.sub(y, 1), [-1n - 2n ** 40n, 5n]],
			[i64x2.mul(y, 3), [-3n * 2n ** 40n, 18n]],
			[i64x2.abs(y), [2n ** 40n, 6n]],
			[i64x2.neg(y), [2n ** 40n, -6n]],
			[i64x2.shl(y, 2), [-(2n ** 42n), 24n]],
			[i64x2.shr(y, 1), [-(2n ** 39n), 3n]],
			[i64x2.shrU(y, 60), [15n, 0n]],
			[i64x2.extendLow(x), [-5n, 2n]],
			[i64x2.extendHigh(x), [7n, -1n]],
			[i64x2.allTrue(y), 1],
		]);
	});

	test("vectors convert between integers and floats, saturating", () => {
		give(Int32Array, [[i32x4.truncF64x2(doubles(-1.5, 1e10)), [-1, 2 ** 31 - 1, 0, 0]]]);
		const y = words(-1, 2, 3, 4);
		give(Float32Array, [
			[f32x4.convertI32x4(y), [-1, 2, 3, 4]],
			[f32x4.demote(doubles(0.1, -2)), [Math.fround(0.1), -2, 0, 0]],
		]);
		give(Float64Array, [
			[f64x2.convertI32x4(y), [-1, 2]],
			[f64x2.promote(floats(0.1, -2, 5, 5)), [Math.fround(0.1), -2]],
		]);
	});

	test("lanes are splatted, extracted, replaced and shuffled", () => {
		give(Float32Array, [
			[f32x4.splat(f32x4.extract(floats(1, 2, 3, 4), 2)), [3, 3, 3, 3]],
			[f32x4.shuffle(floats(1, 2, 3, 4), floats(5, 6, 7, 8), [0, 4, 3, 7]), [1, 5, 4, 8]],
		]);
		give(Float64Array, [
			[f64x2.splat(f64x2.extract(doubles(1, 2), 1)), [2, 2]],
			[f64x2.shuffle(doubles(1, 2), doubles(3, 4), [1, 2]), [2, 3]],
		]);
		give(Int32Array, [[i32x4.splat(i32x4.extract(words(1, -2, 3, 4), 1)), [-2, -2, -2, -2]]]);
		give(BigInt64Array, [[i64x2.splat(i64x2.extract(longs(1n, -2n), 1)), [-2n, -2n]]]);
		give(Int16Array, [[i16x8.splat(i16x8.extract(i16x8.const(-3), 4)), new Array(8).fill(-3)]]);
	});

	test("masks choose bits and are counted, bytes widen and narrow", () => {
		const mask = words(-1, 0, 0, -1);
		give(Int32Array, [
			[v128.bitselect(i32x4.const(1), i32x4.const(2), mask), [1, 2, 2, 1]],
			[v128.not(mask), [0, -1, -1, 0]],
			[v128.and(mask, i32x4.const(6)), [6, 0, 0, 6]],
			[v128.andNot(i32x4.const(6), mask), [0, 6, 6, 0]],
			[v128.or(mask, i32x4.const(6)), [-1, 6, 6, -1]],
			[v128.xor(mask, i32x4.const(-1)), [0, -1, -1, 0]],
			[v128.anyTrue(mask), 1],
			[select(0, mask, i32x4.const(9)), [9, 9, 9, 9]],
			[i8x16.allTrue(mask), 0],
		]);
		const halves = i16x8.narrow(words(1, 2, 70000, -4), words(5, 6, 7, 8));
		give(Int16Array, [
			[halves, [1, 2, 32767, -4, 5, 6, 7, 8]],
			[i16x8.extendLow(i8x16.const(-2)), new Array(8).fill(-2)],
			[i16x8.extendHigh(i8x16.const(-2)), new Array(8).fill(-2)],
		]);
		give(Int8Array, [
			[i8x16.narrow(halves, halves), [1, 2, 127, -4, 5, 6, 7, 8, 1, 2, 127, -4, 5, 6, 7, 8]],
			[i8x16.add(i8x16.const(100), 100), new Array(16).fill(-56)],
			[i8x16.sub(i8x16.const(1), 3), new Array(16).fill(-2)],
			[i8x16.eq(i8x16.const(1), 1), new Array(16).fill(-1)],
			[i8x16.ne(i8x16.const(1), 1), new Array(16).fill(0)],
			[i8x16.swizzle(words(0x04030201, 0, 0, 0), i8x16.const(2)), new Array(16).fill(3)],
			[i8x16.splat(i8x16.extract(i8x16.const(-7), 3)), new Array(16).fill(-7)],
		]);
	});
});
