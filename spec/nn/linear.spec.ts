import * as assert from "uvu/assert";
import {
	DomainError,
	DTypeError,
	grad,
	random,
	ShapeError,
	type Tensor,
	tensor,
	where,
} from "../../lib/index.ts";
import { embedding, initializers, linear } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

suite("nn/linear", (test) => {
	test("linear is x·w + b, over any leading axes", () => {
		const layer = linear(3, 2);
		const params = { w: normal(1, [3, 2]), b: normal(2, [2]) };
		const x = normal(3, [5, 4, 3]);
		near(layer.apply(params, x), x.dot(params.w).add(params.b), 1e-14);
		same(layer.apply(params, x.slice(0, 0)), x.slice(0, 0).dot(params.w).add(params.b));
	});

	test("linear draws w as told, and b is 0; without bias there is none", () => {
		const layer = linear(3, 2, { weights: initializers.constant(0.5) });
		const params = layer.init(random.key(0), { dtype: "float32" });
		same(params.w, [
			[0.5, 0.5],
			[0.5, 0.5],
			[0.5, 0.5],
		]);
		same(params.b, [0, 0]);
		assert.is(params.b.dtype, "float32");
		assert.equal(Object.keys(linear(3, 2, { bias: false }).init(random.key(0))), ["w"]);
	});

	test("linear holds up", () => {
		const layer = linear(3, 2);
		const params = layer.init(random.key(1));
		holdsUp(({ params, x }) => layer.apply(params, x), { params, x: normal(3, [4, 3]) });
	});

	test("linear refuses another width, and takes an empty batch", () => {
		const layer = linear(3, 2);
		const params = layer.init(random.key(1));
		refuses(() => layer.apply(params, normal(1, [4, 2])), ShapeError, "linear: expected (…×3)");
		assert.equal(layer.apply(params, normal(1, [0, 3])).shape, [0, 2]);
	});

	test("embedding gives each number its row, and adds up the gradients of a row", () => {
		const layer = embedding(4, 2);
		const { w } = layer.init(random.key(1));
		const x = tensor([[1, 3, 1]], { dtype: "int32" });
		same(layer.apply({ w }, x), [[w.slice(1), w.slice(3), w.slice(1)].map((row) => [...row.data])]);
		const count = grad((params: { w: Tensor }) => layer.apply(params, x).sum())({ w });
		same(count.w, [
			[0, 0],
			[2, 2],
			[0, 0],
			[1, 1],
		]);
		refuses(() => layer.apply({ w }, tensor([0.5])), DTypeError, "int32");
	});

	test("the row of a padding index is drawn as 0, and has no gradient, as in PyTorch", () => {
		const layer = embedding(4, 2, { paddingIndex: 1 });
		const { w } = layer.init(random.key(1));
		const free = embedding(4, 2).init(random.key(1)).w;
		same(w, where(tensor([[true], [false], [true], [true]]), free, 0));
		const x = tensor([[1, 3, 1]], { dtype: "int32" });
		same(layer.apply({ w: free }, x), embedding(4, 2).apply({ w: free }, x));
		const g = grad((params: { w: Tensor }) => layer.apply(params, x).square().sum());
		same(g({ w: free }).w, [[0, 0], [0, 0], [0, 0], [...free.slice(3).mul(2).data]]);
		refuses(() => embedding(4, 2, { paddingIndex: 4 }), DomainError, "from 0 to 3, got 4");
		refuses(
			() => embedding(4, 2, { paddingIndex: -1 }),
			DomainError,
			"embedding: expected padding",
		);
	});

	test("embedding holds up", () => {
		const layer = embedding(4, 2);
		const x = tensor([1, 3, 1], { dtype: "int32" });
		const params = layer.init(random.key(1));
		holdsUp(({ params, x }) => layer.apply(params, x), { params, x });
	});
});
