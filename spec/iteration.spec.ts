import { inspect } from "node:util";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { assertGradients } from "../lib/check/gradients.ts";
import { derive } from "../lib/derivation/index.ts";
import { DTypeError, grad, mapTree, stack, type Tensor, tensor, zeros } from "../lib/index.ts";
import { near, refuses, same } from "./near.ts";
import { roads } from "./roads.ts";
import { suite } from "./suite.ts";

const x = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("iteration", (test) => {
	test("a tensor is unpacked, spread and gone through along its first axis", () => {
		const [a, b] = x;
		same(a!, [1, 2, 3]);
		same(b!, [4, 5, 6]);
		const [row, ...rest] = x;
		const [first] = row!;
		same(first!, 1);
		assert.is(rest.length, 1);
		same(stack([...x.T]), x.T);
		assert.equal(
			Array.from(x, (row) => row.sum().item()),
			[6, 15],
		);
		let total = tensor(0);
		for (const row of x) for (const element of row) total = total.add(element);
		same(total, 21);
		assert.is([...zeros([0, 3])].length, 0);
		assert.equal(
			[...zeros([2, 0])].map(({ shape }) => shape),
			[[0], [0]],
		);
	});

	test("what comes of it is differentiated, and compiled", () => {
		const f = (x: Tensor) => {
			const [a, b] = x;
			return [...a!.mul(b!)].reduce((sum, each) => sum.mul(each.sin()));
		};
		const g = (x: Tensor) => grad(f)(x);
		const [v, w] = [Math.sin(10), Math.sin(18)];
		for (const road of roads(f)) near(road(x), 4 * v * w);
		const slopes = [v * w, 4 * Math.cos(10) * w, 4 * v * Math.cos(18)];
		const expected = [
			[4, 5, 6].map((y, i) => y * slopes[i]!),
			[1, 2, 3].map((y, i) => y * slopes[i]!),
		];
		for (const road of roads(g)) near(road(x), expected);
		assertGradients(f, [x]);
	});

	test("a derivation shows the rows that are unpacked", () => {
		const f = (x: Tensor) => {
			const [a, b] = x;
			return a!.mul(b!).sum();
		};
		const text = derive(f, { x }).print("numpy");
		assert.match(text, "loss = (slice1 * slice2).sum()");
		assert.match(text, "grad_x = np.stack((slice2, slice1,), axis=0)");
	});

	test("a tensor without axes is not iterable, and says so", () => {
		const loss = x.sum() as Iterable<Tensor>;
		const refused = (f: () => unknown) => refuses(f, TypeError, "iterable");
		refused(() => {
			const [a] = loss;
			return a;
		});
		refused(() => {
			for (const each of loss) return each;
		});
		refused(() => [...loss]);
		refused(() => new Set(loss));
		assert.is(Symbol.iterator in Object(loss) && loss[Symbol.iterator], undefined);
	});

	test("a tensor stays one leaf for trees, printers, clones and comparisons", () => {
		same(mapTree((t) => t.mul(2), { x }).x, x.mul(2));
		assert.match(inspect({ x }), "Tensor (2×3) float64");
		assert.is(fc.stringify(x), inspect(x));
		assert.equal(x, tensor(x.toArray() as number[][]));
		assert.not.equal(x, x.mul(2));
		assert.equal(structuredClone({ ...x, node: null }).shape, [2, 3]);
		refuses(() => tensor(x as never), DTypeError, "it needs no wrapping");
		refuses(() => tensor([x, x] as never), DTypeError, "stack joins several");
		assert.equal([x].flat(3), [x]);
		assert.is([].concat(x as never).length, 1);
	});
});
