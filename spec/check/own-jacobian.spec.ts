import * as assert from "uvu/assert";
import {
	checkHessian,
	checkJacobian,
	type JacobianCheckOptions,
} from "../../lib/check/gradients.ts";
import {
	diagonalMatrix,
	eye,
	GradientError,
	hessian,
	jacobian,
	random,
	ShapeError,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(1), [3]);

suite("check/own-jacobian", (test) => {
	test("a Jacobian of your own is compared with differences, and a wrong one explained", () => {
		const softmax = (v: Tensor) => v.softmax(-1);
		const right = (v: Tensor) => {
			const p = softmax(v);
			return diagonalMatrix(p).sub(p.outer(p));
		};
		assert.ok(checkJacobian(softmax, [x], right).ok);
		const wrong = checkJacobian(softmax, [x], (v) => right(v).mul(2));
		assert.is(wrong.findings[0]?.verdict, "fail");
		assert.match(String(wrong), "likely cause: a factor ½ is missing (or a 2 is too many)");
		const turned = (v: Tensor, m: Tensor) => m.dot(v.sin());
		const m = tensor([
			[1, 2, 3],
			[4, 5, 6],
			[7, 8, 10],
		]);
		const own = (v: Tensor, a: Tensor) => a.mul(v.cos());
		assert.ok(checkJacobian(turned, [x, m], own).ok);
		assert.is(checkJacobian(turned, [x, m], (v, a) => own(v, a).T).ok, false);
	});

	test("nested arguments and results have the structure of jacobian and hessian", () => {
		const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ y: a.mul(b), z: [b.sum().sin()] });
		const point = { a: x, b: random.normal(random.key(2), [3]) };
		assert.ok(checkJacobian(f, [point], (v) => jacobian(f)(v)).ok);
		const loss = (v: typeof point) => v.a.mul(v.b.square()).sum().exp();
		assert.ok(checkHessian(loss, [point], (v) => hessian(loss)(v)).ok);
	});

	test("a Hessian that is wrong in one element fails there", () => {
		const f = (v: Tensor) => v.power(4).sum();
		const right = (v: Tensor) => diagonalMatrix(v.square().mul(12));
		assert.ok(checkHessian(f, [x], right).ok);
		const spot = eye(3).mul(tensor([0, 1e-6, 0]));
		const { findings } = checkHessian(f, [x], (v) => right(v).add(spot));
		assert.equal(findings[0]?.index, [1]);
		assert.equal(findings[0]?.resultIndex, [1]);
	});

	test("another shape, and options of gradients, are refused", () => {
		const f = (v: Tensor) => v.sin();
		const check =
			(own: (v: Tensor) => Tensor, options = {}) =>
			() =>
				checkJacobian(f, [x], own, options as JacobianCheckOptions);
		refuses(
			check((v) => v.cos()),
			ShapeError,
			"checkJacobian: expected jacobian to have shape (3×3)",
		);
		const right = (v: Tensor) => diagonalMatrix(v.cos());
		refuses(check(right, { order: 2 }), GradientError, "no order");
		refuses(check(right, { tolerance: 2 }), GradientError, "no option tolerance");
	});
});
