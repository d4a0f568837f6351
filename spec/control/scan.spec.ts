import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import * as a from "../../lib/index.ts";
import { grad, jvp, scan, type Tensor, tensor } from "../../lib/index.ts";
import { printProgram } from "../../lib/program/print.ts";
import { bodiesOf, type Program } from "../../lib/program/program.ts";
import { simplify } from "../../lib/program/simplify.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { asProgram, draw, type ListFunction } from "./loops.ts";

/** A function run as it is, and recorded. */
function bothWays(f: ListFunction, x: readonly Tensor[], check: (y: Tensor[]) => void): void {
	check(f(x));
	check(asProgram(f)(x));
}

/** The gradient of the sum of a recurrent net's states. */
function netGradient(options: a.LoopOptions = {}) {
	const loss = (w: Tensor, xs: Tensor) => {
		const step = (h: Tensor, x: Tensor): [Tensor, null] => [h.dot(w).add(x).tanh(), null];
		return scan(step, a.zeros([3]), xs, options)[0].sum();
	};
	return (x: readonly Tensor[]) => [grad((w: Tensor) => loss(w, x[1]!))(x[0]!)];
}

/** All instructions of a program, those of its loops too. */
function allIn({ instructions }: Program): string[] {
	return instructions.flatMap(({ op }) => [op.name, ...bodiesOf(op).flatMap(allIn)]);
}

