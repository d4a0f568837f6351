import * as assert from "uvu/assert";
import { random, relu } from "../../lib/index.ts";
import { init, linear, sequential, summary } from "../../lib/nn/index.ts";
import { suite } from "../suite.ts";

suite("nn/summary", (test) => {
	test("a table names each tensor, with shape, dtype and count, and adds up", () => {
		const layers = { body: sequential(linear(784, 128), relu), head: linear(128, 10) };
		const params = init(layers, random.key(0), { dtype: "float32" });
		assert.is(
			summary(params),
			[
				"name       shape      dtype    parameters",
				"─────────────────────────────────────────",
				"body[0].w  (784×128)  float32     100,352",
				"body[0].b  (128)      float32         128",
				"head.w     (128×10)   float32       1,280",
				"head.b     (10)       float32          10",
				"─────────────────────────────────────────",
				"total                             101,770",
			].join("\n"),
		);
	});

	test("no parameters are a table too", () => {
		assert.ok(/^total +0$/.test(summary({}).split("\n").at(-1)!));
	});
});
