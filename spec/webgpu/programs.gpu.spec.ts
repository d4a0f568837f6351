import * as assert from "uvu/assert";
import { suite } from "../suite.ts";
import { judgeMany } from "./judge.ts";

suite("webgpu, random programs", (test) => {
	test("their values and gradients are those of JavaScript in float32", async () => {
		const counts = await judgeMany(1, 60);
		assert.ok(counts["lost in rounding"] < 12, JSON.stringify(counts));
	});
});
