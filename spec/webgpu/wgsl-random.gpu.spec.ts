import * as assert from "uvu/assert";
import { ARRAYS, type DType } from "../../lib/core/dtype.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";

const SIZE = 10_000;

const input = (index: number): Expression => ({ kind: "input", index });
const random = (what: "first word" | "second word" | "single" | "double"): Expression => {
	return { kind: "random", what, key: [input(0), input(1)], counters: [input(2)], stream: 0 };
};

/** A loop of expressions of a key, a counter and a number for each element. */
function drawing(values: readonly (readonly [DType, Expression])[]): KernelOf<"loop"> {
	const given = [...Array<DType>(3).fill("int32"), "float32" as const];
	const inputs = given.map((dtype, i) => ({ dtype, strides: [i < 2 ? 0 : 1] }));
	const outputs = values.map(([dtype, value]) => ({ dtype, strides: [1], value }));
	return { kind: "loop", loop: { shape: [SIZE], inputs, outputs } };
}

const KEYS = [
	[0, 0],
	[-559038737, 1234567],
] as const;

/**
 * Of the first key, elements whose number times 2³² − 1 is less than a whole number by so little that
 * float64 has that. They are one in some ten million, and the first that are drawn here.
 */
const ROUNDED = [17966873, 23284730];

/** What is drawn on the device and in JavaScript. */
async function both(
	values: readonly (readonly [DType, Expression])[],
	[key0, key1]: (typeof KEYS)[number],
	chances = new Float32Array(SIZE),
) {
	const kernel = drawing(values);
	const counters = Int32Array.from(chances, (_, i) => ROUNDED[i] ?? i);
	const arrays = [Int32Array.of(key0), Int32Array.of(key1), counters];
	const reads = [...arrays, chances].map((array) => ({ array }));
	const writes = values.map(([dtype]) => ({ array: new ARRAYS[dtype](SIZE) }));
	return {
		got: await onDevice(kernel, reads, writes),
		want: inJavaScript(kernel, reads, writes),
	};
}

async function agrees(...[values, key, chances]: Parameters<typeof both>): Promise<void> {
	const { got, want } = await both(values, key, chances);
	assert.equal([got.fits, want.fits], [true, true]);
	for (const [k, output] of want.outputs.entries()) {
		const wrong = output.findIndex((x, i) => x !== got.outputs[k]![i]);
		assert.is(wrong, -1, `result ${k}, element ${wrong}: ${got.outputs[k]![wrong]}`);
	}
}

suite("WGSL of random numbers", (test) => {
	test("words and numbers of 24 bits are those of the host", async () => {
		const values = [
			["int32", random("first word")],
			["int32", random("second word")],
			["float32", random("single")],
		] as const;
		for (const key of KEYS) await agrees(values, key);
	});

	test("numbers of 53 bits are compared with chances of float32 as on the host", async () => {
		const ends = [0, -0, 1, 1 - 2 ** -24, 2 ** -24, 2 ** -53, 2 ** -54, 2 ** -126, 0.5, 2 ** -149];
		const chance: Expression = { kind: "chance", number: random("double"), probability: input(3) };
		for (const key of KEYS) {
			const { want } = await both([["float32", random("single")]], key);
			// Beside what is drawn itself, where the lower bits decide.
			const chances = Float32Array.from({ length: SIZE }, (_, i) => {
				if (i < ends.length) return ends[i]!;
				return i % 2 === 0 ? want.outputs[0]![i]! + (i % 4) * 2 ** -25 : (i * 0.618) % 1;
			});
			await agrees([["bool", chance]], key, chances);
		}
	});

	test("and with constants of float64", async () => {
		const chances = [0, 1, 0.3, 1 / 3, 2 ** -53, 1 - 2 ** -53].map((value): Expression => {
			const probability: Expression = { kind: "constant", value, dtype: "float64" };
			return { kind: "chance", number: random("double"), probability };
		});
		const bools = chances.slice(0, 4).map((chance) => ["bool", chance] as const);
		for (const key of KEYS) await agrees(bools, key);
		await agrees(
			chances.slice(4).map((chance) => ["bool", chance] as const),
			KEYS[1],
		);
	});

	test("what is no chance fails", async () => {
		const chance: Expression = { kind: "chance", number: random("double"), probability: input(3) };
		for (const p of [-0.1, 1.0000001, Number.NaN, Number.POSITIVE_INFINITY, -1e-40]) {
			const { got } = await both([["bool", chance]], KEYS[0], new Float32Array(SIZE).fill(p, 7, 8));
			assert.is(got.fits, false, String(p));
		}
		const probability: Expression = { kind: "constant", value: 1.5, dtype: "float64" };
		const constant: Expression = { kind: "chance", number: random("double"), probability };
		assert.is((await both([["bool", constant]], KEYS[0])).got.fits, false);
	});

	test("whole numbers are those of the host", async () => {
		const ranges = [
			...[
				[0, 1],
				[0, 2],
				[-3, 10],
				[5, 1000003],
				[-(2 ** 31), 2 ** 32],
			],
			...[
				[-(2 ** 31), 2 ** 32 - 1],
				[-7, 2 ** 31 + 1],
				[0, 2 ** 31 - 1],
			],
		];
		const picks = ranges.map(([first, count]): readonly [DType, Expression] => [
			"int32",
			{ kind: "pick", number: random("double"), first: first!, count: count! },
		]);
		for (const key of KEYS) {
			await agrees(picks.slice(0, 4), key);
			await agrees(picks.slice(4), key);
		}
	});
});
