import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { hasNumPy, python } from "./python.ts";

const series = (...shape: number[]) => {
	const size = shape.reduce((x, y) => x * y, 1);
	const values = Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i + shape.length) / 2);
	return a.reshape(a.tensor(values), shape);
};

/** In TypeScript, and in NumPy where there is one. */
const isTrue = (derived: ReturnType<typeof derive>) => {
	const { ok, checks } = derived.verify(
		hasNumPy() ? { forms: ["ts", "numpy"], python } : { forms: ["ts"] },
	);
	return ok && checks.length > 0;
};

suite("loops in loops of derivations", (test) => {
	test("a loop that keeps its carry at some steps alone is written as the loop that it equals", () => {
		const f =
			(options: { checkpoint?: number }) =>
			({ w }: { w: a.Tensor }, x: a.Tensor) => {
				const step = (h: a.Tensor, x: a.Tensor) => {
					const next = h.mul(w).add(x).tanh().as("h");
					return [next, next] as const;
				};
				const [h, hs] = a.scan(step, a.zeros([3]), x, options);
				return h.square().sum().add(hs.sum());
			};
		const args = { p: { w: series(3) }, x: series(5, 3) };
		const derived = derive(f({ checkpoint: 2 }), args);
		assert.is(derived.print("numpy"), derive(f({}), args).print("numpy"));
		assert.ok(isTrue(derived));
	});

	test("a loop in the step of a loop is one in its body, forward and backward", () => {
		const f = ({ W }: { W: a.Tensor }, x: a.Tensor) => {
			const cell = (g: a.Tensor, x: a.Tensor) => {
				const next = g.mul(W).add(x).tanh().as("g");
				return [next, next] as const;
			};
			const [, hs] = a.scan((h: a.Tensor, row: a.Tensor) => a.scan(cell, h, row), a.zeros([2]), x);
			return hs.square().sum();
		};
		const args = { p: { W: series(2) }, x: series(4, 3, 2) };
		const derived = derive(f, args, { axes: { W: ["D"], x: ["T", "S", "D"] } });
		const lines = derived.print("numpy").split("\n");
		assert.equal(lines.slice(lines.indexOf("# Forward") + 1), [
			"carry = np.zeros((2,))",
			"ys = np.empty((T, S, 2))",
			"gs_ins = np.empty((T, S, 2))",
			"for t in range(T):",
			"    g = carry",
			"    gs = np.empty((S, 2))",
			"    gs_in = np.empty((S, 2))",
			"    for t_2 in range(S):",
			"        gs_in[t_2] = g",
			"        g = np.tanh(g * W + x[t, t_2])",
			"        gs[t_2] = g",
			"    gs_ins[t] = gs_in",
			"    ys[t] = gs",
			"    carry = g",
			"loss = np.square(ys).sum()",
			"",
			"# Backward",
			"grad_ys = 2.0 * ys",
			"grad_carry = np.zeros((2,))",
			"grad_W = np.zeros((2,))",
			"for t in reversed(range(T)):",
			"    grad_g = grad_carry",
			"    grad_W_2 = np.zeros((2,))",
			"    for t_2 in reversed(range(S)):",
			"        grad_g = grad_g + grad_ys[t, t_2]",
			"        term1 = grad_g * (1 - np.square(ys[t, t_2]))",
			"        grad_W_2 += term1 * gs_ins[t, t_2]",
			"        grad_g = term1 * W",
			"    grad_W += grad_W_2",
			"    grad_carry = grad_g",
			"",
		]);
		assert.ok(isTrue(derived));
	});

	test("what each inner step reads and hands back is an entry of an entry", () => {
		const f = (x: a.Tensor, w: a.Tensor) => {
			const cell = (g: a.Tensor, x: a.Tensor) => [g.mul(w).add(x.sin()), null] as const;
			const step = (h: a.Tensor, row: a.Tensor) => {
				const [last] = a.scan(cell, h, row, { reverse: true });
				return [last.mul(h), null] as const;
			};
			return a.scan(step, a.ones([2]), x)[0].sum();
		};
		const derived = derive(f, { x: series(4, 3, 2), w: series(2) });
		assert.match(
			derived.print("numpy"),
			"        grad_x_2[t_2] = grad_carry_2 * np.cos(x[t, t_2])",
		);
		assert.ok(isTrue(derived));
	});

	test("loops three deep, and two in one step, are true", () => {
		const { fori } = a;
		const deep = ({ w, x }: Record<"w" | "x", a.Tensor>) => {
			const inner = (d: a.Tensor, c: a.Tensor) =>
				fori(0, 2, (e: a.Tensor) => e.mul(w).add(c).sin(), d);
			return fori(0, 2, (c: a.Tensor) => fori(0, 3, (d: a.Tensor) => inner(d, c), c), x).sum();
		};
		const args = { p: { w: series(2), x: series(2) } };
		assert.ok(isTrue(derive(deep, args)));
		const twice = ({ w, x }: Record<"w" | "x", a.Tensor>) => {
			const step = (c: a.Tensor) => {
				const one = fori(0, 3, (d: a.Tensor) => d.mul(w).sin(), c);
				return one.add(fori(0, 2, (d: a.Tensor) => d.add(w).tanh(), x));
			};
			return fori(0, 2, step, x).sum();
		};
		assert.ok(isTrue(derive(twice, args)));
	});

	test("a gradient by a loop in the step of a loop has lines, and so has its derivative", () => {
		const f = ({ w, x }: Record<"w" | "x", a.Tensor>) => {
			const energy = (x: a.Tensor) => a.fori(0, 3, (d: a.Tensor) => d.mul(w).sin(), x).sum();
			return a.fori(0, 2, (c: a.Tensor) => c.sub(a.grad(energy)(c).mul(0.1)), x).sum();
		};
		assert.ok(isTrue(derive(f, { p: { w: series(2), x: series(2) } })));
	});

	test("a carry of several parts that an inner loop hands on in exchange is true", () => {
		type Pair = Record<"u" | "v", a.Tensor>;
		const f = ({ w, x }: Record<"w" | "x", a.Tensor>, xs: a.Tensor) => {
			const step = (pair: Pair, x: a.Tensor) => {
				const { u, v } = a.fori(0, 3, ({ u, v }) => ({ u: v.mul(w), v: u.add(x).sin() }), pair);
				return [{ u: v, v: u }, null] as const;
			};
			const [{ u, v }] = a.scan(step, { u: x, v: x.mul(2) }, xs);
			return u.mul(v).sum();
		};
		assert.ok(isTrue(derive(f, { p: { w: series(2), x: series(2) }, xs: series(3, 2) })));
	});

	test("what is printed of loops in loops with named axes holds at other sizes", () => {
		const f = ({ W }: { W: a.Tensor }, x: a.Tensor, h0: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => {
				const z = x.dot(W).add(h).as("z");
				const y = a.fori(0, 3, (y: a.Tensor) => y.sub(y.tanh().sub(z).mul(0.1)), z);
				return [y, y] as const;
			};
			const [, hs] = a.scan(step, h0, x);
			return hs.square().mean();
		};
		const axes = { W: ["D", "D"], x: ["T", "B", "D"], h0: ["B", "D"] };
		const at = (T: number, B: number, D: number) =>
			derive(f, { p: { W: series(D, D) }, x: series(T, B, D), h0: series(B, D) }, { axes });
		const [one, other] = [at(4, 2, 3), at(3, 5, 2)];
		const bare = (text: string) => text.replace(/^# Given.*$/m, "");
		assert.is(bare(one.print("numpy")), bare(other.print("numpy")));
		assert.ok(isTrue(one));
		assert.ok(isTrue(other));
	});
});
