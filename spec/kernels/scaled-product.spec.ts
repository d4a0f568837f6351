import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { cumprod, ones, prod, random, type Tensor, tensor } from "../../lib/index.ts";
import { scaledColumnProducts, scaledProduct } from "../../lib/kernels/scaled-product.ts";
import { same } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

/** A finite float64 as a whole number times a power of 2. */
function exactly(x: number): [bigint, number] {
	const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
	const stored = Number((bits >> 52n) & 0x7ffn);
	const fraction = bits & (2n ** 52n - 1n);
	const size = stored === 0 ? fraction : fraction | (2n ** 52n);
	return [x < 0 ? -size : size, Math.max(1, stored) - 1075];
}

/**
 * The product in whole numbers, cut to 60 bits and rounded: right to 2⁻⁵³, or to the least number
 * there is.
 */
function trueProduct(values: readonly number[]): number {
	let [whole, exponent] = [1n, 0];
	for (const [factor, power] of values.map(exactly)) {
		whole *= factor;
		exponent += power;
	}
	const extra = Math.max(0, whole.toString(2).length - 60);
	let product = Number(whole / 2n ** BigInt(extra));
	exponent = Math.max(-2400, Math.min(2400, exponent + extra));
	// The last step is the only one that may round: the others stay between 2^−1000 and 2^1000, or go
	// beyond for good.
	for (; exponent > 900; exponent -= 900) product *= 2 ** 900;
	for (; exponent < -1000; exponent += 900) product *= 2 ** -900;
	return product * 2 ** exponent;
}

function agrees(actual: number, values: readonly number[], what: string): void {
	const expected = trueProduct(values);
	if (actual === expected) return;
	const error = Math.abs(actual - expected);
	const bound = (values.length + 1) * 2 ** -53 * Math.abs(expected) + 2 ** -1074;
	assert.ok(error <= bound, `${what}: ${values} gives ${actual}, not ${expected}`);
}

const sizes = [
	5e-324, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-100, 0.1, 0.5, 1, 3, 1e100, 1e200,
];
const factor = fc
	.tuple(fc.constantFrom(...sizes, Number.MAX_VALUE), fc.constantFrom(1, -1, 0.7))
	.map(([size, by]) => size * by);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** A product along rows, along columns, and over all axes, compiled. */
const compiled = {
	rows: compile((x: Tensor) => prod(x, 1)),
	columns: compile((x: Tensor) => prod(x.T, 0)),
	all: compile((x: Tensor) => prod(x)),
};

