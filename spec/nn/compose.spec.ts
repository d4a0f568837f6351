import * as assert from "uvu/assert";
import { grad, random, relu, type Tensor, tensor } from "../../lib/index.ts";
import {
	type Context,
	init,
	initialState,
	type Layer,
	linear,
	type Nothing,
	residual,
	type StatefulLayer,
	sequential,
} from "../../lib/nn/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

/** Adds a running count to its input: a layer with a state, for the specs. */
const counter: StatefulLayer<{ w: Tensor }, { count: Tensor }> = {
	init: (key) => ({ w: random.normal(key, [3]) }),
	initialState: ({ dtype = "float64" } = {}) => ({ count: tensor(0, { dtype }) }),
	apply: ({ w }, { count }, x) => [x.mul(w).add(count), { count: count.add(1) }],
};

/** Remembers the keys that it is given. */
function listener(heard: (Tensor | undefined)[]): Layer<Nothing> {
	return {
		init: () => ({}),
		apply: (_, x, { key }: Context = {}) => {
			heard.push(key);
			return x;
		},
	};
}

suite("nn/compose", (test) => {
	test("sequential applies one layer after the other, functions among them", () => {
		const model = sequential(linear(3, 4), relu, linear(4, 2, { bias: false }));
		const params = model.init(random.key(1));
		const x = normal(2, [5, 3]);
		near(
			model.apply(params, x),
			x.dot(params[0].w).add(params[0].b).relu().dot(params[2].w),
			1e-14,
		);
		assert.equal(params[1], {});
	});

	test("each layer has a key of its own, and the same key gives the same model", () => {
		const model = sequential(linear(3, 3), linear(3, 3));
		const params = model.init(random.key(1));
		assert.not.equal([...params[0].w.data], [...params[1].w.data]);
		same(model.init(random.key(1))[1].w, params[1].w);
		const heard: Tensor[] = [];
		const told = sequential(listener(heard as Tensor[]), residual(listener(heard as Tensor[])));
		told.apply(told.init(random.key(1)), tensor([1]), { train: true, key: random.key(2) });
		assert.is(new Set(heard.map(String)).size, 2);
	});

	test("residual adds its input, or what the shortcut makes of it", () => {
		const body = linear(3, 3);
		const plain = residual(body);
		const params = plain.init(random.key(1));
		const x = normal(2, [5, 3]);
		same(plain.apply(params, x), x.add(body.apply(params.body, x)));
		const shortcut = linear(3, 2);
		const wide = residual(linear(3, 2), shortcut);
		const both = wide.init(random.key(1));
		near(
			wide.apply(both, x),
			x.dot(both.body.w).add(x.dot(both.shortcut.w)).add(both.body.b),
			1e-14,
		);
	});

	test("compositions hold up", () => {
		const model = sequential(linear(3, 4), (x) => x.tanh(), residual(linear(4, 4)), linear(4, 2));
		const params = model.init(random.key(1));
		holdsUp(({ params, x }) => model.apply(params, x), {
			params,
			x: normal(2, [2, 3]),
		});
	});

	test("with a layer that has a state the whole has one, which goes in and comes out", () => {
		const model = sequential(linear(3, 3), residual(counter), relu);
		const params = model.init(random.key(1));
		const state = model.initialState({ dtype: "float64" });
		const x = normal(2, [5, 3]);
		const [first, next] = model.apply(params, state, x);
		const [second, last] = model.apply(params, next, x);
		same(state[1].body.count, 0);
		same(next[1].body.count, 1);
		same(last[1].body.count, 2);
		const h = x.dot(params[0].w).add(params[0].b);
		near(first, h.mul(params[1].body.w.add(1)).relu(), 1e-14);
		near(second, h.mul(params[1].body.w.add(1)).add(1).relu(), 1e-14);
		const g = grad((p: typeof params) => model.apply(p, state, x)[0].sum())(params);
		assert.equal(g[1].body.w.shape, [3]);
	});

	test("init and initialState keep the objects and arrays in which the layers lie", () => {
		const layers = { head: linear(3, 2), blocks: [linear(3, 3), relu, counter] as const };
		const params = init(layers, random.key(1), { dtype: "float32" });
		assert.is(params.head.w.dtype, "float32");
		assert.equal(params.blocks[0].w.shape, [3, 3]);
		assert.equal(params.blocks[1], {});
		const state = initialState(layers, { dtype: "float32" });
		assert.equal(state.head, {});
		assert.is(state.blocks[2].count.dtype, "float32");
	});
});
