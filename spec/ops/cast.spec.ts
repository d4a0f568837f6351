import * as assert from "uvu/assert";
import { astype, DTypeError, grad, jvp, type Tensor, tensor, vjp } from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

suite("ops/cast", (test) => {
	test("astype to int32 drops the fraction towards 0", () => {
		const cast = astype(tensor([1.9, -1.9, 0.5, -0.5, 2147483647.9, -2147483648]), "int32");
		assert.is(cast.dtype, "int32");
		same(cast, [1, -1, 0, 0, 2147483647, -2147483648]);
	});

	test("astype refuses what does not fit into int32", () => {
		for (const value of [nan, inf, -inf, 2 ** 31, -(2 ** 31) - 1]) {
			refuses(() => tensor([1, value]).astype("int32"), DTypeError, `int32, got ${value}`);
		}
	});

	test("astype to bool makes everything but 0 true", () => {
		const cast = tensor([0, -0, 0.5, nan, -inf]).astype("bool");
		assert.equal(cast.toArray(), [false, false, true, true, true]);
		same(tensor([true, false]).astype("float32"), [1, 0]);
	});

	test("astype to float32 rounds, beyond the range to ∞", () => {
		same(tensor([0.1, 1e300, 1e-300]).astype("float32"), [Math.fround(0.1), inf, 0]);
	});

	test("astype reads a view in its order", () => {
		same(
			tensor([
				[1.5, 2.5],
				[3.5, 4.5],
			]).T.astype("int32"),
			[
				[1, 3],
				[2, 4],
			],
		);
	});

	test("astype to the same dtype is the tensor itself", () => {
		const x = tensor([1]);
		assert.is(x.astype("float64"), x);
	});

	test("astype refuses an unknown dtype", () => {
		const unknown = "float16" as "float32";
		refuses(() => tensor([1]).astype(unknown), DTypeError, "to be float64, float32, int32 or bool");
	});

	test("a gradient is cast back through astype, in both modes", () => {
		const f = (t: Tensor) => t.astype("float32").mul(3);
		const [value, pull] = vjp(f, tensor([1, 2]));
		assert.is(value.dtype, "float32");
		const g = pull(tensor([1, 10], { dtype: "float32" }));
		assert.is(g.dtype, "float64");
		same(g, [3, 30]);
		const [, dy] = jvp(f, tensor([1, 2]), tensor([1, 10]));
		assert.is(dy.dtype, "float32");
		same(dy, [3, 30]);
	});

	test("astype to int32 is a constant for a gradient", () => {
		const f = (t: Tensor) => t.astype("int32").astype("float64").mul(t).sum();
		same(grad(f)(tensor([1.5, -2.5])), [1, -2]);
	});
});