suite("scan", (test) => {
	test("takes steps along the first axis of nested xs, and gives nested results and the place of each", () => {
		bothWays(
			([a, b]) => {
				const [{ sum }, { seen }] = scan(
					({ sum }, { x, y }, t) => [
						{ sum: sum.add(x).add(y.sum()) },
						{ seen: [sum, t.mul(x.astype("int32"))] },
					],
					{ sum: tensor(0) },
					{ x: a!, y: b! },
				);
				return [sum, ...seen];
			},
			[
				tensor([1, 2, 3]),
				tensor([
					[1, 0],
					[2, 0],
					[3, 0],
				]),
			],
			([sum, before, products]) => {
				same(sum!, 12);
				same(before!, [0, 2, 6]);
				assert.is(products!.dtype, "int32");
				same(products!, [0, 2, 6]);
			},
		);
	});

	test("takes as many steps as length says where there are no xs, and none of an empty one", () => {
		const doubled = (c: Tensor): [Tensor, Tensor] => [c.mul(2), c];
		bothWays(
			([c]) => [...scan(doubled, c!, null, { length: 4 })],
			[tensor(1)],
			([c, ys]) => {
				same(c!, 16);
				same(ys!, [1, 2, 4, 8]);
			},
		);
		const empty: ListFunction = ([c]) => [
			...scan((c, x: Tensor) => [c.mul(x.sum()), x.mul(c)], c!, a.zeros([0, 3])),
		];
		bothWays(empty, [tensor(5)], ([c, ys]) => {
			same(c!, 5);
			assert.equal(ys!.shape, [0, 3]);
		});
		same(grad((c: Tensor) => empty([c])[0]!)(tensor(5)), 1);
		same(asProgram(([c]) => [grad((c: Tensor) => empty([c])[0]!)(c!)])([tensor(5)])[0]!, 1);
	});

	test("reverse begins at the end and keeps the places", () => {
		bothWays(
			([xs]) => [...scan((c, x: Tensor) => [c.mul(x), c], tensor(1), xs!, { reverse: true })],
			[tensor([2, 3, 5])],
			([c, ys]) => {
				same(c!, 30);
				same(ys!, [15, 5, 1]);
			},
		);
	});

	test("a carry of several dtypes keeps them, and its float parts their derivatives", () => {
		const run: ListFunction = ([x, xs]) => {
			const [c, ys] = scan(
				({ f, g, n, b }, x: Tensor) => [
					{
						f: f.mul(g.astype("float64")).add(x),
						g: g.mul(1.5),
						n: n.add(2),
						b: n.less(3).logicalAnd(b),
					},
					{ n, g },
				],
				{
					f: x!,
					g: x!.astype("float32"),
					n: tensor(0, { dtype: "int32" }),
					b: tensor(true),
				},
				xs!,
			);
			return [c.f, c.g, c.n, c.b, ys.n, ys.g];
		};
		bothWays(run, [tensor(0.5), tensor([1, 2, 3])], ([f, g, n, b, ns, gs]) => {
			assert.equal(
				[f, g, n, b, ns, gs].map((x) => x!.dtype),
				["float64", "float32", "int32", "bool", "int32", "float32"],
			);
			near(f!, ((0.5 * 0.5 + 1) * 0.75 + 2) * 1.125 + 3);
			near(g!, 1.6875);
			same(n!, 6);
			same(b!, false);
			same(ns!, [0, 2, 4]);
			near(gs!, [0.5, 0.75, 1.125]);
		});
		const gradient: ListFunction = ([x, xs]) => [grad((x: Tensor) => run([x, xs!])[0]!)(x!)];
		bothWays(gradient, [tensor(0.5), tensor([1, 2, 3])], ([g]) => {
			// f = x·1.5³·x³ + 1·1.5³·x² + 2·1.5²·x + 3, whose factors are 1, 1.5 and 2.25 times x.
			const x = 0.5;
			near(g!, 4 * 3.375 * x ** 3 + 2 * 3.375 * x + 2 * 2.25, 1e-6);
		});
	});

	test("in a program it is one op, whatever its length, and so is its gradient", () => {
		const sizes = [3, 300].map((length) => {
			const { program } = trace([draw(1, 3, 3), draw(2, length, 3)], netGradient());
			return allIn(simplify(program).program);
		});
		assert.equal(sizes[0], sizes[1]);
		assert.is(sizes[0]!.filter((name) => name === "scan").length, 2);
		// Nothing of the step is computed twice.
		assert.is(sizes[0]!.filter((name) => name === "tanh").length, 1);
		assert.is(sizes[0]!.filter((name) => name === "dot").length, 2);
	});

	test("checkpoint keeps the carry of each segment, and no more", () => {
		const kept = (options: a.LoopOptions) => {
			const { program } = trace([draw(1, 3, 3), draw(2, 100, 3)], netGradient(options));
			const loops = program.instructions.filter(({ op }) => op.name === "scan");
			return Math.max(...loops.map(({ type }) => type.shape[0]!));
		};
		assert.ok(kept({}) >= 2 * 3 * 100);
		assert.ok(kept({ checkpoint: "sqrt" }) <= 3 * 12);
		assert.ok(kept({ checkpoint: 20 }) <= 3 * 7);
	});

	test("several tangents go forward in one loop", () => {
		const f = (x: readonly Tensor[]) =>
			scan((h: Tensor, r: Tensor) => [h.mul(x[0]!).add(r).sin(), null], x[1]!, x[2]!)[0];
		const x = [draw(1, 3), draw(2, 3), draw(3, 4, 3)];
		const { program } = trace(x, (x) => [jvp(f, x, x)[1]]);
		assert.is(simplify(program).program.instructions.filter(({ op }) => op.bodies).length, 1);
	});

	test("equal loops are one in a program, those that differ inside are two", () => {
		const loop = (by: number) => (x: Tensor) => a.fori(0, 3, (c) => c.mul(by).sin(), x);
		const count = (f: ListFunction) =>
			simplify(trace([draw(1, 3)], f).program).program.instructions.filter(({ op }) => op.bodies)
				.length;
		assert.is(
			count(([x]) => [loop(2)(x!), loop(2)(x!)]),
			1,
		);
		assert.is(
			count(([x]) => [loop(2)(x!), loop(3)(x!)]),
			2,
		);
	});

	test("a printed program shows the step", () => {
		const { program } = trace([draw(1, 3)], ([x]) => [a.fori(0, 9, (c) => c.sin(), x!)]);
		assert.is(
			printProgram(program),
			[
				"(a: float64 (3)) {",
				"  %0: float64 (3) = scan(a, length=9, reverse=false, again=false, closed=0, carried=1)",
				"    (a: float64 (3)) {",
				"      %0: float64 (3) = sin(a)",
				"      return %0",
				"    }",
				"  return %0",
				"}",
			].join("\n"),
		);
	});

	test("float32 stays float32, and nothing travels in float64", () => {
		const x = [draw(1, 3, 3), draw(2, 4, 3)].map((each) => each.astype("float32"));
		const gradient = (x: readonly Tensor[]) => {
			const step = (h: Tensor, r: Tensor, w: Tensor): [Tensor, Tensor] => {
				const next = h.dot(w).add(r).relu();
				return [next, next.sum()];
			};
			const loss = (w: Tensor) =>
				scan((h, r: Tensor) => step(h, r, w), a.zeros([3], { dtype: "float32" }), x[1]!)[1].sum();
			return [grad(loss)(x[0]!)];
		};
		const { program } = trace(x, gradient);
		assert.not.match(printProgram(simplify(program).program), "float64");
		near(asProgram(gradient)(x)[0]!, gradient(x)[0]!, 1e-5);
	});

	test("what closes over is differentiated where it is, also when the loop lies in a compiled part", () => {
		const f = (k: Tensor) => a.fori(0, 4, (c) => c.mul(k).add(1), k.square());
		const x = tensor(0.7);
		const expected = grad(f)(x);
		near(compile(grad(f))(x), expected);
		near(grad(compile(f))(x), expected);
	});

	test("refuses a carry that changes, and says which leaf, and what to do", () => {
		for (const run of [(f: ListFunction) => f, asProgram]) {
			const [x] = [tensor([1, 2, 3])];
			const carrying = (change: (h: Tensor) => unknown) => () =>
				run(([x]) => [
					scan((c: { h: Tensor }) => [change(c.h) as { h: Tensor }, null], { h: x! }, null, {
						length: 2,
					})[0].h,
				])([x!]);
			refuses(
				carrying((h) => ({ h: h.sum() })),
				a.ShapeError,
				"scan: expected carry.h to keep its type, float64 (3), got float64 () after a step; start with",
			);
			refuses(
				carrying((h) => ({ h: h.astype("float32") })),
				a.ShapeError,
				"scan: expected carry.h to keep its type, float64 (3), got float32 (3)",
			);
			refuses(
				carrying((h) => ({ g: h })),
				a.GradientError,
				"scan: expected the carry to be the structure {.h}",
			);
		}
	});

	test("refuses lengths that differ, and steps that give no pair", () => {
		const step = (c: Tensor): [Tensor, null] => [c, null];
		refuses(
			() => scan(step, tensor(0), { a: a.zeros([2]), b: a.zeros([3]) }),
			a.ShapeError,
			"scan: expected xs.b to have a first axis of 2, as that of xs.a says, got (3)",
		);
		refuses(
			() => scan(step, tensor(0), a.zeros([2]), { length: 3 }),
			a.ShapeError,
			"as length says",
		);
		refuses(() => scan(step, tensor(0), null), a.DomainError, "scan: expected length");
		refuses(() => scan(step, tensor(0), tensor(1)), a.ShapeError, "a first axis, got ()");
		refuses(
			() => scan((c: Tensor) => c as never, tensor(0), a.zeros([2])),
			a.ShapeError,
			"scan: expected the step to return [carry, y]",
		);
		refuses(
			() => scan(step, tensor(0), a.zeros([2]), { checkpoint: 0 }),
			a.DomainError,
			'scan: expected checkpoint to be a whole number from 1, or "sqrt", got 0',
		);
		refuses(() => a.fori(0, 1.5, (c) => c, tensor(0)), a.DomainError, "fori: expected `to` to be");
		refuses(
			() => a.fori(0, 2, (c) => c.astype("int32"), tensor(0)),
			a.ShapeError,
			"fori: expected carry to keep its type, float64 (), got int32 ()",
		);
	});
});
