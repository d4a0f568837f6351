import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { draw, type ListFunction, transforms } from "../control/loops.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";
import { agrees, backends } from "./agrees.ts";

suite("compile/whiles", (test) => {
	test("a loop with a test goes on as long as that holds, or up to its bound, with derivatives", () => {
		const until =
			(max?: number): ListFunction =>
			([x, w, least]) => {
				const { h, last, n, ok } = a.whileLoop(
					({ h }) => h.square().sum().greater(least!),
					({ h, n, ok }) => ({ h: w!.dot(h).tanh(), last: h, n: n.add(2), ok: ok.equal(false) }),
					{ h: x!, last: x!, n: a.tensor(0, { dtype: "int32" }), ok: least!.less(1) },
					max === undefined ? {} : { max },
				);
				return [h, last, n, ok];
			};
		const x = (least: number) => [draw(1, 3), draw(2, 3, 3).mul(0.6), a.tensor(least)];
		// None, one, and both even and odd numbers of steps.
		const steps = [9, 0.2, 0.05, 1e-2, 1e-3, 1e-4].map((least) => {
			for (const max of [undefined, 2, 0]) agrees(until(max), x(least), 1e-12);
			return until()(x(least))[2]!.item();
		});
		assert.is(steps[0], 0);
		assert.ok(steps.some((n) => n % 4 === 2) && steps.some((n) => n > 0 && n % 4 === 0));
		for (const f of [until(), until(20)]) {
			agrees(transforms(f).tangent!, x(1e-3), 1e-12);
			const [h, w, least] = x(1e-3);
			const fixed: ListFunction = ([h, w]) => f([h!, w!, least!]);
			agrees(transforms(fixed).tangent!, [h!, w!], 1e-12);
		}
		const bounded: ListFunction = ([h, w]) => until(20)([h!, w!, a.tensor(1e-3)]);
		const some = ["gradient", "gradient of the gradient", "tangent of the gradient"];
		for (const name of some) agrees(transforms(bounded)[name]!, x(0).slice(0, 2), 1e-11);
	});

	test("a loop with a test in a loop, with tests of all dtypes, and a carry of one part", () => {
		for (const dtype of ["bool", "int32", "float32", "float64"] as const) {
			const f: ListFunction = ([xs]) => {
				const step = (c: Tensor, x: Tensor) => {
					const next = a.whileLoop(
						(x) => x.less(9).expandDims(0).astype(dtype),
						(x) => x.mul(2).add(c),
						x,
					);
					return [next.mul(0.1), next] as const;
				};
				return [...a.scan(step, a.ones([]), xs!)];
			};
			agrees(f, [a.tensor([1, 12, 3, 0.5])], 0);
		}
	});

	test("a loop with a test ends where its step goes wrong, with the error that says what", () => {
		const f: ListFunction = ([x, i]) => [
			a.whileLoop(
				(n) => n.less(9),
				(n) => x!.take(n, 0),
				i!,
			),
		];
		const x = a.tensor([1, 2, 9, 4, 7], { dtype: "int32" });
		for (const backend of backends) {
			const run = compile(f, { backend });
			same(run([x, a.tensor(0, { dtype: "int32" })])[0]!, 9);
			assert.throws(() => run([x, a.tensor(4, { dtype: "int32" })]), /take/);
			same(run([x, a.tensor(1, { dtype: "int32" })])[0]!, 9);
		}
	});

	test("threads share the steps of a loop with a test too", () => {
		const f: ListFunction = ([h, w]) => [
			a.whileLoop(
				(h) => h.square().mean().greater(1e-4),
				(h) => h.dot(w!).tanh(),
				h!,
			),
		];
		const x = [draw(1, 64, 64), draw(2, 64, 64).mul(0.1)];
		const [one, two] = [1, 3].map((threads) => compile(f, { threads }));
		assert.is(two!.explain(x).steps.find(({ runs }) => runs === "while")!.threads, 3);
		const sorted: ListFunction = ([h, w]) => [
			a.scan((h: Tensor) => [h.dot(w!).sort(0).tanh(), null], h!, null, { length: 4 })[0],
		];
		same(compile(sorted, { threads: 3 })(x)[0]!, compile(sorted, { threads: 1 })(x)[0]!);
		for (let i = 0; i < 3; i++) same(two!(x)[0]!, one!(x)[0]!);
	});
});
