import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	grad,
	resize,
	ShapeError,
	type Tensor,
	tensor,
	vjp,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { holdsUp, normal } from "../../nn/checks.ts";
import { roads } from "../../roads.ts";
import { suite } from "../../suite.ts";

const linear = { method: "linear" } as const;

suite("ops/images/resize", (test) => {
	test("nearest takes element ⌊i·L/n⌋, as PyTorch's interpolate", () => {
		const x = tensor([1, 2, 3, 4, 5]);
		for (const f of roads((t: Tensor) => resize(t, [10])))
			same(f(x), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
		for (const f of roads((t: Tensor) => resize(t, [3]))) same(f(x), [1, 2, 4]);
		same(resize(x, [7]), [1, 1, 2, 3, 3, 4, 5]);
		same(resize(tensor([[true, false]]), [2, 4]), [
			[1, 1, 0, 0],
			[1, 1, 0, 0],
		]);
		same(grad((t: Tensor) => resize(t, [7]).sum())(x), [2, 1, 2, 1, 1]);
	});

	test("linear takes neighbours by their nearness, with pixels as areas", () => {
		const x = tensor([1, 2, 6]);
		for (const f of roads((t: Tensor) => resize(t, [6], linear)))
			near(f(x), [1, 1.25, 1.75, 3, 5, 6]);
		near(resize(x, [2], linear), [1.25, 5]);
		near(
			resize(
				tensor([
					[1, 3],
					[5, 7],
				]),
				[4, 4],
				linear,
			),
			[
				[1, 1.5, 2.5, 3],
				[2, 2.5, 3.5, 4],
				[4, 4.5, 5.5, 6],
				[5, 5.5, 6.5, 7],
			],
		);
	});

	test("both are linear maps whose transposes are their gradients, and hold up", () => {
		const x = normal(1, [2, 3, 4]);
		for (const options of [{}, linear]) {
			for (const sizes of [[5, 3], [3, 8], [2]]) {
				const f = (t: Tensor) => resize(t, sizes, options);
				holdsUp(f, x);
				const [y, pull] = vjp(f, x);
				const g = normal(2, [...y.shape]);
				near(y.mul(g).sum(), pull(g).mul(x).sum());
			}
		}
	});

	test("the same size is x, and what is at one place does not reach where its weight is 0", () => {
		const x = normal(1, [2, 3]);
		for (const options of [{}, linear]) assert.is(resize(x, [2, 3], options), x);
		const far = tensor([1, Number.POSITIVE_INFINITY, 3, 4]);
		same(resize(far, [8], linear).slice([0, 1]), [1]);
		same(resize(tensor([1, 2, 3, Number.NaN, 5, 6]), [2], linear), [2, 5]);
		assert.equal(resize(zeros([0, 2]), [3], linear).shape, [0, 3]);
		assert.is(resize(x.astype("float32"), [5, 5], linear).dtype, "float32");
	});

	test("what is no size, no method or no float is refused", () => {
		refuses(() => resize(zeros([2]), [1.5]), ShapeError, "resize: expected sizes in an array");
		refuses(
			() => resize(zeros([0]), [2]),
			ShapeError,
			"resize: expected 1 last axes with elements",
		);
		const cubic = { method: "cubic" } as never;
		refuses(() => resize(zeros([2]), [3], cubic), DomainError, '"nearest" or "linear"');
		const whole = tensor([1, 2], { dtype: "int32" });
		refuses(() => resize(whole, [3], linear), DTypeError, "resize: ");
		same(resize(whole, [3]), [1, 1, 2]);
	});
});
