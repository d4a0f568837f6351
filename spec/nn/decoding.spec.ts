import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	concat,
	DomainError,
	random,
	relu,
	ShapeError,
	softmax,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { normal } from "./checks.ts";

const [width, places, capacity] = [8, 6, 7];
const block = (rotary: boolean) => nn.transformerBlock(width, 2, { causal: true, rotary });

/** Models over (2×places×width), each of which looks back in another way. */
const models: readonly [name: string, model: nn.Layer<unknown>][] = [
	["attention", nn.multiHeadAttention(width, 2, { causal: true })],
	["rotary attention without bias", causal({ rotary: true, bias: false })],
	[
		"shared keys and values",
		nn.multiHeadAttention(width, 4, { causal: true, keyValueHeads: 2, scale: 0.3, rotary: true }),
	],
	["a block with shared ones", nn.transformerBlock(width, 4, { causal: true, keyValueHeads: 1 })],
	["two blocks", nn.sequential(block(true), block(false), nn.layerNorm(width), relu)],
	["learned positions", nn.sequential(nn.learnedPositions(capacity, width), block(false))],
	["sinusoidal positions", nn.sequential(nn.sinusoidalPositions, block(false))],
	["a residual gru", nn.residual(nn.sequential(nn.gru(width, width), nn.linear(width, width)))],
];

function causal(options: nn.MultiHeadOptions): nn.Layer<unknown> {
	return nn.multiHeadAttention(width, 2, { ...options, causal: true }) as nn.Layer<unknown>;
}

const position = (at: number) => tensor(at, { dtype: "int32" });

