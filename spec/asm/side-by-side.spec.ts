import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { engine } from "../../lib/asm/engine.ts";
import type { Expr } from "../../lib/asm/expression.ts";
import { f32x4, f64x2, i32x4, i64x2, v128 } from "../../lib/asm/simd.ts";
import { suite } from "../suite.ts";
import { instantiate } from "./run-module.ts";

type Vector = Expr<"v128">;

/** An operation in vectors, and the same of one lane. */
type Operation<T> = readonly [vectors: (x: Vector, y: Vector) => Vector, lane: (x: T, y: T) => T];

/** Lanes of one kind, and what can be done with them. */
interface Kind<T> {
	readonly lanes: Pick<typeof f64x2, "loadSplat">;
	readonly view: new (buffer: ArrayBufferLike) => { [index: number]: T };
	readonly bytes: 4 | 8;
	/** The nearest of these numbers, or what is left of a number in so many bits. */
	readonly fit: (x: T) => T;
	readonly draw: (x: number) => T;
	readonly operations: Readonly<Record<string, Operation<T>>>;
}

/** Unlike Math.min it has the second where a NaN is compared. */
const pick = <T>(test: boolean, x: T, y: T) => (test ? x : y);

const toEven = (x: number) => {
	const [down, up] = [Math.floor(x), Math.ceil(x)];
	if (x - down !== up - x) return x - down < up - x ? down : up;
	return down % 2 === 0 ? down : up;
};

const floats = (l: typeof f32x4 | typeof f64x2): Record<string, Operation<number>> => ({
	add: [l.add, (x, y) => x + y],
	sub: [l.sub, (x, y) => x - y],
	mul: [l.mul, (x, y) => x * y],
	div: [l.div, (x, y) => x / y],
	min: [l.min, Math.min],
	max: [l.max, Math.max],
	pmin: [l.pmin, (x, y) => pick(y < x, y, x)],
	pmax: [l.pmax, (x, y) => pick(x < y, y, x)],
	neg: [l.neg, (x) => -x],
	abs: [l.abs, Math.abs],
	sqrt: [(x) => l.sqrt(l.abs(x)), (x) => Math.sqrt(Math.abs(x))],
	floor: [l.floor, Math.floor],
	ceil: [l.ceil, Math.ceil],
	trunc: [l.trunc, Math.trunc],
	nearest: [l.nearest, toEven],
	where: [(x, y) => v128.bitselect(x, y, l.lt(x, y)), (x, y) => pick(x < y, x, y)],
	ifAbove: [(x, y) => v128.and(x, l.gt(x, y)), (x, y) => pick(x > y, x, 0)],
	ifOther: [(x, y) => v128.andNot(x, l.eq(x, y)), (x, y) => pick(x === y, 0, x)],
	ifLess: [(x, y) => v128.and(x, v128.not(l.ge(x, y))), (x, y) => pick(x >= y, 0, x)],
	half: [(x) => l.mul(x, 0.5), (x) => x * 0.5],
});

const words: Kind<number> = {
	...{ lanes: i32x4, view: Int32Array, bytes: 4, fit: (x) => x | 0 },
	draw: (x) => (x * 2 ** 30) | 0,
	operations: {
		add: [i32x4.add, (x, y) => x + y],
		sub: [i32x4.sub, (x, y) => x - y],
		mul: [i32x4.mul, Math.imul],
		min: [i32x4.min, Math.min],
		max: [i32x4.max, Math.max],
		neg: [i32x4.neg, (x) => -x],
		abs: [i32x4.abs, Math.abs],
		and: [v128.and, (x, y) => x & y],
		or: [v128.or, (x, y) => x | y],
		xor: [v128.xor, (x, y) => x ^ y],
		left: [(x) => i32x4.shl(x, 3), (x) => x << 3],
		right: [(x) => i32x4.shr(x, 5), (x) => x >> 5],
		unsigned: [(x) => i32x4.shrU(x, 7), (x) => x >>> 7],
		where: [(x, y) => v128.bitselect(x, y, i32x4.lt(x, y)), (x, y) => pick(x < y, x, y)],
		whereU: [
			(x, y) => v128.bitselect(x, y, i32x4.ltU(x, y)),
			(x, y) => pick(x >>> 0 < y >>> 0, x, y),
		],
		ifOther: [(x, y) => v128.andNot(x, i32x4.eq(x, y)), (x, y) => pick(x === y, 0, x)],
	},
};

