import type { Local } from "../../../asm/function.ts";
import { f32x4, f64x2, i32x4, v128 } from "../../../asm/simd.ts";
import { GROUPS, PARITY } from "../../../random/threefry.ts";
import type { Random } from "../../../schedule/expression.ts";
import { fail } from "../math/failure.ts";
import type { Code, Vector } from "../math/floats.ts";
import { exactInteger, madeOf, toDouble, type VectorValue } from "./value.ts";

/** By how many bits the second word turns in the rounds of an even and of an odd group. */
const ROTATIONS = [
	[17, 29, 16, 24],
	[13, 15, 26, 6],
];

/**
 * Random numbers for four elements, by the two words of a key and the two of a counter, of which
 * the first is the sum of these.
 */
export function random(
	code: Code,
	what: Random,
	key: readonly VectorValue[],
	counters: readonly VectorValue[],
	stream: number,
): VectorValue {
	const [key0, key1] = key.map(({ parts }) => parts[0]!);
	const counter = counters.reduce<Vector>(
		(sum, { parts }) => i32x4.add(sum, parts[0]!),
		i32x4.const(0),
	);
	const [x, y] = threefry(code, key0!, key1!, counter, stream);
	switch (what) {
		case "first word":
			return { kind: "int32", parts: [x] };
		case "second word":
			return { kind: "int32", parts: [y] };
		case "single": {
			const bits = f32x4.convertI32x4(i32x4.shrU(x, 8));
			return madeOf(code, "float32", [f32x4.mul(bits, 2 ** -24)]);
		}
		case "double": {
			const [high, low] = [i32x4.shrU(x, 5), i32x4.shrU(y, 6)].map(
				(bits) => toDouble(code, madeOf(code, "int32", [bits])).parts,
			);
			const bits = (i: number) => f64x2.add(f64x2.mul(high![i]!, 2 ** 26), low![i]!);
			return madeOf(
				code,
				"float64",
				[0, 1].map((i) => f64x2.mul(bits(i), 2 ** -53)),
			);
		}
	}
}

/** Whether a random number lies below a probability; the code fails for one that is none. */
export function happens(code: Code, number: VectorValue, probability: VectorValue): VectorValue {
	const chances = toDouble(code, probability).parts;
	for (const p of chances) {
		const valid = v128.and(f64x2.ge(p, 0), f64x2.le(p, 1));
		code.if(v128.anyTrue(v128.not(valid)), () => fail(code));
	}
	return madeOf(
		code,
		"mask64",
		number.parts.map((u, i) => f64x2.lt(u, chances[i]!)),
	);
}

/** One of so many whole numbers, by a random number. */
export function picked(code: Code, number: VectorValue, first: number, count: number): VectorValue {
	const parts = number.parts.map((u) => f64x2.add(f64x2.floor(f64x2.mul(u, count)), first));
	return exactInteger(code, madeOf(code, "float64", parts));
}

/** Threefry-2x32 with 20 rounds, as in `lib/random/threefry.ts`, of four counters. */
function threefry(
	code: Code,
	key0: Local<"v128">,
	key1: Local<"v128">,
	counter0: Vector,
	counter1: number,
): [Local<"v128">, Local<"v128">] {
	const keys = [key0, key1, code.let(v128.xor(v128.xor(key0, key1), i32x4.const(PARITY)))];
	const x = code.let(i32x4.add(counter0, key0));
	const y = code.let(i32x4.add(key1, counter1));
	for (let group = 1; group <= GROUPS; group++) {
		for (const by of ROTATIONS[group % 2]!) {
			code.set(x, i32x4.add(x, y));
			code.set(y, v128.xor(v128.or(i32x4.shl(y, by), i32x4.shrU(y, 32 - by)), x));
		}
		code.set(x, i32x4.add(x, keys[group % 3]!));
		code.set(y, i32x4.add(i32x4.add(y, keys[(group + 1) % 3]!), group));
	}
	return [x, y];
}
