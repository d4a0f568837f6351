import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);
const ONLY = "Holds for these shapes only";

suite("derivation/size 1", (test) => {
	test("what is left out at a named size of 1 is missing elsewhere, and the text says so", () => {
		const mean = (p: Tensor, y: Tensor) => p.sub(y).sigmoid().mean(0).sum();
		const layerNorm = (p: Tensor, y: Tensor) => {
			const centred = p.sub(p.mean(1, { keepDims: true }));
			return centred
				.div(centred.square().mean(1, { keepDims: true }).add(0.1))
				.mul(y)
				.sum();
		};
		const attention = (p: Tensor, y: Tensor) =>
			p.dot(y.T).div(Math.sqrt(p.shape[1]!)).softmax(1).square().sum();
		for (const [f, shape] of [
			[mean, [1, 3]],
			[layerNorm, [3, 1]],
			[attention, [3, 1]],
		] as const) {
			const args = { p: normal(1, ...shape), y: normal(2, ...shape) };
			const text = derive(f, args, { axes: { p: ["N", "D"], y: ["N", "D"] } }).print("numpy");
			assert.match(text, ONLY);
		}
	});

	test("where nothing is left out it holds for any size, with axes of size 1 that have no name", () => {
		const f = (w: Tensor, x: Tensor) => x.dot(w).square().sum();
		const axes = { w: ["D", "K"], x: ["N", "D"] };
		const one = derive(f, { w: normal(1, 3, 1), x: normal(2, 4, 3) }, { axes });
		assert.not.match(one.print("numpy"), ONLY);
		const g = (w: Tensor, b: Tensor) => w.add(b).square().mean();
		const bias = derive(g, { w: normal(1, 4, 3), b: normal(2, 1, 3) }, { axes: { w: ["N", "D"] } });
		assert.not.match(bias.print("numpy"), ONLY);
		assert.match(bias.print("numpy"), "/ (N * D)");
	});
});
