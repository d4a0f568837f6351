import { compile } from "../../lib/compile/index.ts";
import {
	concat,
	customGradient,
	GradientError,
	grad,
	jvp,
	type Tensor,
	tensor,
	vjp,
} from "../../lib/index.ts";
import { near, refuses } from "../near.ts";
import { suite } from "../suite.ts";

suite("autodiff/stays-zero", (test) => {
	test("a pull that adds what has no values yet is refused compiled too, and a linear one is not", () => {
		type Pull = (g: Tensor, v: Tensor, u: Tensor) => Tensor;
		const forward = (pull: Pull) => (v: Tensor, u: Tensor) =>
			jvp(
				customGradient(
					(at: Tensor) => at.square(),
					(g: Tensor, _: Tensor, at: Tensor) => pull(g, at, u),
				),
				v,
				v,
			)[1];
		const x = tensor([1, 2, 3]);
		const u = tensor([2, 0.5, 3]);
		const added: Pull[] = [
			(g, v) => g.add(v),
			(g, _, w) => g.mul(w).sub(w.exp()),
			(g, _, w) => w.greater(1).where(g, w),
			(_, v) => v,
			(g, _, w) => concat([g.slice([0, 2]), w.slice([0, 1])]),
			(g, v) => vjp((t: Tensor) => t.square(), v)[1](g).add(v),
			(g, v) => g.add(grad((t: Tensor) => t.square().sum())(v)),
		];
		for (const pull of added) {
			for (const f of [forward(pull), compile(forward(pull))]) {
				refuses(() => f(x, u), GradientError, "it does not give 0 for a cotangent of 0; leave out");
			}
		}
		const linear: Pull[] = [
			(g, v, w) => g.mul(w).div(v),
			(g, v, w) => w.greater(1).where(g, 0).add(v.mul(0)),
			(_, v) => v.mul(0),
			(g, _, w) => vjp((t: Tensor) => t.mul(w).sin(), w)[1](g).cumsum(),
			(g, v, w) => w.expandDims(1).dot(g.expandDims(0)).dot(v),
		];
		for (const pull of linear) near(compile(forward(pull))(x, u), forward(pull)(x, u));
	});
});
