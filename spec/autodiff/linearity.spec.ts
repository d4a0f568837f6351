import * as fc from "fast-check";
import { transposeOf } from "../../lib/autodiff/transpose.ts";
import { drawn } from "../../lib/check/arbitrary-draw.ts";
import { records } from "../../lib/check/records.ts";
import { compile } from "../../lib/compile/index.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply } from "../../lib/core/op.ts";
import {
	concat,
	customGradient,
	elementwise,
	GradientError,
	grad,
	jvp,
	random,
	type Tensor,
	tensor,
	vjp,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { near, refuses } from "../near.ts";
import { suite } from "../suite.ts";

suite("autodiff/linearity", (test) => {
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

	test("an op that is stated with the derivative of another is refused, however the numbers fall", () => {
		const stated = (name: string, formula: (x: s.Scalar) => s.Scalar) =>
			elementwise(1, { name, formula, partials: [() => 1], print: ([x]) => `${name}(${x})` });
		const wrong = [
			stated("rounded", (x) => s.round(x)),
			stated("kept", (x) => s.max(s.min(x, 1), -1)),
			stated("half", (x) => s.mul(x, 0.5)),
		];
		const pulls: [name: string, pull: (g: Tensor) => Tensor][] = [
			["mod", (g) => g.mod(1)],
			["mod", (g) => g.mod(tensor([3, 4]).astype(g.dtype))],
			...wrong.map((op): [string, (g: Tensor) => Tensor] => [op.op.name, (g) => op(g)]),
		];
		for (const [name, pull] of pulls) {
			const f = customGradient((v: Tensor) => v.mul(2), pull);
			for (const x of [tensor([1, 2]), tensor([1, 2]).astype("float32")]) {
				const along = (v: Tensor) => jvp(f, v, v)[1];
				refuses(() => along(x), GradientError, `because of ${name}`);
				refuses(() => compile(along)(x), GradientError, `because of ${name}`);
			}
		}
	});

	test("no op is taken as linear where it does not add up, and those stated as linear or bilinear are", () => {
		const kinds = ["linear", "arrangement", "stretch", "bilinear", "matrixProduct"];
		for (const op of records) {
			if (op.sample === undefined || op.differential === null) continue;
			for (const { inputs, params } of fc.sample(drawn(op.sample), { numRuns: 4, seed: 1 })) {
				const out = apply(op, inputs, params);
				for (const [i, x] of inputs.entries()) {
					if (x.size === 0 || out.size === 0 || !isFloat(x.dtype)) continue;
					const at = (v: Tensor) =>
						apply(
							op,
							inputs.map((y, j) => (j === i ? v : y)),
							params,
						);
					const run = () => transposeOf(([g]) => [at(g!)], [x])([out]);
					if (!addsUp(at, x)) refuses(run, GradientError, "pull is not linear");
					// A softmax of one element adds up too, but its derivative looks at it.
					else if (op.traits?.linear || kinds.includes(op.rule ?? "own")) run();
				}
			}
		}
	});
});

/** Whether f takes any tensor, and f(2a − 3b) is 2f(a) − 3f(b). */
function addsUp(f: (x: Tensor) => Tensor, { shape }: Tensor): boolean {
	const [a, b] = [1, 2].map((seed) => random.uniform(random.key(seed), shape).add(0.5));
	try {
		const expected = f(a!).mul(2).sub(f(b!).mul(3));
		const found = f(a!.mul(2).sub(b!.mul(3)));
		const apart = found.sub(expected).abs().max().item();
		return isFloat(found.dtype) && apart < 1e-9 * (1 + expected.abs().max().item());
	} catch {
		return false;
	}
}
