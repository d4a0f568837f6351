import * as assert from "uvu/assert";
import {
	abs,
	add,
	ceil,
	clip,
	DTypeError,
	div,
	floor,
	grad,
	maximum,
	minimum,
	mod,
	mul,
	neg,
	reciprocal,
	round,
	ShapeError,
	sign,
	sqrt,
	square,
	sub,
	type Tensor,
	tensor,
	where,
	zeros,
} from "../../lib/index.ts";
import { refuses, same, type Values } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** f′ at each of the points, for a function of each element by itself. */
function slope(f: (x: Tensor) => Tensor, points: number[]): Tensor {
	return grad((x: Tensor) => f(x).sum())(tensor(points));
}

/** The gradients of a function of several numbers. */
function slopes(f: (x: Tensor[]) => Tensor, at: number[]): Values {
	return grad((x: Tensor[]) => f(x))(at.map((value) => tensor(value))).map((g) => g.item());
}

suite("ops/arithmetic", (test) => {
	const x = tensor([6, -3, 0.5]);
	const y = tensor([2, 4, -0.25]);
	const int = tensor([7, -7, 2], { dtype: "int32" });

	test("the four operations act on each element", () => {
		same(add(x, y), [8, 1, 0.25]);
		same(sub(x, y), [4, -7, 0.75]);
		same(mul(x, y), [12, -12, -0.125]);
		same(div(x, y), [3, -0.75, -2]);
		same(neg(x), [-6, 3, -0.5]);
		same(square(x), [36, 9, 0.25]);
		same(reciprocal(y), [0.5, 0.25, -4]);
		same(sqrt(tensor([0, 0.25, 9])), [0, 0.5, 3]);
	});

	test("every op is a method", () => {
		same(x.add(y).sub(y).mul(2).div(4).neg(), [-3, 1.5, -0.25]);
		same(x.abs().square().minimum(30).clip(1, 20).mod(4).round().maximum(y), [2, 4, 1]);
	});

	test("a row and a column broadcast to a table", () => {
		same(sub(tensor([[10], [20]]), tensor([1, 2, 3])), [
			[9, 8, 7],
			[19, 18, 17],
		]);
	});

	test("the gradient of what broadcast is a sum", () => {
		const f = ({ a, b }: { a: Tensor; b: Tensor }) =>
			a
				.mul(b)
				.mul(tensor([[1], [10]]))
				.sum();
		const g = grad(f)({ a: tensor([[2], [3]]), b: tensor([5, 7]) });
		same(g.a, [[12], [120]]);
		same(g.b, [32, 32]);
	});

	test("shapes that do not broadcast are refused", () => {
		refuses(
			() => add(zeros([2, 3]), zeros([4])),
			ShapeError,
			"add: expected shapes that broadcast",
		);
		refuses(() => clip(zeros([2]), zeros([3]), 1), ShapeError, "clip: expected shapes that broadc");
	});

	test("no elements give no elements, and a gradient of no elements", () => {
		const empty = zeros([0, 3]);
		for (const f of [neg, square, sqrt, abs, floor, (t: Tensor) => clip(t, -1, 1)]) {
			assert.equal(f(empty).shape, [0, 3]);
			assert.equal(grad((t: Tensor) => f(t).sum())(empty).shape, [0, 3]);
		}
	});

	test("dividing by 0 gives ±∞, and 0/0 NaN", () => {
		same(div(tensor([1, -1, 0]), 0), [inf, -inf, nan]);
		same(reciprocal(tensor([0, -0, inf])), [inf, -inf, 0]);
	});

	test("integers stay integers, and division gives float64", () => {
		for (const f of [add, sub, mul, maximum, minimum, mod]) {
			assert.is(f(int, 2).dtype, "int32");
			assert.is(f(tensor([true]), true).dtype, "int32");
		}
		for (const f of [neg, square, abs, sign, floor, ceil, round]) assert.is(f(int).dtype, "int32");
		for (const f of [sqrt, reciprocal]) assert.is(f(int).dtype, "float64");
		assert.is(div(int, int).dtype, "float64");
		same(div(int, 2), [3.5, -3.5, 1]);
	});

	test("float32 stays float32, and a number beside it is rounded to it", () => {
		const narrow = tensor([1, 2], { dtype: "float32" });
		assert.is(div(narrow, 3).dtype, "float32");
		same(add(narrow, 0.1), [Math.fround(1 + Math.fround(0.1)), Math.fround(2 + Math.fround(0.1))]);
	});

	test("float32 beside float64 is refused", () => {
		const narrow = tensor([1], { dtype: "float32" });
		refuses(() => mul(narrow, tensor([1])), DTypeError, '.astype("float32")');
	});

	test("an integer result beyond int32 is refused", () => {
		const large = tensor([2 ** 30], { dtype: "int32" });
		const least = tensor([-(2 ** 31)], { dtype: "int32" });
		refuses(() => add(large, large), DTypeError, "add: the result 2147483648 is not an int32");
		refuses(() => square(large), DTypeError, "square: the result");
		refuses(() => neg(least), DTypeError, "neg: the result 2147483648");
		refuses(() => abs(least), DTypeError, "abs: the result 2147483648");
		refuses(() => add(int, 0.5), DTypeError, "0.5 is not an int32");
	});

	test("maximum(x, y) gives a tie to x", () => {
		same(
			slopes(([a, b]) => maximum(a!, b!), [3, 3]),
			[1, 0],
		);
		same(
			slopes(([a, b]) => maximum(a!, b!), [2, 3]),
			[0, 1],
		);
		same(
			slope((h) => maximum(h, 0), [-1, 0, 1]),
			[0, 1, 1],
		);
	});

	test("minimum(x, y) gives a tie to x", () => {
		same(minimum(x, y), [2, -3, -0.25]);
		same(
			slopes(([a, b]) => minimum(a!, b!), [3, 3]),
			[1, 0],
		);
		same(
			slopes(([a, b]) => minimum(a!, b!), [3, 2]),
			[0, 1],
		);
		same(
			slopes(([a, b]) => minimum(a!, b!), [inf, inf]),
			[1, 0],
		);
	});

	test("a NaN shows in the value and in both gradients of maximum, minimum and clip", () => {
		for (const f of [maximum, minimum]) {
			for (const at of [
				[nan, 1],
				[1, nan],
			]) {
				same(f(at[0]!, at[1]!), nan);
				same(
					slopes(([a, b]) => f(a!, b!), at),
					[nan, nan],
				);
			}
		}
		for (const at of [
			[nan, 0, 1],
			[0.5, nan, 1],
			[0.5, 0, nan],
		]) {
			same(clip(at[0]!, at[1]!, at[2]!), nan);
			same(
				slopes((v) => clip(v[0]!, v[1]!, v[2]!), at),
				[nan, nan, nan],
			);
		}
	});

	test("clip keeps the gradient at its bounds", () => {
		const points = [-2, -1, 0.5, 1, 2, inf];
		same(clip(tensor(points), -1, 1), [-1, -1, 0.5, 1, 1, 1]);
		same(
			slope((t) => clip(t, -1, 1), points),
			[0, 1, 1, 1, 0, 0],
		);
	});

	test("clip is minimum(maximum(x, low), high), with all three gradients", () => {
		const values = [-1, 0, 1, 2];
		const bounds = values.flatMap((low) => values.map((high) => [low, high] as const));
		const composed = (v: Tensor[]) => minimum(maximum(v[0]!, v[1]!), v[2]!);
		for (const a of values) {
			for (const [low, high] of bounds) {
				same(clip(a, low, high), minimum(maximum(a, low), high));
				const gradients = slopes((v) => clip(v[0]!, v[1]!, v[2]!), [a, low, high]);
				// Between equal bounds the result is constant in x and in low, though the composition says
				// otherwise.
				const met = a === low && low === high;
				same(gradients, met ? [0, 0, 1] : slopes(composed, [a, low, high]));
			}
		}
	});

	test("abs and sign have derivative 0 at 0", () => {
		same(abs(tensor([-2, -0, 3, -inf, nan])), [2, 0, 3, inf, nan]);
		same(sign(tensor([-2, 0, 3, -inf, nan])), [-1, 0, 1, -1, nan]);
		same(slope(abs, [-2, 0, 3, nan]), [-1, 0, 1, nan]);
		same(slope(sign, [-2, 0, 3]), [0, 0, 0]);
	});

	test("sqrt has an infinite derivative at 0 and a NaN below", () => {
		same(sqrt(tensor([-1, inf])), [nan, inf]);
		same(slope(sqrt, [0, 0.25, inf, -1]), [inf, 1, 0, nan]);
	});

	test("square, mul and reciprocal have exact derivatives of higher order at awkward points", () => {
		const second = (f: (t: Tensor) => Tensor) => (t: Tensor) => grad((s: Tensor) => f(s).sum())(t);
		same(slope(second(square), [0, -3]), [2, 2]);
		same(
			slope(
				second((t) => t.mul(t).mul(t)),
				[0, 2],
			),
			[0, 12],
		);
		same(slope(second(reciprocal), [inf, -1]), [0, -2]);
	});

	// Values from NumPy 2.4.
	test("mod has the sign of the divisor", () => {
		const a = tensor([7, -7, 7, -7, 5.5, -5.5, 1, -5, 5]);
		const b = tensor([3, 3, -3, -3, 2, 2, 0.1, inf, -inf]);
		same(mod(a, b), [1, 2, -2, -1, 1.5, 0.5, 0.09999999999999995, inf, -inf]);
		same(mod(tensor([1, 0, inf]), tensor([0, 0, 3])), [nan, nan, nan]);
		same(mod(int, tensor([3, 3, -3], { dtype: "int32" })), [1, 2, -1]);
	});

	test("mod of integers by 0 is refused", () => {
		refuses(() => mod(int, 0), DTypeError, "mod: the result NaN");
	});

	test("mod has slope 1 in x and −⌊x/y⌋ in y", () => {
		const at = (a: number, b: number) => slopes(([s, t]) => mod(s!, t!), [a, b]);
		same(at(7, 3), [1, -2]);
		same(at(-7, 3), [1, 3]);
		same(at(6, 3), [1, -2]);
		// 1/0.1 rounds to 10, but the true quotient is just below it, as the value of mod says.
		same(at(1, 0.1), [1, -9]);
	});

	// Values from NumPy 2.4.
	test("round gives halves to the even neighbour", () => {
		const below = 0.49999999999999994;
		same(round(tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, below, -below, 2 ** 52 + 1, 1e300])), [
			-2,
			-2,
			0,
			0,
			2,
			2,
			0,
			0,
			2 ** 52 + 1,
			1e300,
		]);
		same(round(tensor([inf, -inf, nan, -1.2, 3.7])), [inf, -inf, nan, -1, 4]);
		same(reciprocal(round(tensor([-0.5, -0.3]))), [-inf, -inf]);
	});

	test("floor and ceil go down and up, and have no gradient", () => {
		const points = [-1.5, -1, 0.5, inf, nan];
		same(floor(tensor(points)), [-2, -1, 0, inf, nan]);
		same(ceil(tensor(points)), [-1, -1, 1, inf, nan]);
		for (const f of [floor, ceil, round]) same(slope(f, [0.3, 1]), [0, 0]);
	});

	test("a branch that where cuts off stays cut off under sqrt, to third order", () => {
		let f = (t: Tensor) => where(t.greater(0), sqrt(t), 0);
		for (let order = 1; order <= 3; order++) {
			const inner = f;
			f = (t) => grad((s: Tensor) => inner(s).sum())(t);
			same(f(tensor([0, -1])), [0, 0]);
		}
	});
});
