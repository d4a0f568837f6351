import * as assert from "uvu/assert";
import { checkGradients } from "../../lib/check/gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import {
	customGradient,
	GradientError,
	grad,
	hessian,
	hvp,
	jacobian,
	jvp,
	linearize,
	random,
	ShapeError,
	type Tensor,
	TraceError,
	tensor,
	vjp,
} from "../../lib/index.ts";
import { near, refuses } from "../near.ts";
import { suite } from "../suite.ts";

/** Repeats z ↦ f(z) until it does not move any more. */
function fixedPoint(f: (z: Tensor) => Tensor, start: Tensor): Tensor {
	for (let z = start; ; ) {
		const next = f(z);
		if (next.sub(z).abs().max().item() < 1e-15) return next;
		z = next;
	}
}

interface Layer {
	w: Tensor;
	b: Tensor;
}

/** z = tanh(z·w + b), by iteration; its derivatives are fixed points too. */
const slope = (z: Tensor) => z.square().neg().add(1);
const solved = ({ w, b }: Layer) => fixedPoint((z) => z.dot(w).add(b).tanh(), b);
const pull = (g: Tensor, z: Tensor, { w }: Layer) => {
	const u = fixedPoint((v) => g.add(v.mul(slope(z)).dot(w.T)), g).mul(slope(z));
	return { w: z.outer(u), b: u };
};
const push = (dx: Layer, z: Tensor, { w }: Layer) => {
	const source = z.dot(dx.w).add(dx.b).mul(slope(z));
	return fixedPoint((v) => source.add(v.dot(w).mul(slope(z))), source);
};
const equilibrium = customGradient(solved, pull, push);
/** The same by so many steps that nothing is left to gain, differentiated as it is computed. */
const unrolled = ({ w, b }: Layer) => {
	let z = b;
	for (let i = 0; i < 40; i++) z = z.dot(w).add(b).tanh();
	return z;
};

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const layer = { w: normal(1, [3, 3]).mul(0.1), b: normal(2, [3]) };
const direction = { w: normal(3, [3, 3]), b: normal(4, [3]) };
const weights = normal(5, [3]);
const lossOf = (f: (p: Layer) => Tensor) => (p: Layer) => f(p).square().mul(weights).sum();

function nearLayer(actual: Layer, expected: Layer): void {
	near(actual.w, expected.w, 1e-11);
	near(actual.b, expected.b, 1e-11);
}

