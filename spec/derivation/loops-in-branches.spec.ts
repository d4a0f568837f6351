import * as assert from "uvu/assert";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { hasNumPy, python } from "./python.ts";

const series = (size: number) =>
	a.tensor(Array.from({ length: size }, (_, i) => Math.sin(2 + 3 * i) / 2));

/** In TypeScript, as plain loops, and in NumPy where there is one. */
const isTrue = (derived: Derivation) => derived.verify(hasNumPy() ? { python } : {}).ok;

suite("derivation/loops-in-branches", (test) => {
	test("constants that a loop in a branch reads, and long ones in a branch, have one name in both passes", () => {
		const looped = (constant: number[]) => (w: a.Tensor) => {
			const list = a.tensor(constant);
			const loop = (w: a.Tensor) =>
				a.scan((h: a.Tensor, c: a.Tensor) => [h.mul(c).add(w).sin(), h] as const, w, list)[1].sum();
			return a.cond(w.sum().greater(0), loop, (w) => w.square().sum(), w);
		};
		const inLoop = (w: a.Tensor) => a.fori(0, 2, (h: a.Tensor) => looped([0.5, 2, 3])(h).mul(w), w);
		const alone = (w: a.Tensor) => {
			const scaled = (w: a.Tensor) => w.mul(a.tensor([1, 2, 3, 4, 6])).sin();
			return a.cond(w.sum().greater(0), scaled, (w) => w, w).sum();
		};
		const all = [
			[looped([0.5, 2, 3]), 3],
			[looped([0.5, 2, 3, 4, 5]), 5],
			[(w: a.Tensor) => inLoop(w).sum(), 3],
			[alone, 5],
		] as const;
		for (const [f, size] of all) {
			for (const sign of [1, -1]) {
				const derived = derive(f, { w: series(size).add(0.2).mul(sign) });
				assert.ok(isTrue(derived));
				assert.is(derived.print("numpy").split("np.array(").length, 2);
			}
		}
	});

	test("a while loop with a greatest number of steps has lines in a branch, in another, and without a gradient", () => {
		const grown = (w: a.Tensor, start: a.Tensor) =>
			a.whileLoop(
				(h: a.Tensor) => h.sum().less(5),
				(h: a.Tensor) => h.mul(w).add(1),
				start,
				{ max: 2 },
			);
		const all: ((w: a.Tensor, x: a.Tensor) => a.Tensor)[] = [
			(w, x) => grown(x, x).mul(w).sum(),
			(w) =>
				a
					.cond(
						w.sum().greater(0),
						(w) => grown(w, w),
						(w) => w.exp(),
						w,
					)
					.sum(),
			(w) =>
				a
					.whileLoop(
						(h: a.Tensor) => h.max().less(9),
						(h: a.Tensor) => grown(w, h.add(1)),
						w,
						{ max: 2 },
					)
					.sum(),
		];
		for (const f of all) assert.ok(isTrue(derive(f, { w: series(2).abs(), x: series(2) })));
	});
});