suite("kinds/scaled-product", (test) => {
	test("a product over- or underflows only where the true one does, in eager and in compiled code", () => {
		fc.assert(
			fc.property(fc.array(factor, { minLength: 1, maxLength: 40 }), (values) => {
				agrees(scaledProduct(Float64Array.from(values), 0, values.length), values, "eager");
				const x = tensor([values, values.toReversed()]);
				for (const [name, f] of Object.entries({
					rows: compiled.rows,
					columns: compiled.columns,
				})) {
					for (const value of f(x).data) agrees(value, values, name);
				}
				agrees(compiled.all(x).item(), [...values, ...values], "all");
				agrees(prod(x, [0, 1]).item(), [...values, ...values], "all axes");
			}),
			{ numRuns: sampled(60) },
		);
	});

	test("columns are multiplied as rows are, to the bit", () => {
		const any = fc.oneof(factor, fc.constantFrom(0, -0, nan, inf, -inf, 1, 1e-30));
		const table = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.array(any, { maxLength: 90 }));
		fc.assert(
			fc.property(table, ([width, values]) => {
				const n = Math.floor(values.length / width);
				for (const array of [Float64Array.from(values), Float32Array.from(values)]) {
					const products = scaledColumnProducts(array, 0, n, width, width);
					for (let i = 0; i < width; i++) {
						const column = array.filter((_, at) => at % width === i).slice(0, n);
						const expected = scaledProduct(column, 0, n);
						assert.ok(Object.is(products[i], expected), `${column}: ${products[i]}, ${expected}`);
					}
				}
			}),
			{ numRuns: sampled(200) },
		);
	});

	test("a running product that dips below the normal numbers on the way keeps its digits", () => {
		const dips = [0.7e-200, 1.1e-200, 1.7e-68, 1.3e200, 0.9e268];
		for (const step of [1, 2, 4, 8, 16, 32]) {
			for (const from of [0, 1, 7, 12, 19]) {
				const values = Array<number>(from + 4 * step + 9).fill(1);
				for (const [i, dip] of dips.entries()) values[from + i * step] = dip;
				const x = tensor([values, values, values, values]);
				for (const f of [compiled.rows, compiled.columns, (v: Tensor) => prod(v, 1)]) {
					for (const value of f(x).data) agrees(value, dips, `step ${step} from ${from}`);
				}
				const block = x.reshape([4, values.length, 1]).mul(ones([1, 1, 5]));
				const [value] = compile((v: Tensor) => prod(v, [0, 1]))(block).data;
				agrees(Number(value), [...dips, ...dips, ...dips, ...dips], "two axes");
			}
		}
	});

	test("long products whose parts leave the range come back to it, in any order and dtype", () => {
		const n = 8192;
		for (const dtype of ["float64", "float32"] as const) {
			const [two, half] = [ones([n / 2]).mul(2), ones([n / 2]).mul(0.5)];
			const values = [...(two.data as Float64Array), ...(half.data as Float64Array)];
			const inTurn = values.map((_, i) => (i % 2 === 0 ? 2 : 0.5));
			for (const list of [values, values.toReversed(), inTurn]) {
				const x = tensor(list, { dtype });
				same(prod(x), 1);
				same(compiled.all(x), 1);
				const wide = x.reshape([n, 1]).mul(ones([1, 6], { dtype }));
				same(prod(wide, 0), [1, 1, 1, 1, 1, 1]);
				same(compile((v: Tensor) => prod(v, 0))(wide), [1, 1, 1, 1, 1, 1]);
				const block = x.reshape([64, 2, n / 128]);
				const [a, b] = [(v: Tensor) => prod(v, [0, 2]), (v: Tensor) => prod(v, [1, 2])];
				same(compile(a)(block), a(block));
				same(compile(b)(block), b(block));
			}
		}
		const far = tensor([1e-200, 1e200, 1e200, 1e-200].flatMap((v) => [v, v, v, v]));
		assert.ok(Math.abs(prod(far).item() - 1) < 1e-14);
		assert.ok(Math.abs(compiled.all(far).item() - 1) < 1e-14);
		const single = tensor(
			[1e38, 1e38, 1e-38, 1e-38].flatMap((v) => Array(20).fill(v)),
			{
				dtype: "float32",
			},
		);
		assert.ok(Math.abs(compiled.all(single).item() / prod(single).item() - 1) < 1e-6);
	});

	test("where nothing leaves the range it is the product of the numbers one by one, to the last bit", () => {
		for (let seed = 0; seed < 20; seed++) {
			const x = random.uniform(random.key(seed), [97], { low: -1.4, high: 1.4 });
			let plain = 1;
			for (const value of x.data) plain *= value;
			assert.is(prod(x).item(), plain);
		}
	});

	test("0, ∞ and NaN count as in a plain product; a 0 makes 0 of what would be too large", () => {
		const rows: [number[], number][] = [
			[[inf, 2, -1], -inf],
			[[inf, 0, 1], nan],
			[[nan, 0, inf], nan],
			[[1e300, 1e300, 0], 0],
			[[0, 1e300, 1e300], 0],
			[[1e300, 1e300, 1e300], inf],
			[[-1e300, 1e300, 1e300], -inf],
			[[1e-300, 1e-300, inf], inf],
			[[1e-300, 1e-300, -1], -0],
		];
		for (const [row, expected] of rows) {
			for (const size of [3, 50]) {
				const padded = [...row, ...Array<number>(size - 3).fill(1)];
				const x = tensor([padded, padded]);
				for (const f of [compiled.rows, compiled.columns, (v: Tensor) => prod(v, 1)]) {
					for (const value of f(x).data) assert.ok(Object.is(value, expected), `${row}: ${value}`);
				}
			}
		}
		const whole = tensor([2 ** 30, 2 ** 30, ...Array<number>(40).fill(2 ** 30), 0], {
			dtype: "int32",
		});
		same(prod(whole), 0);
		same(compiled.all(whole), 0);
	});

	test("a running product that has left the range stays outside of it, in compiled code as in eager", () => {
		const x = tensor([1e200, 1e200, 1e-200, 1e-200, 0, 3]);
		same(cumprod(x), [1e200, inf, inf, inf, nan, nan]);
		same(compile((v: Tensor) => cumprod(v))(x), cumprod(x));
	});
});
