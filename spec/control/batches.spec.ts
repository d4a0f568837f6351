import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { batchOf, cases, eachOf, examplesOf, together } from "./batch-cases.ts";
import { asProgram, type ListFunction, transforms } from "./loops.ts";

suite("control/batches", (test) => {
	test("a batch has the bits that its examples have one by one, along any axis", () => {
		for (const each of cases) {
			for (const axes of each.axes) {
				const x = together(examplesOf(each, axes), axes);
				const expected = eachOf(each.f, axes)(x);
				const inside = (f: ListFunction): ListFunction => batchOf(asProgram(f), axes);
				const runs: ListFunction[] = [batchOf(each.f, axes), inside(each.f)];
				for (const run of runs) {
					for (const [i, y] of run(x).entries()) {
						assert.is(y.dtype, expected[i]!.dtype, each.name);
						same(y, expected[i]!);
					}
				}
			}
		}
	});

	test("so have all its derivatives, inside and outside of the batch", () => {
		for (const [at, each] of cases.entries()) {
			const axes = each.axes[0]!;
			const x = together(examplesOf(each, axes), axes);
			const wanted = transforms(eachOf(each.f, axes));
			const alone = transforms(each.f);
			// Of the second derivatives another one for each case.
			const second = Object.keys(wanted).filter((name) => name.includes(" of "));
			const names = ["gradient", "tangent", second[at % second.length]!];
			for (const name of names) {
				const compare = (is: Tensor[], should: Tensor[], way: string) => {
					for (const [i, y] of is.entries()) {
						try {
							near(y, should[i]!, 1e-11);
						} catch (error) {
							throw new Error(`${each.name}, ${way}, ${name}: ${(error as Error).message}`);
						}
					}
				};
				const [all, one] = [wanted[name]!(x), eachOf(alone[name]!, axes)(x)];
				compare(transforms(batchOf(each.f, axes))[name]!(x), all, "outside");
				compare(batchOf(transforms(each.f)[name]!, axes)(x), one, "inside");
				compare(transforms(batchOf(asProgram(each.f), axes))[name]!(x), all, "recorded, outside");
				compare(batchOf(transforms(asProgram(each.f))[name]!, axes)(x), one, "recorded, inside");
			}
		}
	});

	test("compiled, in both modes and of second order", () => {
		for (const each of cases) {
			const axes = each.axes[0]!;
			const x = together(examplesOf(each, axes), axes);
			const ours = transforms(batchOf(each.f, axes));
			const wanted = transforms(eachOf(each.f, axes));
			for (const name of ["values", "tangent of the gradient"]) {
				const run = compile((x: readonly Tensor[]) => ours[name]!(x));
				assert.not(String(run.explain(x)).includes("evaluation"), each.name);
				const expected = wanted[name]!(x);
				for (const [i, y] of run(x).entries()) near(y, expected[i]!, 1e-11);
			}
		}
	});

	test("a batch in a batch, where either has the test", () => {
		const f = (x: Tensor, y: Tensor) =>
			a.cond(
				x.greater(y),
				() => x.mul(y).sin(),
				() =>
					a.whileLoop(
						(c) => c.less(y),
						(c) => c.add(0.3),
						x,
						{ max: 20 },
					),
			);
		const table = a.vmap(a.vmap(f, { in: [null, 0] }), { in: [0, null] });
		const [x, y] = [a.tensor([0.1, 0.9, 2]), a.tensor([1, 0.5])];
		const written = (x: Tensor, y: Tensor) =>
			a.stack([...x].map((xi) => a.stack([...y].map((yi) => f(xi, yi)))));
		same(table(x, y), written(x, y));
		near(compile(table)(x, y), written(x, y));
		const total = (g: typeof table) => (y: Tensor) => g(x, y).square().sum();
		near(a.grad(total(table))(y), a.grad(total(written))(y));
		near(a.hessian(total(table))(y), a.hessian(total(written))(y));
	});

	test("a branch sees no example but those that take it: no error, no NaN, in no derivative", () => {
		// The inverse of 0, and the slope of the root there, are not asked for.
		const m = a.stack([
			a.tensor([
				[2, 1e-3],
				[1e-3, 1],
			]),
			a.zeros([2, 2]),
		]);
		const safe = (m: Tensor) =>
			a.cond(
				m.sum().greater(0),
				(m) => m.inverse().square().sum().add(m.sqrt().dot(m).sum()),
				(m) => m.sum().mul(2),
				m,
			);
		const each = a.stack([a.grad(safe)(m.slice(0)), a.grad(safe)(m.slice(1))]);
		const outside = a.grad((m: Tensor) => a.vmap(safe)(m).sum());
		same(a.vmap(safe)(m), a.stack([safe(m.slice(0)), safe(m.slice(1))]));
		for (const run of [outside, compile(outside), a.vmap(a.grad(safe))]) {
			near(run(m), each, 1e-9);
		}
		near(
			a.hvp((m: Tensor) => a.vmap(safe)(m).sum(), m, m),
			a.stack([a.hvp(safe, m.slice(0), m.slice(0)), a.hvp(safe, m.slice(1), m.slice(1))]),
			1e-9,
		);
	});

	test("results of all dtypes keep theirs", () => {
		const f = (t: Tensor, x: Tensor) =>
			a.cond(
				t,
				(x) => [x.greater(0), x.astype("int32"), x.astype("float32"), x],
				(x) => [x.less(0), x.mul(2).astype("int32"), x.astype("float32").mul(3), x.neg()],
				x,
			);
		const x = a.tensor([
			[1, -2],
			[3, -4],
		]);
		const t = a.tensor([true, false]);
		const each = [f(t.slice(0), x.slice(0)), f(t.slice(1), x.slice(1))];
		for (const run of [a.vmap(f), compile(a.vmap(f))]) {
			for (const [i, y] of run(t, x).entries()) {
				assert.is(y.dtype, each[0]![i]!.dtype);
				same(y, a.stack(each.map((list) => list[i]!)));
			}
		}
	});

	test("examples that are done keep their carry, though a further step would fail", () => {
		const f = (x: Tensor) =>
			a.whileLoop(
				(c) => c.sum().greater(0.5),
				(c) => c.div(2).inverse().inverse(),
				x,
				{ max: 9 },
			);
		const x = a.stack([a.eye(2).mul(4), a.zeros([2, 2])]);
		const each = a.stack([f(x.slice(0)), f(x.slice(1))]);
		same(a.vmap(f)(x), each);
		near(compile(a.vmap(f))(x), each);
		const gradient = a.grad((x: Tensor) => a.vmap(f)(x).sum())(x);
		near(gradient.slice(1), a.ones([2, 2]));
	});

	test("an index without a branch is named, a batch without examples is empty", () => {
		const f = a.vmap((i: Tensor) => a.switchCase(i, [() => a.ones([2]), () => a.zeros([2])]));
		for (const run of [f, compile(f)]) {
			for (const wrong of [2, -1]) {
				refuses(
					() => run(a.tensor([0, wrong, 1], { dtype: "int32" })),
					a.DomainError,
					`switchCase: expected an index from 0 to 1, got ${wrong}`,
				);
			}
		}
		assert.equal(f(a.zeros([0], { dtype: "int32" })).shape, [0, 2]);
		const loop = a.vmap((x: Tensor) =>
			a.whileLoop(
				(x) => x.less(1),
				(x) => x.add(1),
				x,
			),
		);
		assert.equal(loop(a.zeros([0])).shape, [0]);
	});

	test("a loop whose test is of each example has a gradient in reverse mode with { max }", () => {
		const f = (max?: number) => (x: Tensor) =>
			a.whileLoop(
				(x) => x.less(1),
				(x) => x.mul(2),
				x,
				max === undefined ? {} : { max },
			);
		const x = a.tensor([0.3, 0.1, 2]);
		same(a.grad((x: Tensor) => a.vmap(f(9))(x).sum())(x), [4, 16, 1]);
		same(a.vmap(a.grad(f(9)))(x), [4, 16, 1]);
		same(a.jvp(a.vmap(f()), x, a.ones([3]))[1], [4, 16, 1]);
		refuses(() => a.vmap(a.grad(f()))(x), a.GradientError, "{ max: 100 }");
	});
});