suite("nn/decoding", (test) => {
	const x = normal(1, [2, places, width]);

	for (const [name, model] of models) {
		const params = model.init(random.key(2));
		const whole = model.apply(params, x);

		test(`${name}, decoded place by place, is the whole forward pass at every position`, () => {
			let cache = nn.startCache(model, 2, capacity);
			for (let t = 0; t < places; t++) {
				const here = x.slice(null, [t, t + 1]);
				const [y, next] = nn.decode(model, params, here, cache, position(t));
				near(y, whole.slice(null, [t, t + 1]), 1e-12);
				cache = next;
			}
		});

		test(`${name} takes several places at once, and goes on from them`, () => {
			const start = nn.startCache(model, 2, capacity);
			const [first, cache] = nn.decode(model, params, x.slice(null, [0, 4]), start, 0);
			const [second] = nn.decode(model, params, x.slice(null, [4, 6]), cache, position(4));
			near(first, whole.slice(null, [0, 4]), 1e-12);
			near(second, whole.slice(null, [4, 6]), 1e-12);
		});

		test(`${name} has one compiled program for every position`, () => {
			let recorded = 0;
			const step = compile((p: unknown, x: Tensor, cache: nn.Cache, at: Tensor) => {
				recorded++;
				return nn.decode(model, p, x, cache, at);
			});
			let cache = nn.startCache(model, 2, capacity);
			for (let t = 0; t < places; t++) {
				const [y, next] = step(params, x.slice(null, [t, t + 1]), cache, position(t));
				near(y, whole.slice(null, [t, t + 1]), 1e-12);
				cache = next;
			}
			assert.is(recorded, 1);
		});
	}

	test("the cache of fewer heads of keys and values is smaller by that", () => {
		const model = nn.multiHeadAttention(width, 4, { causal: true, keyValueHeads: 2 });
		const { k, v } = nn.startCache(model, 3, capacity) as { k: Tensor; v: Tensor };
		assert.equal(
			[k.shape, v.shape],
			[
				[3, 2, capacity, 2],
				[3, 2, capacity, 2],
			],
		);
	});

	test("the cache may be gone on from again at an earlier place", () => {
		const model = causal({ rotary: true });
		const params = model.init(random.key(2));
		const [, cache] = nn.decode(model, params, x, nn.startCache(model, 2, capacity), 0);
		const other = normal(5, [2, 1, width]);
		const [y] = nn.decode(model, params, other, cache, position(3));
		const changed = concat([x.slice(null, [0, 3]), other], 1);
		near(y, model.apply(params, changed).slice(null, [3, 4]), 1e-12);
	});

	test("beyond the capacity, compiled too, there is NaN and no wrong number", () => {
		const model = causal({});
		const params = model.init(random.key(2));
		const step = compile((x: Tensor, cache: nn.Cache, at: Tensor) =>
			nn.decode(model, params, x, cache, at),
		);
		for (const [from, at] of [
			[0, 2],
			[5, 6],
			[0, -1],
		] as const) {
			const [y] = step(x.slice(null, [from, 6]), nn.startCache(model, 2, 6), position(at));
			same(y, y.mul(Number.NaN));
		}
	});

	test("rotary and sinusoidal positions begin where they are told", () => {
		for (const f of [nn.rotate, nn.sinusoidalPositions]) {
			same(f(x.slice(null, [2, 6]), position(2)), f(x).slice(null, [2, 6]));
		}
		refuses(() => nn.rotate(x, tensor([1, 2])), ShapeError, "rotate: expected the position");
	});

	test("a layer or function that mixes places, or does not say how it is decoded, is refused", () => {
		const mean = (x: Tensor) => x.sub(x.mean(1, { keepDims: true }));
		const own = { init: () => ({}), apply: (_: unknown, x: Tensor) => x.cumsum(1) };
		const conv = nn.conv1d(width, width, 3, { padding: 1 });
		const mixing: [nn.AnyLayer, string][] = [
			[mean, "startCache: the function mean does not say how it is decoded"],
			[(x) => x.sub(x.max(1)), ".max(1)) does not say"],
			[own, "startCache: a layer of your own does not say"],
			[conv, "startCache: conv1d does not say"],
			[nn.groupNorm(2, places), "startCache: groupNorm does not say"],
			[nn.avgPool1d(3, { padding: 1, stride: 1 }), "does not say"],
			[nn.globalAveragePool, "the function globalAveragePool"],
			[nn.flatten, "the function flatten"],
			[softmax, "the function softmax"],
			[nn.residual(mean), "the function mean"],
			[nn.sequential(block(true), nn.sequential(mean)), "the function mean"],
			[nn.transformerBlock(width, 2, { causal: true, activation: mean }), "the function mean"],
		];
		for (const [layer, message] of mixing) {
			refuses(() => nn.startCache(layer, 2, capacity), DomainError, message);
			refuses(() => nn.startCache(layer, 2, capacity), DomainError, "placewise(…) around it");
		}
		refuses(() => nn.decode(mean, {}, x, null, 0), DomainError, "decode: the function mean");
		const inside = nn.sequential(mean);
		refuses(() => nn.decode(inside, [{}], x, [null], 0), DomainError, "decode: the function mean");
		const within = nn.transformerBlock(width, 2, { causal: true, activation: mean });
		const params = within.init(random.key(2));
		const cache = nn.startCache(block(false), 2, capacity);
		refuses(() => nn.decode(within, params, x, cache, 0), DomainError, "decode: the function mean");
	});

	test("layers, activations and ops that take each place by itself are decoded, and what is said to", () => {
		const { leakyRelu, elu, selu, mish, hardTanh, hardSigmoid, hardSwish, relu6, geluTanh } = nn;
		const ours = [leakyRelu, elu, selu, mish, hardTanh, hardSigmoid, hardSwish, relu6, geluTanh];
		const ops = [relu, nn.gelu, nn.silu, nn.tanh, nn.softsign];
		const own = { init: () => ({}), apply: (_: unknown, x: Tensor) => x.mul(2) };
		const layers = [nn.linear(width, width), nn.layerNorm(width), nn.rmsNorm(width)];
		const said = [nn.placewise((x) => x.mul(3)), nn.placewise(own), nn.placewise(softmax)];
		const model = nn.sequential(...layers, nn.dropout(0.5), ...ours, ...ops, ...said);
		const params = model.init(random.key(3)) as never;
		const whole = (model as nn.Layer<unknown>).apply(params, x, { train: false });
		let cache = nn.startCache(model, 2, capacity);
		for (let t = 0; t < places; t++) {
			const here = x.slice(null, [t, t + 1]);
			const [y, next] = nn.decode(model, params, here, cache, position(t));
			near(y, whole.slice(null, [t, t + 1]), 1e-12);
			cache = next;
		}
		assert.is(leakyRelu(tensor([-1]), 0.5).item(), -0.5);
	});

	test("placewise takes a layer without a state or a function alone", () => {
		refuses(
			() => nn.placewise(nn.batchNorm(2) as never),
			DomainError,
			"placewise: expected a layer",
		);
		refuses(() => nn.placewise(3 as never), DomainError, "placewise: expected a layer");
	});

	test("what cannot be decoded is refused", () => {
		const open = nn.multiHeadAttention(width, 2);
		refuses(() => nn.startCache(open, 2, 4), DomainError, "{ causal: true }");
		const normed = nn.sequential(nn.linear(width, width), nn.batchNorm(width));
		refuses(() => nn.startCache(normed, 2, 4), DomainError, "startCache: expected layers without");
		refuses(() => nn.startCache(open, 2, 0), DomainError, "startCache: expected the capacity");
	});
});
