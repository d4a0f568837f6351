import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	AdjointError,
	DomainError,
	GradientError,
	grad,
	random,
	relu,
	ShapeError,
	type Tensor,
	treeLeaves,
	zeros,
} from "../../lib/index.ts";
import {
	embedding,
	initializers,
	linear,
	lora,
	sequential,
	squaredError,
} from "../../lib/nn/index.ts";
import { adam } from "../../lib/optim/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

const model = sequential(linear(4, 6), relu, linear(6, 2));
const params = model.init(random.key(1));
const key = random.key(2);
const x = normal(3, [5, 4]);

suite("nn/lora", (test) => {
	test("at first the merged parameters are the parameters, and matrices alone are adapted", () => {
		const adapter = lora({ rank: 3 });
		const parts = adapter.init(key, params);
		const merged = adapter.merge(parts);
		for (const [i, w] of treeLeaves(params).entries()) same(treeLeaves(merged)[i]!, w);
		assert.equal(
			treeLeaves(parts.a).map(({ shape }) => shape),
			[
				[4, 3],
				[6, 3],
			],
		);
		assert.equal(
			treeLeaves(parts.b).map(({ shape }) => shape),
			[
				[3, 6],
				[3, 2],
			],
		);
		assert.is(parts.a[0].b, null);
	});

	test("a·b times α / rank is added, and has the only gradient", () => {
		const adapter = lora({ rank: 2, alpha: 6, weights: initializers.constant(0.5) });
		const { frozen, a } = adapter.init(key, params);
		const b = adapter.init(key, params).b as unknown as { w: Tensor }[];
		const moved = b.map((part) => ("w" in part ? { ...part, w: part.w.add(1) } : part));
		const merged = adapter.merge({ frozen, a, b: moved as never });
		near(merged[0].w, params[0].w.add(3));
		same(merged[0].b, params[0].b);
		const loss = (parts: { frozen: typeof params; a: typeof a; b: typeof moved }) =>
			model
				.apply(adapter.merge(parts as never), x)
				.square()
				.sum();
		const g = grad(loss)({ frozen, a, b: moved });
		for (const leaf of treeLeaves(g.frozen)) same(leaf, leaf.mul(0));
		for (const leaf of treeLeaves([g.a, g.b])) assert.ok(leaf.abs().max().item() > 0);
	});

	test("it holds up in a and b, and keeps float32", () => {
		const adapter = lora({ rank: 2, alpha: 1 });
		const narrow = model.init(random.key(1), { dtype: "float32" });
		for (const leaf of treeLeaves(adapter.init(key, narrow))) assert.is(leaf.dtype, "float32");
		const w = normal(1, [3, 4]);
		const [a, b] = [normal(4, [3, 2]), normal(5, [2, 4])];
		const f = (t: { w: Tensor; a: Tensor; b: Tensor }) =>
			adapter.merge({ frozen: t.w, a: t.a, b: t.b });
		near(f({ w, a, b }), w.add(a.matmul(b).div(2)));
		holdsUp((t: { a: Tensor; b: Tensor }) => f({ w: w.astype(t.a.dtype), ...t }), { a, b });
	});

	test("a compiled step of an optimizer learns a and b alone", () => {
		const adapter = lora({ rank: 2 });
		const { frozen, ...first } = adapter.init(key, params);
		const y = normal(6, [5, 2]);
		const loss = (learned: typeof first) =>
			squaredError(model.apply(adapter.merge({ frozen, ...learned }), x), y);
		const optimizer = adam({ learningRate: 0.05 });
		const step = compile(
			(learned: typeof first, state: ReturnType<typeof optimizer.init<typeof first>>) =>
				optimizer.update(grad(loss)(learned), state, learned),
		);
		let [learned, state] = [first, optimizer.init(first)];
		for (let i = 0; i < 50; i++) [learned, state] = step(learned, state);
		assert.ok(loss(learned).item() < 0.2 * loss(first).item());
		assert.equal(Object.keys(state.m), ["a", "b"]);
	});

	test("what is to be adapted is told by path and tensor, and has two axes", () => {
		const seen: string[] = [];
		const some = lora({ rank: 1, adapts: (path) => seen.push(path) > 0 && path === "[2].w" });
		const { a } = some.init(key, params);
		assert.equal(
			treeLeaves(a).map(({ shape }) => shape),
			[[6, 1]],
		);
		assert.equal(seen, ["[0].w", "[0].b", "[2].w", "[2].b"]);
		const all = lora({ rank: 1, adapts: () => true });
		refuses(
			() => all.init(key, params),
			ShapeError,
			"lora: expected matrices to adapt, got (6) at [0].b",
		);
		const words = embedding(5, 3).init(key);
		assert.equal(lora({ rank: 2 }).init(key, words).b.w?.shape, [2, 3]);
	});

	test("parts that do not belong together, and ranks that are none, are refused", () => {
		const adapter = lora({ rank: 2 });
		const parts = adapter.init(key, params);
		const other = { other: zeros([2, 2]) } as never;
		refuses(
			() => adapter.merge({ ...parts, b: other }),
			GradientError,
			"lora: expected the b to be",
		);
		refuses(() => adapter.merge({ ...parts, a: other, b: other }), GradientError, "got .other");
		refuses(() => lora({ rank: 0 }), DomainError, "lora: expected rank");
		refuses(() => adapter.init(1 as never, params), AdjointError, "lora: expected a key");
	});
});
