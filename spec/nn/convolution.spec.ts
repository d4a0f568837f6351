import * as assert from "uvu/assert";
import * as ops from "../../lib/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

suite("nn/convolution", (test) => {
	const options = { stride: 2, padding: 1 } as const;

	test("conv2d is the op with a bias for each channel", () => {
		const layer = nn.conv2d(2, 3, [3, 2], options);
		const { w } = layer.init(random.key(1));
		const b = normal(2, [3]);
		assert.equal(w.shape, [3, 2, 3, 2]);
		const x = normal(3, [2, 2, 5, 4]);
		near(layer.apply({ w, b }, x), ops.conv2d(x, w, options).add(b.reshape([3, 1, 1])));
	});

	test("conv3d is the op with a bias, and the poolings of volumes are theirs", () => {
		const layer = nn.conv3d(2, 4, [2, 3, 1], { stride: 2, groups: 2, padding: 1 });
		const { w } = layer.init(random.key(1));
		assert.equal(w.shape, [4, 1, 2, 3, 1]);
		const [x, b] = [normal(3, [2, 2, 4, 5, 3]), normal(2, [4])];
		const expected = ops.conv3d(x, w, { stride: 2, groups: 2, padding: 1 });
		near(layer.apply({ w, b }, x), expected.add(b.reshape([4, 1, 1, 1])));
		same(nn.maxPool3d(2, { stride: 1 })(x), ops.maxPool3d(x, 2, { stride: 1 }));
		const padded = { padding: 1, countIncludePad: false };
		same(nn.avgPool3d(2, padded)(x), ops.avgPool3d(x, 2, padded));
	});

	test("the other three are their ops with a bias", () => {
		const b = normal(2, [4]);
		const row = normal(3, [2, 2, 7]);
		const one = nn.conv1d(2, 4, 3, options);
		const w1 = one.init(random.key(1)).w;
		near(one.apply({ w: w1, b }, row), ops.conv1d(row, w1, options).add(b.reshape([4, 1])));
		const back = nn.convTranspose1d(2, 4, 3, { ...options, outputPadding: 1 });
		const w2 = back.init(random.key(1)).w;
		const expected = ops.convTranspose1d(row, w2, { ...options, outputPadding: 1 });
		near(back.apply({ w: w2, b }, row), expected.add(b.reshape([4, 1])));
		const image = normal(3, [2, 2, 3, 3]);
		const spread = nn.convTranspose2d(2, 4, 2, options);
		const w3 = spread.init(random.key(1)).w;
		near(
			spread.apply({ w: w3, b }, image),
			ops.convTranspose2d(image, w3, options).add(b.reshape([4, 1, 1])),
		);
	});

	test("filters have the variance that the initializer promises, groups counted", () => {
		const weights = nn.initializers.lecunNormal;
		const { w } = nn.conv2d(40, 20, 5, { groups: 4, weights, bias: false }).init(random.key(1));
		assert.equal(w.shape, [20, 10, 5, 5]);
		// Four standard errors of the variance of 5,000 normal numbers.
		const ratio = w.square().mean().item() * 250;
		assert.ok(Math.abs(ratio - 1) <= 4 * Math.sqrt(2 / 5000), String(ratio));
	});

	test("convolutions hold up", () => {
		const layers: [nn.Layer<{ w: Tensor; b: Tensor }>, number[]][] = [
			[nn.conv1d(2, 2, 2), [1, 2, 4]],
			[nn.conv2d(2, 2, 2, options), [1, 2, 3, 3]],
			[nn.conv3d(2, 2, 2), [1, 2, 2, 3, 2]],
			[nn.convTranspose1d(2, 2, 2), [1, 2, 3]],
			[nn.convTranspose2d(2, 2, 2, { stride: 2 }), [1, 2, 2, 2]],
		];
		for (const [layer, shape] of layers) {
			const params = layer.init(random.key(1));
			holdsUp(({ params, x }) => layer.apply(params, x), { params, x: normal(2, shape) });
		}
	});
});

suite("nn/pooling", (test) => {
	test("poolings are their ops, and functions that compose", () => {
		const x = normal(3, [2, 2, 6, 4]);
		same(nn.maxPool2d(2)(x), x.maxPool2d(2));
		same(nn.avgPool2d([3, 2], { stride: 1 })(x), x.avgPool2d([3, 2], { stride: 1 }));
		const row = normal(3, [2, 2, 6]);
		same(nn.maxPool1d(2)(row), row.maxPool1d(2));
		same(nn.avgPool1d(3, { padding: 1 })(row), row.avgPool1d(3, { padding: 1 }));
		const model = nn.sequential(
			nn.conv2d(2, 3, 3, { padding: "same" }),
			nn.maxPool2d(2),
			nn.flatten,
		);
		assert.equal(model.apply(model.init(random.key(1)), x).shape, [2, 18]);
	});

	test("globalAveragePool is the mean of each channel, flatten keeps the samples", () => {
		const x = normal(3, [2, 3, 4, 5]);
		near(nn.globalAveragePool(x), x.mean([2, 3]));
		same(nn.flatten(x), x.reshape([2, 60]));
		assert.equal(nn.flatten(normal(1, [0, 3, 2])).shape, [0, 6]);
		holdsUp(nn.globalAveragePool, normal(1, [1, 2, 2, 2]));
	});
});
