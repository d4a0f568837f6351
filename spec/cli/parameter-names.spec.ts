import * as assert from "uvu/assert";
import { parameterNames } from "../../lib/cli/parameter-names.ts";
import { suite } from "../suite.ts";

suite("cli/parameter-names", (test) => {
	test("parameters that are plain names are the names of a list of arguments", () => {
		assert.equal(
			parameterNames((w: number, x_1: number) => w + x_1),
			["w", "x_1"],
		);
		assert.equal(
			parameterNames(function loss(w: number, b: number) {
				return w + b;
			}),
			["w", "b"],
		);
		assert.is(
			parameterNames(({ w }: { w: number }) => w),
			null,
		);
		assert.is(
			parameterNames((w = 1) => w),
			null,
		);
	});
});
