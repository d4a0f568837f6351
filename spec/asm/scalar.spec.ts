import * as assert from "uvu/assert";
import type { Expr } from "../../lib/asm/expression.ts";
import { f32, f64, i32, i64, select } from "../../lib/asm/scalar.ts";
import { suite } from "../suite.ts";
import { evaluate } from "./run-module.ts";

/** Checks what each expression gives. */
function give(cases: readonly (readonly [Expr, number | bigint])[]): void {
	const values = evaluate(cases.map(([x]) => x));
	for (const [i, [x, expected]] of cases.entries()) {
		assert.ok(Object.is(values[i], expected), `[${x.code}] gives ${values[i]}, not ${expected}`);
	}
}

suite("wasm/scalar", (test) => {
	test("i32 computes as JavaScript's bitwise arithmetic does", () => {
		const [a, b] = [-1234567, 89];
		give([
			[i32.add(a, b), a + b],
			[i32.sub(a, b), a - b],
			[i32.mul(a, 98765), Math.imul(a, 98765)],
			[i32.div(a, b), Math.trunc(a / b)],
			[i32.rem(a, b), a % b],
			[i32.and(a, 0xff), a & 0xff],
			[i32.or(a, 0xff), a | 0xff],
			[i32.xor(a, b), a ^ b],
			[i32.shl(a, 5), a << 5],
			[i32.shr(a, 5), a >> 5],
			[i32.shrU(a, 5), a >>> 5],
			[i32.eqz(0), 1],
		]);
	});

	test("comparisons give 0 or 1, and unsigned ones take −1 for the greatest", () => {
		for (const type of [i32, i64, f32, f64]) {
			const outcomes = [type.eq, type.ne, type.lt, type.gt, type.le, type.ge].map((compare) => [
				compare(-1, 1),
				compare(1, 1),
			]);
			const expected = [
				[0, 1],
				[1, 0],
				[1, 0],
				[0, 0],
				[1, 1],
				[0, 1],
			];
			give(outcomes.flatMap((pair, i) => pair.map((x, j) => [x, expected[i]![j]!] as const)));
		}
		for (const type of [i32, i64]) {
			give([
				[type.ltU(-1, 1), 0],
				[type.eqz(0), 1],
			]);
		}
		give([
			[f64.eq(NaN, NaN), 0],
			[f32.lt(NaN, 1), 0],
		]);
	});

	test("i64 computes in 64 bits", () => {
		const [a, b] = [0x123456789abcdefn, -987654321n];
		const [x, y] = [i64.const(a), i64.const(b)];
		give([
			[i64.add(x, y), a + b],
			[i64.sub(x, y), a - b],
			[i64.mul(x, y), BigInt.asIntN(64, a * b)],
			[i64.div(x, y), a / b],
			[i64.rem(x, y), a % b],
			[i64.and(x, y), a & b],
			[i64.or(x, y), a | b],
			[i64.xor(x, y), a ^ b],
			[i64.shl(x, 9), BigInt.asIntN(64, a << 9n)],
			[i64.shr(y, 9), b >> 9n],
			[i64.shrU(y, 9), BigInt.asUintN(64, b) >> 9n],
		]);
	});

	test("floats compute as JavaScript does, float32 rounded", () => {
		for (const [type, round] of [
			[f32, Math.fround],
			[f64, (x: number) => x],
		] as const) {
			const [a, b] = [round(-2.7), round(0.3)];
			give([
				[type.add(a, b), round(a + b)],
				[type.sub(a, b), round(a - b)],
				[type.mul(a, b), round(a * b)],
				[type.div(a, b), round(a / b)],
				[type.min(a, NaN), NaN],
				[type.min(0, -0), -0],
				[type.max(a, b), b],
				[type.abs(a), -a],
				[type.neg(b), -b],
				[type.ceil(a), -2],
				[type.floor(a), -3],
				[type.trunc(a), -2],
				[type.nearest(2.5), 2],
				[type.nearest(-0.3), -0],
				[type.sqrt(b), round(Math.sqrt(b))],
			]);
		}
	});

	test("conversions saturate, and bits can be read as another type", () => {
		give([
			[i32.wrap(i64.const(2n ** 32n + 5n)), 5],
			[i32.truncF64(f64.const(1e20)), 2 ** 31 - 1],
			[i32.truncF64(f64.const(NaN)), 0],
			[i64.truncF64(f64.const(-1e15)), -(10n ** 15n)],
			[f32.convertI32(i32.const(-3)), -3],
			[f32.demote(f64.const(0.1)), Math.fround(0.1)],
			[f64.convertI32(i32.const(-3)), -3],
			[f64.promote(f32.const(0.1)), Math.fround(0.1)],
		]);
	});

	test("select takes the first where the condition is not 0", () => {
		give([
			[select(7, f64.const(1), f64.const(2)), 1],
			[select(i32.eq(1, 2), f32.const(1), f32.const(2)), 2],
		]);
	});

	test("an i32 constant refuses what is not a whole number of 32 bits", () => {
		assert.throws(() => i32.const(0.5), /0\.5/);
		assert.throws(() => i32.add(2 ** 32, 1), /4294967296/);
		give([[i32.const(2 ** 32 - 1), -1]]);
	});
});
