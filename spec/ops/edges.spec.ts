import * as assert from "uvu/assert";
import {
	concat,
	DTypeError,
	grad,
	hvp,
	hypot,
	logAddExp,
	logSumExp,
	mod,
	ones,
	power,
	prod,
	stack,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** ∂f/∂x and ∂f/∂y at a point, by every road. */
function slopes(f: (x: Tensor, y: Tensor) => Tensor, x: number, y: number, expected: number[]) {
	const both = grad(([x, y]: Tensor[]) => f(x!, y!));
	for (const g of roads(both)) {
		same(
			g([tensor(x), tensor(y)]).map((t) => t.item()),
			expected,
		);
	}
}

suite("ops/edges", (test) => {
	test("int32 power refuses what float64 rounds to 0, by every road", () => {
		const whole = (x: number) => tensor([x], { dtype: "int32" });
		for (const y of [-1, -1074, -1075, -2000, -(2 ** 31)]) {
			for (const f of roads(power)) {
				for (const x of [2, -2, 3, -(2 ** 31)]) {
					refuses(() => f(whole(x), whole(y)), DTypeError, "power: the result");
				}
				refuses(() => f(whole(0), whole(y)), DTypeError, "power: the result");
				same(f(whole(1), whole(y)), [1]);
				same(f(whole(-1), whole(y)), [y % 2 === 0 ? 1 : -1]);
			}
		}
	});

	test("power(0, y) falls from ∞ where y is negative: its slope in y is −∞, its second one ∞", () => {
		for (const y of [-0.5, -1, -2000]) {
			slopes(power, 0, y, [-inf, -inf]);
			const dy = (a: Tensor, b: Tensor) => grad((t: Tensor) => power(a, t))(b);
			same(grad((t: Tensor) => dy(tensor(0), t))(tensor(y)), inf);
		}
		slopes(power, -0, -1, [-inf, inf]);
		slopes(power, 0, -inf, [-inf, -inf]);
		slopes(power, 0, nan, [nan, nan]);
	});

	test("a NaN in hypot shows in both gradients, and in the value but beside ±∞, as in IEEE 754", () => {
		for (const y of [-inf, 0, 1, inf, nan]) {
			const value = Math.abs(y) === inf ? inf : nan;
			for (const f of roads(hypot)) {
				same(f(tensor(nan), tensor(y)), value);
				same(f(tensor(y), tensor(nan)), value);
			}
			slopes(hypot, nan, y, [nan, nan]);
			slopes(hypot, y, nan, [nan, nan]);
		}
	});

	test("prod over- and underflows only where the whole product does, by every road", () => {
		const alternating = (n: number, x: number, y: number) =>
			tensor(Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? x : y)));
		const slope = (t: Tensor) => grad((t: Tensor) => prod(t))(t);
		const cases = [
			[alternating(8192, 2, 0.5), 1],
			[alternating(8193, 0.5, 2), 0.5],
			[alternating(16, 1e-200, 1e200), 1],
			[alternating(17, 1e200, 1e-200), 1e200],
			[concat([alternating(600, 1e-300, 1e-300), alternating(600, 1e300, 1e300)]), 1],
		] as const;
		for (const [x, expected] of cases) {
			const table = stack([x, x.mul(-1), x], 1);
			const sign = x.size % 2 === 0 ? expected : -expected;
			for (const f of roads((t: Tensor) => prod(t))) near(f(x).div(expected), 1, 1e-12);
			for (const f of roads((t: Tensor) => prod(t.mul(1), 0))) {
				near(f(table).div(expected), [1, sign / expected, 1], 1e-12);
			}
			// 1e200 / 1e-200, the product of all others of the fourth, is no number.
			if (expected > 1) continue;
			for (const f of roads(slope)) near(f(x).mul(x).div(expected), ones([x.size]), 1e-12);
		}
		const single = alternating(64, 1e-30, 1e30).astype("float32");
		for (const f of roads((t: Tensor) => prod(t))) near(f(single), 1, 1e-5);
	});

	test("a remainder of 0 has the sign of the divisor too, as in NumPy", () => {
		const x = [0, -0, 0, -0, 4, -4, 4, -4, 0, -0, 0, -0];
		const y = [2, 2, -2, -2, 2, 2, -2, -2, inf, inf, -inf, -inf];
		const zeros = y.map((y) => (y > 0 ? 0 : -0));
		for (const f of roads(mod)) {
			for (const dtype of ["float64", "float32"] as const) {
				const rest = f(tensor(x, { dtype }), tensor(y, { dtype }));
				assert.ok(zeros.every((zero, i) => Object.is(rest.data[i], zero)));
			}
		}
	});

	test("logAddExp gives equal infinities equal shares of the gradient, to second order", () => {
		for (const x of [-inf, inf]) {
			slopes(logAddExp, x, x, [0.5, 0.5]);
			slopes(logAddExp, x, nan, [nan, nan]);
			const slope = (t: Tensor) => grad((t: Tensor) => logAddExp(t, x))(t);
			same(grad(slope)(tensor(x)), 0.25);
		}
	});

	test("the second derivative of logSumExp at infinities is that of equal shares", () => {
		const second = (v: number[], dx: number[]) =>
			hvp((t: Tensor) => logSumExp(t), tensor(v), tensor(dx));
		same(second([-inf, -inf], [1, 0]), [0.25, -0.25]);
		same(second([inf, 1], [1, 0]), [0, 0]);
		same(second([inf, 1], [0, 1]), [0, 0]);
		same(second([inf, inf, 1], [0, 1, 0]), [-0.25, 0.25, 0]);
	});

	test("logSumExp of a pair and logAddExp have the same derivatives, at infinities and ties too", () => {
		const values = [-inf, -1e300, -1e3, 0, 1, 1e3, 1e300, inf, nan];
		const pairs = values.flatMap((x) => values.map((y) => [x, y]));
		const at = tensor(pairs);
		const x = tensor(pairs.map(([x]) => x!));
		const y = tensor(pairs.map(([, y]) => y!));
		for (const dtype of ["float64", "float32"] as const) {
			const slopes = (t: Tensor) => grad((t: Tensor) => logSumExp(t, 1).sum())(t);
			const pair = (x: Tensor, y: Tensor) => {
				const [dx, dy] = grad(([x, y]: Tensor[]) => logAddExp(x!, y!).sum())([x, y]);
				return stack([dx!, dy!], 1);
			};
			const tolerance = dtype === "float64" ? 1e-15 : 1e-7;
			for (const [i, f] of roads(slopes).entries()) {
				const given = roads(pair)[i]!(x.astype(dtype), y.astype(dtype));
				near(f(at.astype(dtype)), given, tolerance);
			}
		}
	});
});
