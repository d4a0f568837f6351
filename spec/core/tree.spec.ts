import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	GradientError,
	grad,
	mapTree,
	type Tensor,
	TraceError,
	tensor,
	treeLeaves,
	vjp,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const tree = { w: tensor([1, 2]), rest: [tensor(3), {}] as [Tensor, object] };

suite("tree", (test) => {
	test("mapTree keeps the structure, empty objects too", () => {
		const mapped = mapTree((x) => x.mul(2), tree);
		same(mapped.w, [2, 4]);
		same(mapped.rest[0], 6);
		assert.equal(mapped.rest[1], {});
	});

	test("mapTree brings leaves together by their place, whatever the order of the keys", () => {
		const other = { rest: [tensor(10), {}] as typeof tree.rest, w: tensor([20, 30]) };
		same(mapTree((x, y) => x.add(y), tree, other).w, [21, 32]);
		same(mapTree((x, y, z) => x.add(y).add(z), tree, other, tree).rest[0], 16);
	});

	test("mapTree refuses trees of another structure", () => {
		const other = { w: tensor([1]) } as unknown as typeof tree;
		refuses(() => mapTree((x) => x, tree, other), GradientError, "tree 2");
		const text = "expected the tree 2 to be one tensor, got the structure {.w}";
		refuses(() => mapTree((x) => x, tensor(1) as unknown, other), GradientError, text);
	});

	test("treeLeaves lists the tensors in order", () => {
		assert.equal(
			treeLeaves(tree).map((x) => x.shape),
			[[2], []],
		);
		same(treeLeaves(tensor(5))[0]!, 5);
	});

	test("a tree that contains itself is refused in plain words, by whoever takes it", () => {
		const cyclic: { w: Tensor; self?: unknown } = { w: tensor(1) };
		cyclic.self = cyclic;
		const text = "expected objects and arrays at most 1000 deep in each other, got more at";
		refuses(() => mapTree((x) => x, cyclic), GradientError, `mapTree: ${text} tree.self.self`);
		refuses(() => grad((p: typeof cyclic) => p.w)(cyclic), GradientError, `grad: ${text}`);
		refuses(() => compile((p: typeof cyclic) => p.w)(cyclic), TraceError, "contains itself");
		refuses(() => compile(() => cyclic)(), TraceError, "contains itself");
		let deep: unknown = tensor(1);
		for (let i = 0; i < 20_000; i++) deep = [deep];
		refuses(() => compile((_: unknown) => tensor(1))(deep), TraceError, "lies too deep");
	});

	test("null and undefined in a tree are trees without tensors, and stay", () => {
		const some = { w: tensor([1, 2]), bias: undefined, rest: [null, tensor(3)] as const };
		assert.equal(
			treeLeaves(some).map((x) => x.shape),
			[[2], []],
		);
		const doubled = mapTree((x) => x.mul(2), some);
		assert.equal(Object.keys(doubled), ["w", "bias", "rest"]);
		same(doubled.w, [2, 4]);
		assert.is(doubled.bias, undefined);
		assert.is(doubled.rest[0], null);
		assert.is(
			mapTree((x) => x, null),
			null,
		);
		// biome-ignore lint/suspicious/noSparseArray: a gap is one that is undefined
		assert.is(treeLeaves([, some.w]).length, 1);
		const other = { w: some.w, bias: tensor(1), rest: some.rest };
		refuses(() => mapTree((x) => x, some, other as never), GradientError, "tree 2");
		const without = { w: some.w, rest: some.rest } as typeof some;
		same(mapTree((x, y) => x.add(y), some, without).w, [2, 4]);
	});

	test("undefined in place of a whole tree is refused", () => {
		const missing = undefined as unknown as Tensor;
		const x = tensor(1);
		const cases: [run: () => unknown, text: string][] = [
			[() => treeLeaves(undefined), "got undefined at tree"],
			[() => grad((v: Tensor) => v)(missing), "got undefined at argument"],
			[() => vjp(() => undefined, x), "got undefined at result"],
			[() => vjp((v: Tensor) => v, x)[1](missing), "got undefined at cotangent"],
		];
		for (const [run, text] of cases) {
			refuses(run, GradientError, text);
		}
		refuses(
			() => vjp((v: Tensor) => v, x)[1](null as never),
			GradientError,
			"expected the cotangent to be one tensor, got a structure without tensors",
		);
	});

	test("a cotangent may have its keys in another order", () => {
		const [, pull] = vjp((x: { u: Tensor; v: Tensor }) => x, { u: tensor(1), v: tensor(2) });
		const a = pull({ v: tensor(20), u: tensor(10) });
		same(a.u, 10);
		same(a.v, 20);
	});
});
