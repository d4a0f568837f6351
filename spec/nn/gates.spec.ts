import * as assert from "uvu/assert";
import { grad, random, ShapeError, type Tensor, tensor } from "../../lib/index.ts";
import {
	decode,
	glu,
	leakyRelu,
	prelu,
	sequential,
	startCache,
	swiglu,
} from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

const x = tensor([
	[0.5, -1.25, 2, 40],
	[-3, 0.25, -1, 0],
]);

suite("nn/gates", (test) => {
	test("glu is PyTorch's: the second half says how much of the first goes on", () => {
		for (const road of roads((u: Tensor) => glu(u))) {
			near(road(x), [
				[0.44039853898894116, -1.25],
				[-0.8068242641099853, 0.125],
			]);
		}
		near(glu(x, 0), x.slice(0).mul(x.slice(1).sigmoid()).reshape([1, 4]));
	});

	test("swiglu is silu of the first half times the second", () => {
		const [a, b] = x.split(2, -1) as [Tensor, Tensor];
		for (const road of roads((u: Tensor) => swiglu(u))) near(road(x), a.silu().mul(b));
		near(swiglu(x).slice(0, 0), (0.5 / (1 + Math.exp(-0.5))) * 2);
	});

	test("both hold up, and refuse what does not fall into halves", () => {
		for (const [name, f] of [
			["glu", glu],
			["swiglu", swiglu],
		] as const) {
			holdsUp((u) => f(u, 1), normal(1, [3, 4, 2]));
			refuses(() => f(normal(1, [2, 3])), ShapeError, `${name}: `);
			assert.equal(f(normal(1, [0, 4])).shape, [0, 2]);
			const model = sequential(f);
			const cache = startCache(model, 1, 2);
			same(decode(model, [{}], x.reshape([1, 2, 4]), cache, 0)[0], f(x.reshape([1, 2, 4])));
		}
	});

	test("prelu is leakyRelu with slopes that are learned, one for all or one for each channel", () => {
		const one = prelu();
		const params = one.init(random.key(1), { dtype: "float32" });
		same(params.slope, [0.25]);
		assert.is(params.slope.dtype, "float32");
		same(one.apply({ slope: tensor([0.25]) }, x), leakyRelu(x, 0.25));
		const each = prelu(4, { slope: 0.5 });
		same(each.init(random.key(1)).slope, [0.5, 0.5, 0.5, 0.5]);
		const slope = tensor([1, 2, 3, 4]);
		same(each.apply({ slope }, x), [
			[0.5, -2.5, 2, 40],
			[-3, 0.25, -3, 0],
		]);
		same(each.apply({ slope }, x.reshape([2, 4, 1])), each.apply({ slope }, x).reshape([2, 4, 1]));
		const g = grad((p: { slope: Tensor; x: Tensor }) => each.apply(p, p.x).sum())({ slope, x });
		same(g.slope, [-3, -1.25, -1, 0]);
		same(g.x.slice(1), [1, 1, 3, 4]);
	});

	test("prelu holds up, is decoded with one slope, and refuses other channels", () => {
		const layer = prelu(3);
		holdsUp((p) => layer.apply(p, p.x), { slope: normal(1, [3]), x: normal(2, [2, 3, 2]) });
		refuses(
			() => layer.apply({ slope: tensor([1, 2, 3]) }, x),
			ShapeError,
			"(samples×3×…), got (2×4)",
		);
		const model = sequential(prelu());
		const cache = startCache(model, 1, 2);
		const params: [{ slope: Tensor }] = [{ slope: tensor([0.5]) }];
		same(
			decode(model, params, x.reshape([1, 2, 4]), cache, 0)[0],
			model.apply(params, x.reshape([1, 2, 4])),
		);
	});
});
