import * as assert from "uvu/assert";
import { checkManual, type ManualGradients } from "../../../lib/check/gradients.ts";
import { random, type Tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const kept = { keepDims: true };

/** Asserts the cause of what a backward program gives of the arguments `a`, by name. */
function causes<Args extends Readonly<Record<string, Tensor>>>(
	f: (args: Args) => Tensor,
	args: Args,
	wrong: Readonly<Record<string, (args: Args) => ManualGradients>>,
): void {
	for (const [cause, manual] of Object.entries(wrong)) {
		const { firstWrong, stopped } = checkManual(
			f,
			[args],
			manual as (args: Args) => ManualGradients,
		);
		assert.is(firstWrong?.cause ?? stopped?.cause, cause);
	}
}

suite("check/manual/causes", (test) => {
	test("of a product: the order, the other matrix, the transpose of the whole", () => {
		const args = { x: normal(1, [5, 4]), w: normal(2, [4, 3]), c: normal(3, [5, 3]) };
		const f = ({ x, w, c }: typeof args) => x.dot(w).as("p").mul(c).sum();
		causes(f, args, {
			"the factors are in the wrong order: grad_w is x.T.dot(grad_p)": ({ x, c }) => ({
				grad_w: c.dot(x.T),
			}),
			"a .T is missing: grad_x is grad_p.dot(w.T)": ({ w, c }) => ({ grad_x: c.dot(w) }),
			"the gradient is transposed: it is grad_p.T.dot(x), and x.T.dot(grad_p) agrees": ({
				x,
				c,
			}) => ({ grad_w: c.T.dot(x) }),
			"it is the gradient by x, not by w": ({ w, c }) => ({ grad_w: c.dot(w.T) }),
			"one factor is not the right one: it is p.dot(w.T), and grad_p.dot(w.T) agrees": ({
				x,
				w,
			}) => ({ grad_x: x.dot(w).dot(w.T) }),
			"one of the two is transposed": ({ x, w, c }) => ({ grad_p: x.dot(w).T.add(c) }),
		});
		const same = { x: normal(1, [5, 2]), w: normal(2, [2, 5]), c: normal(3, [5, 5]) };
		causes(f, same, {
			"the factors are in the wrong order: grad_x is grad_p.dot(w.T), or a .T is missing: grad_w is x.T.dot(grad_p)":
				({ x, c }) => ({ grad_w: x.dot(c) }),
		});
		const square = { x: normal(1, [4, 4]), w: normal(2, [4, 4]), c: normal(3, [4, 4]) };
		causes(f, square, {
			"the factors are in the wrong order: it is grad_p.dot(x.T), and x.T.dot(grad_p) agrees": ({
				x,
				c,
			}) => ({ grad_w: c.dot(x.T) }),
			"the .T is at the wrong factor: it is x.dot(grad_p.T), and x.T.dot(grad_p) agrees": ({
				x,
				c,
			}) => ({ grad_w: x.dot(c.T) }),
		});
	});

	test("of a product with a transpose in it, which the views of arguments stand for", () => {
		const args = { q: normal(1, [3, 5]), k: normal(2, [4, 5]), xs: normal(3, [2, 4, 3]) };
		const f = ({ q, k, xs }: typeof args) => q.dot(k.T).as("s").dot(xs.slice(1)).square().sum();
		const grad = ({ q, k, xs }: typeof args) => {
			const [s, x] = [q.dot(k.T), xs.slice(1)];
			return s.dot(x).dot(x.T).mul(2);
		};
		causes(f, args, {
			"a .T is too many: grad_q is grad_s.dot(k)": (a) => ({ grad_q: grad(a).dot(a.k.T) }),
			"a .T is missing: grad_k is grad_s.T.dot(q)": (a) => ({ grad_k: grad(a).dot(a.q) }),
			"a .T is missing: grad_s is g.dot(xs[1].T)": ({ q, k, xs }) => ({
				grad_s: q.dot(k.T).dot(xs.slice(1)).mul(2).dot(xs.slice(1)),
			}),
		});
	});

	test("of a sum: its axes, its shape, a factor in it", () => {
		const args = { b: normal(1, [4]), n: normal(2, [4, 4]), s: normal(3, [4, 1]) };
		const f = ({ b, n, s }: typeof args) => n.mul(b).div(s).sum();
		causes(f, args, {
			"it is summed along axis 1, and should be along axis 0": ({ n, s }) => ({
				grad_b: n.div(s).sum(1),
			}),
			"the sum over the axes along which it was broadcast is missing": ({ n, s }) => ({
				grad_b: n.div(s),
			}),
			"it has an axis of size 1 too many, which { keepDims: true } leaves; its numbers agree": ({
				n,
				s,
			}) => ({ grad_b: n.div(s).sum(0, kept) }),
			"it lacks an axis of size 1, which { keepDims: true } leaves; its numbers agree": ({
				b,
				n,
				s,
			}) => ({ grad_s: n.mul(b).div(s.square()).sum(1).neg() }),
			"in the sum, a factor n is missing": ({ s }) => ({
				grad_b: s.mul(0).add(1).div(s).broadcastTo([4, 4]).sum(0),
			}),
			"in the sum, a factor n is too many": ({ n, s }) => ({
				grad_b: n.div(s).mul(n).sum(0),
			}),
		});
		causes(({ b, n }: { b: Tensor; n: Tensor }) => n.mul(b).sum(), args, {
			"{ keepDims: true } is missing, which makes (5×1) of (5)": () => ({
				grad_n: normal(1, [5, 4]).sub(normal(1, [5, 4]).sum(1)),
			}),
		});
	});

	test("of a value with several uses: which of them is wrong, and how", () => {
		const args = { x: normal(1, [4, 5]), t: normal(2, [4, 5]) };
		const f = ({ x, t }: typeof args) => x.sub(x.mean(1, kept)).as("c").mul(t).sum();
		const one = "of the 2 uses of x only the one in";
		causes(f, args, {
			[`${one} sub contributes: their gradients have to be added`]: ({ t }) => ({ grad_x: t }),
			[`${one} mean is wrong: the sign is wrong`]: ({ t }) => ({
				grad_x: t.add(t.mean(1, kept)),
			}),
			[`${one} mean is wrong: the sum in it runs along axis 0, and should along axis 1`]: ({
				t,
			}) => ({ grad_x: t.sub(t.mean(0, kept)) }),
			[`${one} mean is wrong: a factor 1/5 is missing, the size of axis 1 of args[0].x: a sum where a mean belongs`]:
				({ t }) => ({ grad_x: t.sub(t.sum(1, kept)) }),
		});
		const three = ({ x, t }: typeof args) => x.sin().add(x.exp()).add(x.mul(t)).sum();
		causes(three, args, {
			"of the 3 uses of x the one in exp does not contribute: their gradients have to be added": ({
				x,
				t,
			}) => ({ grad_x: x.cos().add(t) }),
		});
	});

	test("of softmax, in which an element stands alone and in a sum", () => {
		const args = { z: normal(1, [3, 4]), t: normal(2, [3, 4]) };
		const f = ({ z, t }: typeof args) => z.softmax(1).as("a").mul(t).sum();
		const grad = (of: (a: Tensor, at: Tensor, t: Tensor) => Tensor) => {
			return ({ z, t }: typeof args) => ({ grad_z: of(z.softmax(1), z.softmax(1).mul(t), t) });
		};
		const sum = "of the 2 uses of z only the one in the sum of softmax is wrong";
		causes(f, args, {
			"of the 2 uses of z only the one in the numerator of softmax contributes: their gradients have to be added":
				grad((_, at) => at),
			[`${sum}: the sign is wrong`]: grad((a, at) => at.add(a.mul(at.sum(1, kept)))),
			[`${sum}: the sum along axis 1 is missing`]: grad((a, at) => at.sub(a.mul(at))),
			[`${sum}: it is summed along axis 0, and should be along axis 1`]: grad((a, at) =>
				at.sub(a.mul(at.sum(0, kept))),
			),
			[`${sum}: what is summed in it is not right`]: grad((a, at, t) =>
				at.sub(a.mul(t.sum(1, kept))),
			),
			"a factor a is missing": grad((_, at, t) => t.sub(at.sum(1, kept))),
			"it is the gradient by a, not by z": grad((_, __, t) => t),
		});
		const g = ({ z, t }: typeof args) => z.logSoftmax(1).mul(t).sum();
		causes(g, args, {
			"of the 2 uses of z only the one in the first term of logSoftmax contributes: their gradients have to be added":
				({ t }) => ({ grad_z: t }),
		});
	});

	test("of an elementwise step: a factor, a term, a mask at other elements", () => {
		const args = { x: normal(1, [4, 5]), g: normal(2, [5]), h: normal(3, [4, 5]) };
		const f = ({ x, g, h }: typeof args) => mask({ x, g, h }).where(x.mul(g), 0).mul(h).sum();
		const mask = ({ x, g }: typeof args) => x.mul(g).greater(0).as("mask");
		causes(f, args, {
			"a factor g is missing": (a) => ({ grad_x: mask(a).mul(a.h) }),
			"a factor x is too many, or a division by x is missing": (a) => ({
				grad_x: mask(a).mul(a.h).mul(a.g).mul(a.x),
			}),
			"h is added, and does not belong there": (a) => ({
				grad_x: mask(a).mul(a.h).mul(a.g).add(a.h),
			}),
			"h is missing from the sum": (a) => ({ grad_x: mask(a).mul(a.h).mul(a.g).sub(a.h) }),
			"a mask is at the wrong elements: of 20, 12 should be 0 and 8 should not, and the others agree":
				(a) => ({ grad_x: a.x.mul(a.g).less(0).mul(a.h).mul(a.g) }),
		});
		const scaled = ({ x }: { x: Tensor }) => x.div(Math.sqrt(5)).square().sum();
		causes(scaled, args, {
			"a factor 1/√5 is missing: 5 is the size of axis 1 of args[0].x": ({ x }) => ({
				grad_x: x.mul(2 / Math.sqrt(5)),
			}),
		});
	});
});