suite("autodiff/custom-push", (test) => {
	test("with a push a layer that iterates until it has converged has every derivative in either mode", () => {
		const [f, g] = [lossOf(equilibrium), lossOf(unrolled)];
		near(equilibrium(layer), unrolled(layer), 1e-13);
		nearLayer(grad(f)(layer), grad(g)(layer));
		near(jvp(equilibrium, layer, direction)[1], jvp(unrolled, layer, direction)[1], 1e-11);
		near(
			linearize(equilibrium, layer)[1](direction),
			linearize(unrolled, layer)[1](direction),
			1e-11,
		);
		nearLayer(hvp(f, layer, direction), hvp(g, layer, direction));
		const [h, k] = [hessian(f)(layer), hessian(g)(layer)];
		nearLayer(h.w, k.w);
		nearLayer(h.b, k.b);
		for (const mode of ["forward", "reverse"] as const) {
			nearLayer(jacobian(equilibrium, { mode })(layer), jacobian(unrolled, { mode })(layer));
		}
		// Reverse over forward, and forward over forward.
		const along = (q: (p: Layer) => Tensor) => (p: Layer) => jvp(q, p, direction)[1];
		nearLayer(grad(along(f))(layer), grad(along(g))(layer));
		near(jvp(along(f), layer, direction)[1], jvp(along(g), layer, direction)[1], 1e-11);
		assert.ok(checkGradients(f, [layer], { order: 1 }).ok);
	});

	test("without one forward mode refuses it, and names the way out", () => {
		const f = customGradient(solved, pull);
		nearLayer(grad(lossOf(f))(layer), grad(lossOf(unrolled))(layer));
		for (const run of [
			() => jvp(f, layer, direction),
			() => linearize(f, layer)[1](direction),
			() => hvp(lossOf(f), layer, direction),
			() => hessian(lossOf(f))(layer),
			() => jacobian(f, { mode: "forward" })(layer),
		]) {
			refuses(run, GradientError, "pull asked for the value of a result of max");
			refuses(run, GradientError, "customGradient(f, pull, push)");
			refuses(run, GradientError, "a pull that is linear in its cotangent");
		}
	});

	test("a pull that is not linear is no matter where there is a push", () => {
		const clipped = customGradient(
			(v: Tensor) => v.mul(5),
			(g: Tensor) => g.mul(5).clip(-1, 1),
			(dv: Tensor) => dv.mul(5),
		);
		const x = tensor([1, 2]);
		near(jvp(clipped, x, x)[1], [5, 10]);
		near(grad((v: Tensor) => clipped(v).sum())(x), [1, 1]);
		near(compile((v: Tensor) => jvp(clipped, v, v)[1])(x), [5, 10]);
	});

	test("a push is given the result, the arguments and what is passed on, and may be nested", () => {
		interface Pair {
			a: Tensor;
			b: Tensor;
		}
		const f = customGradient(
			({ a, b }: Pair, scale: number) => ({ sum: a.add(b), product: [a.mul(b).mul(scale)] }),
			(g, _, { a, b }, scale) => ({
				a: g.sum.add(g.product[0]!.mul(b).mul(scale)),
				b: g.sum.sum().add(g.product[0]!.mul(a).sum().mul(scale)),
			}),
			(d, y, { a, b }, scale) => ({
				sum: d.a.add(d.b).add(y.sum.mul(0)),
				product: [d.a.mul(b).add(a.mul(d.b)).mul(scale)],
			}),
		);
		const plain = ({ a, b }: Pair) => a.add(b).mul(a.mul(b).mul(3)).sum();
		const loss = (p: Pair) => {
			const { sum, product } = f(p, 3);
			return sum.mul(product[0]!).sum();
		};
		const p = { a: tensor([1, -2, 0.5]), b: tensor(2) };
		const d = { a: tensor([0.3, 1, -1]), b: tensor(-0.7) };
		near(jvp(loss, p, d)[1], jvp(plain, p, d)[1]);
		near(hvp(loss, p, d).a, hvp(plain, p, d).a);
		near(hvp(loss, p, d).b, hvp(plain, p, d).b);
		near(compile((q: Pair) => hvp(loss, q, d).a)(p), hvp(plain, p, d).a);
		assert.ok(derive((pair: Pair) => loss(pair), { pair: p }).verify().checks.length > 0);
	});

	test("a tangent of another structure or shape is refused, and under compile a push that looks at values", () => {
		const x = tensor([1, 2]);
		const withPush = (push: (dv: Tensor, y: Tensor) => Tensor) =>
			customGradient(
				(v: Tensor) => v.mul(2),
				(g: Tensor) => g.mul(2),
				push,
			);
		refuses(
			() =>
				jvp(
					withPush((dv) => dv.sum()),
					x,
					x,
				),
			ShapeError,
			"tangent to be float64 (2)",
		);
		const none = () => undefined as unknown as Tensor;
		refuses(() => jvp(withPush(none), x, x), GradientError, "got undefined at tangent");
		const looks = withPush((dv, y) => (y.sum().item() > 0 ? dv.mul(2) : dv));
		near(jvp(looks, x, x)[1], [2, 4]);
		refuses(() => compile((v: Tensor) => jvp(looks, v, v)[1])(x), TraceError, "asked for");
		near(vjp(looks, x)[1](x), [2, 4]);
	});
});