const longs: Kind<bigint> = {
	...{ lanes: i64x2, view: BigInt64Array, bytes: 8, fit: (x) => BigInt.asIntN(64, x) },
	draw: (x) => BigInt(Math.round(x * 2 ** 50)) << 12n,
	operations: {
		add: [i64x2.add, (x, y) => x + y],
		sub: [i64x2.sub, (x, y) => x - y],
		mul: [i64x2.mul, (x, y) => x * y],
		neg: [i64x2.neg, (x) => -x],
		abs: [i64x2.abs, (x) => (x < 0n ? -x : x)],
		and: [v128.and, (x, y) => x & y],
		or: [v128.or, (x, y) => x | y],
		xor: [v128.xor, (x, y) => x ^ y],
		left: [(x) => i64x2.shl(x, 3), (x) => x << 3n],
		right: [(x) => i64x2.shr(x, 5), (x) => x >> 5n],
		unsigned: [(x) => i64x2.shrU(x, 7), (x) => BigInt.asUintN(64, x) >> 7n],
		where: [(x, y) => v128.bitselect(x, y, i64x2.lt(x, y)), (x, y) => pick(x < y, x, y)],
		ifOther: [(x, y) => v128.andNot(x, i64x2.eq(x, y)), (x, y) => pick(x === y, 0n, x)],
	},
};

const doubles: Kind<number> = {
	...{ lanes: f64x2, view: Float64Array, bytes: 8, fit: (x) => x, draw: (x) => 4 * x },
	operations: floats(f64x2),
};

const singles: Kind<number> = {
	...{ lanes: f32x4, view: Float32Array, bytes: 4, fit: Math.fround, draw: (x) => 4 * x },
	operations: floats(f32x4),
};

/** Operations one after the other, each of two of the values before; the first are arguments. */
const programs = <T>({ operations }: Kind<T>) => {
	const name = fc.constantFrom(...Object.keys(operations));
	const step = fc.record({ name, x: fc.nat(), y: fc.nat() });
	return fc.array(step, { minLength: 6, maxLength: 40, size: "max" });
};
type Program = readonly { readonly name: string; readonly x: number; readonly y: number }[];

/** The arguments; of those that are true one number stands in all lanes. */
const SPLATS = [false, false, true, false];
/** Vectors next to each other, as loops have them. */
const TOGETHER = 4;
/** How many values are results: the last ones. */
const RESULTS = 6;
/** Bytes between values in memory. */
const APART = 512;

/** The values of a program, each one after those that it is made from. */
function valuesOf<V>(
	program: Program,
	start: readonly V[],
	apply: (name: string, x: V, y: V) => V,
): V[] {
	const values = [...start];
	for (const { name, x, y } of program) {
		values.push(apply(name, values[x % values.length]!, values[y % values.length]!));
	}
	return values;
}

function check<T>(program: Program, { lanes, view, bytes, fit, draw, operations }: Kind<T>): void {
	const { exports, memory } = instantiate((m) => {
		m.define("run", ["i32", "i32"], "none", (f, from, to) => {
			const start = SPLATS.map((isSplat, i) =>
				Array.from({ length: TOGETHER }, (_, v) => {
					const at = APART * i;
					return f.let(isSplat ? lanes.loadSplat(from, at) : v128.load(from, at + 16 * v));
				}),
			);
			const values = valuesOf(program, start, (name, x, y) =>
				x.map((one, v) => f.let(operations[name]![0](one, y[v]!))),
			);
			for (const [i, value] of values.slice(-RESULTS).entries()) {
				for (const [v, x] of value.entries()) f.store(v128, to, x, APART * i + 16 * v);
			}
		});
	});
	const elements = new view(memory.buffer);
	const at = (value: number, lane: number) => (APART * value) / bytes + lane;
	const start = SPLATS.map((isSplat, i) =>
		Array.from({ length: (16 / bytes) * TOGETHER }, (_, lane) => {
			const x = fit(draw(Math.sin(1 + 7 * i + (isSplat ? 0 : lane))));
			elements[at(i, lane)] = x;
			return x;
		}),
	);
	const expected = valuesOf(program, start, (name, x, y) =>
		x.map((one, lane) => fit(operations[name]![1](one, y[lane]!))),
	);
	exports.run!(0, APART * SPLATS.length);
	for (const [i, value] of expected.slice(-RESULTS).entries()) {
		for (const [lane, x] of value.entries()) {
			const actual = elements[at(SPLATS.length + i, lane)]!;
			const where = `value ${expected.length - RESULTS + i}, lane ${lane}: ${actual}, not ${x}`;
			assert.ok(Object.is(actual, x), where);
		}
	}
}

// Where the engine may make one vector of 256 bits of two. It does so in code that it optimises:
// from the start with Node's --no-liftoff, as .ci/run has it.
suite("asm/side by side", (test) => {
	const claim = <T>(what: string, kind: Kind<T>) =>
		test(`vectors of ${what} side by side compute what each lane does alone`, () => {
			engine();
			fc.assert(
				fc.property(programs(kind), (program) => check(program, kind)),
				{ numRuns: 60 },
			);
		});
	claim("float64", doubles);
	claim("float32", singles);
	claim("whole numbers of 32 bits", words);
	claim("whole numbers of 64 bits", longs);
});
