import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);
const ONLY = "Holds for these shapes only";

suite("derivation/size 1", (test) => {
	test("axes of size 1 that have no name are there to be stretched, and the text holds for any size", () => {
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
