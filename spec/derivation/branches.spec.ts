import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { axes, gated } from "./gated.ts";
import { hasNumPy, python } from "./python.ts";
import { runPrinted } from "./run-printed.ts";

const series = (...shape: number[]) => {
	const size = shape.reduce((x, y) => x * y, 1);
	const values = Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i + shape.length) / 2);
	return a.reshape(a.tensor(values), shape);
};
const index = (k: number) => a.tensor(k, { dtype: "int32" });

/** In TypeScript, and in NumPy where there is one. */
const isTrue = (derived: ReturnType<typeof derive>) => {
	const { ok, checks } = derived.verify(
		hasNumPy() ? { forms: ["ts", "plain", "numpy"], python } : { forms: ["ts", "plain"] },
	);
	return ok && checks.length > 0;
};
const linesFrom = (derived: ReturnType<typeof derive>, first: string, form: "numpy" | "ts") => {
	const lines = derived.print(form).split("\n");
	return lines.slice(lines.indexOf(first) + 1, -1);
};

suite("branches in derivations", (test) => {
	test("a choice by a test is one if forward and one backward, with zeros for what a branch does not read", () => {
		const derived = derive(gated, { w: series(3), x: series(5, 3) }, { axes });
		assert.equal(linesFrom(derived, "# Forward", "numpy"), [
			"h = x.dot(w)",
			"test = h.sum() > 0",
			"if test:",
			"    z = np.tanh(h * w.sum())",
			"    y = np.square(z)",
			"else:",
			"    y = np.exp(h) * 3",
			"loss = y.mean()",
			"",
			"# Backward",
			"if test:",
			"    sum1 = w.sum()",
			"    z_2 = np.tanh(h * sum1)",
			"    div1 = 2.0 * z_2 * (1 - np.square(z_2)) / N",
			"    term1 = np.broadcast_to((div1 * h).sum(), (D))",
			"    grad_h = div1 * sum1",
			"else:",
			"    grad_h = 3.0 * np.exp(h) / N",
			"    term1 = np.zeros((D,))",
			"grad_w = term1 + x.T.dot(grad_h)",
		]);
	});

	test("it is true on both sides of the test, and what is printed does not depend on the side", () => {
		const [one, other] = [1, -1].map((sign) => {
			return derive(gated, { w: series(3).mul(sign), x: series(5, 3) }, { axes });
		});
		assert.ok(isTrue(one!) && isTrue(other!));
		assert.is(one!.print("numpy"), other!.print("numpy"));
		assert.is(one!.print("ts"), other!.print("ts"));
	});

	test("a choice by an index has a branch for each, and refuses an index without one", () => {
		const f = (w: a.Tensor, k: a.Tensor) =>
			a.switchCase(k, [(w) => w.square().sum(), () => a.tensor(2), (w) => w.exp().sum()], w);
		const all = [0, 1, 2].map((k) => derive(f, { w: series(3), k: index(k) }));
		assert.ok(all.every(isTrue));
		assert.equal(linesFrom(all[0]!, "  // Forward", "ts"), [
			"  let chosen;",
			"  if (k.item() === 0) {",
			"    chosen = w.square().sum();",
			"  } else if (k.item() === 1) {",
			"    chosen = tensor(2);",
			"  } else if (k.item() === 2) {",
			"    chosen = w.exp().sum();",
			"  } else {",
			'    throw new RangeError("there is no branch with this index");',
			"  }",
			"  const loss = chosen;",
			"",
			"  // Backward",
			"  let grad_w;",
			"  if (k.item() === 0) {",
			"    grad_w = mul(2, w); // 3",
			"  } else if (k.item() === 1) {",
			"    grad_w = zeros([3]); // 3",
			"  } else if (k.item() === 2) {",
			"    grad_w = w.exp(); // 3",
			"  } else {",
			'    throw new RangeError("there is no branch with this index");',
			"  }",
			"  return { loss, grad_w };",
			"}",
		]);
	});

	test("a branch in the step of a scan runs backward by the test that was stored", () => {
		const f = (w: a.Tensor, x: a.Tensor, h0: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => {
				const z = x.mul(w).add(h).as("z");
				const up = (z: a.Tensor) => z.mul(w).tanh();
				const next = a.cond(z.sum().greater(0), up, (z) => z.mul(0.5), z).as("h");
				return [next, next] as const;
			};
			return a.scan(step, h0, x)[1].square().mean();
		};
		const args = { w: series(3), x: series(5, 3).sub(0.1), h0: series(3).mul(0) };
		const derived = derive(f, args, { axes: { ...axes, h0: ["D"] } });
		assert.ok(isTrue(derived));
		assert.equal(linesFrom(derived, "for t in range(N):", "numpy"), [
			"    z = x[t] * w + h",
			"    zs[t] = z",
			"    test = z.sum() > 0",
			"    tests[t] = test",
			"    if test:",
			"        h_2 = np.tanh(z * w)",
			"    else:",
			"        h_2 = z * 0.5",
			"    hs[t] = h_2",
			"    h = h_2",
			"loss = np.square(hs).mean()",
			"",
			"# Backward",
			"grad_hs = 2.0 * hs / (D * N)",
			"grad_h = np.zeros((D,))",
			"grad_w = np.zeros((D,))",
			"for t in reversed(range(N)):",
			"    grad_h = grad_h + grad_hs[t]",
			"    if tests[t]:",
			"        mul1 = grad_h * (1 - np.square(np.tanh(zs[t] * w)))",
			"        term1 = mul1 * zs[t]",
			"        term2 = mul1 * w",
			"    else:",
			"        term2 = 0.5 * grad_h",
			"        term1 = np.zeros((D,))",
			"    grad_w += term1 + term2 * x[t]",
			"    grad_h = term2",
		]);
	});

	test("loops and choices nest in a branch", () => {
		const loop = (w: a.Tensor, x: a.Tensor) =>
			a.scan((h: a.Tensor, x: a.Tensor) => [h.mul(w).add(x).tanh().as("h"), null], w, x)[0];
		const f = (w: a.Tensor, x: a.Tensor) => {
			const inner = (w: a.Tensor) =>
				a.cond(
					x.sum().less(0),
					(w) => w.square(),
					(w) => w.exp(),
					w,
				);
			return a.cond(w.sum().greater(0), (w) => loop(w, x), inner, w).mean();
		};
		for (const [v, u] of [
			[1, 1],
			[-1, 1],
			[-1, -1],
		] as const) {
			const w = series(3).add(1).mul(v);
			assert.ok(isTrue(derive(f, { w, x: series(5, 3).abs().mul(u) }, { axes })));
		}
	});

	test("a while loop with a greatest number of steps is a loop with a branch", () => {
		const under = (h: a.Tensor) => h.sum().less(5);
		const f = (w: a.Tensor) =>
			a.whileLoop(under, (h: a.Tensor) => h.mul(w).add(1), w, { max: 6 }).sum();
		const derived = derive(f, { w: series(3).abs().add(0.5) });
		assert.ok(isTrue(derived));
		assert.ok(derived.print("numpy").includes("        chosen = w_t * w + 1\n"));
	});

	test("plain loops choose by a number, and what a choice gives is declared before it", () => {
		const text = derive(gated, { w: series(3), x: series(5, 3) }, { axes }).print("plain");
		const from = text.indexOf("  let y;");
		const end = "\n  // loss";
		assert.is(
			text.slice(from, text.indexOf(end)),
			`  let y;
  if (test !== 0) {
    // z = np.tanh(h * w.sum())
    let t2 = 0;
    for (let i = 0; i < D; i++) t2 += w[i];
    const z = new Float64Array(N);
    for (let i = 0; i < N; i++) z[i] = Math.tanh(h[i] * t2);

    // y = np.square(z)
    const next_y2 = new Float64Array(N);
    for (let i = 0; i < N; i++) next_y2[i] = z[i] ** 2;
    y = next_y2;
  } else {
    // y = np.exp(h) * 3
    const next_y = new Float64Array(N);
    for (let i = 0; i < N; i++) next_y[i] = Math.exp(h[i]) * 3;
    y = next_y;
  }
`,
		);
	});

	test("a test of two loops is the entry of both, and one that is known is written as it is", () => {
		const step = (w: a.Tensor, x: a.Tensor) => (h: a.Tensor) => {
			const up = (h: a.Tensor) => h.mul(x).sub(1);
			return a.cond(h.sum().greater(0), up, (h) => h.add(w), h);
		};
		const f = (w: a.Tensor, x: a.Tensor) => {
			const outer = (h: a.Tensor, x: a.Tensor) => {
				const next = a.fori(0, 2, step(w, x), h);
				return [next, next] as const;
			};
			return a.scan(outer, w, x)[1].square().sum();
		};
		const derived = derive(f, { w: series(3), x: series(5, 3) });
		assert.ok(isTrue(derived));
		assert.match(derived.print("plain"), /if \(testss\[t \* 2 \+ t_2\] !== 0\)/);
		const known = (w: a.Tensor) => {
			const wave = (w: a.Tensor) => w.sin();
			return a.cond(a.tensor(true), wave, (w) => w, w).sum();
		};
		assert.ok(isTrue(derive(known, { w: series(3) })));
	});

	test("what is printed holds for other sizes", () => {
		const derived = derive(gated, { w: series(3), x: series(5, 3) }, { axes });
		assert.not(derived.print("ts").includes("for these shapes only"));
		for (const sign of [1, -1]) {
			const [w, x] = [series(7).mul(sign), series(4, 7)];
			const given = new Map(Object.entries({ w, x }));
			const results = runPrinted(derived.print("ts"), given) as Record<string, a.Tensor>;
			const [value, gradient] = a.valueAndGrad(gated)(w, x);
			assert.ok(Math.abs(results.loss!.sub(value).item() as number) < 1e-14);
			assert.ok((results.grad_w!.sub(gradient).abs().max().item() as number) < 1e-14);
		}
	});

	test("what has no lines is refused with the way out", () => {
		const each = (x: a.Tensor) =>
			a
				.vmap((x: a.Tensor) =>
					a.cond(
						x.less(0),
						(x) => x.exp(),
						(x) => x,
						x,
					),
				)(x)
				.sum();
		assert.throws(() => derive(each, [series(3)]), /calls cond under vmap.*where\(test, x, y\)/);
		const long = (w: a.Tensor, x: a.Tensor) =>
			a
				.whileLoop(
					(h: a.Tensor) => h.sum().less(5),
					(h: a.Tensor) => h.add(1),
					x,
				)
				.mul(w)
				.sum();
		assert.throws(() => derive(long, [series(3), series(3)]), /calls whileLoop.*max: 100/);
	});
});
