import * as assert from "uvu/assert";
import { compile, javascriptBackend, wasmBackend } from "../../lib/compile/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import {
	customGradient,
	GradientError,
	grad,
	hvp,
	jacobian,
	jvp,
	type Tensor,
	TraceError,
	tensor,
	valueAndGrad,
	vjp,
} from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { printProgram } from "../../lib/program/print.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, refuses } from "../near.ts";
import { suite } from "../suite.ts";

interface Pair {
	p: Tensor;
	q: Tensor;
}

/** Its derivative is not that of what it computes: 10 v w in place of 2 v w. */
const scaled = customGradient(
	(v: Tensor, w: Tensor) => v.square().mul(w),
	(g: Tensor, _: Tensor, v: Tensor, w: Tensor) => g.mul(v).mul(w).mul(10),
);
const two = customGradient(
	({ p, q }: Pair) => ({ product: p.mul(q), rest: [p.add(q)] }),
	(g, y, { p, q }) => ({
		p: g.product.mul(q).mul(3).add(y.product.mul(0)),
		q: g.rest[0]!.mul(p).mul(5),
	}),
);
const loss = (v: Tensor, w: Tensor) => {
	const { product, rest } = two({ p: scaled(v, w), q: v });
	return product.sum().add(rest[0]!.square().sum());
};

const x = tensor([1, -2, 0.5]);
const w = tensor([2, 3, -4]);
const dx = tensor([0.3, 1, -1]);

suite("program/custom-gradient", (test) => {
	test("a given derivative holds in and around compile, in every transform and backend", () => {
		const transforms: ((f: typeof loss) => (v: Tensor, w: Tensor) => Tensor)[] = [
			(f) => f,
			(f) => grad(f),
			(f) => (v, u) => valueAndGrad(f)(v, u)[1],
			(f) => (v, u) => vjp(f, v, u)[1](tensor(2)),
			(f) => (v, u) => jvp(f, v, dx, u)[1],
			(f) => (v, u) => hvp(f, v, dx, u),
			(f) => (v, u) => grad((t: Tensor) => grad(f)(t, u).mul(dx).sum())(v),
			(f) => jacobian(grad(f), { mode: "reverse" }),
		];
		assert.ok(!isNear(grad(loss)(x, w), grad(plain)(x, w)));
		for (const transform of transforms) {
			const expected = transform(loss)(x, w);
			for (const backend of [wasmBackend, javascriptBackend]) {
				near(compile(transform(loss), { backend })(x, w), expected);
				near(transform(compile(loss, { backend }))(x, w), expected);
				near(compile(transform(compile(loss)), { backend })(x, w), expected);
			}
		}
	});

	test("a recorded program shows it by name, with what its derivative is taken by, and what else it is made of", () => {
		const { program } = trace([x, w], ([v, u]) => [scaled(v!, u!).sum()]);
		const lines = printProgram(program).split("\n");
		assert.equal(
			lines.filter((line) => line.includes("customGradient")),
			["  %2: float64 (3) = customGradient(%1, a, b)"],
		);
	});

	test("a program that was recorded before it is differentiated has the given derivative too", () => {
		const { program } = trace([x], ([v]) => [loss(v!, w)]);
		const again = (v: Tensor) => interpret(program, [v])[0]!;
		const once = (v: Tensor) => loss(v, w);
		near(grad(again)(x), grad(once)(x));
		near(jvp(again, x, dx)[1], jvp(once, x, dx)[1]);
		near(hvp(again, x, dx), hvp(once, x, dx));
		near(compile(grad(again))(x), grad(once)(x));
	});

	test("a pull is not traced before its gradient is asked for, so it may look at values until then", () => {
		const looking = customGradient(
			(v: Tensor) => v.mul(2),
			(g: Tensor) => (g.sum().item() > 0 ? g.mul(3) : g),
		);
		const f = compile((v: Tensor) => looking(v).square().sum());
		near(f(x), x.square().sum().mul(4));
		near(grad(f)(x), x.mul(4));
		near(grad(f)(x.neg()), x.mul(-12));
		refuses(
			() => compile(grad(f))(x),
			TraceError,
			"was asked for while the function is being traced",
		);
	});

	test("a derivation marks the value and the gradient, and prints what the pull does", () => {
		const derivation = derive((v: Tensor, u: Tensor) => scaled(v, u).sum(), { v: x, w });
		const text = derivation.print("numpy");
		assert.match(text, "np.square(v) * w  # its derivative is given by customGradient");
		assert.match(text, "grad_v = 10.0 * v * w  # given by customGradient, not derived");
		assert.ok(derivation.verify().checks.length > 0);
	});

	test("a differentiated tensor from outside is refused in a trace too, where its gradient came out as 0", () => {
		const wrapped = (v: Tensor, outer: Tensor) =>
			customGradient(
				(u: Tensor) => u.mul(outer),
				(g: Tensor) => g.mul(7),
			)(v).sum();
		const a = tensor(2);
		for (const run of [
			() => compile((v: Tensor, o: Tensor) => grad((b: Tensor) => wrapped(v, b))(o))(x, a),
			() => compile((v: Tensor, o: Tensor) => jvp((b: Tensor) => wrapped(v, b), o, o))(x, a),
			() => compile((v: Tensor, o: Tensor) => hvp((b: Tensor) => wrapped(v.mul(b), b), o, o))(x, a),
			() => derive((b: Tensor, v: Tensor) => wrapped(v, b), { b: a, v: x }),
		]) {
			refuses(run, GradientError, "first argument");
		}
		// What is only recorded may come from outside, and has no derivative to lose.
		near(compile((o: Tensor) => wrapped(x, o))(a), x.sum().mul(2));
		near(compile((v: Tensor, o: Tensor) => grad((u: Tensor) => wrapped(u, o))(v))(x, a), [7, 7, 7]);
	});
});

/** The same with the derivatives of what it computes. */
function plain(v: Tensor, u: Tensor): Tensor {
	const p = v.square().mul(u);
	return p.mul(v).sum().add(p.add(v).square().sum());
}

function isNear(a: Tensor, b: Tensor): boolean {
	return a.sub(b).abs().max().item() < 1e-9;
}
