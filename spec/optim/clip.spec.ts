import * as assert from "uvu/assert";
import { DomainError, mapTree, tensor, zeros } from "../../lib/index.ts";
import { clipByGlobalNorm, clipByValue, globalNorm } from "../../lib/optim/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const gradient = { w: tensor([3, 0]), rest: [{ b: tensor([[-4]]) }] };

suite("optim/clip", (test) => {
	test("the global norm is that of all elements of all tensors", () => {
		near(globalNorm(gradient), 5);
		same(globalNorm({}), 0);
		near(globalNorm(mapTree((g) => g.mul(1e200), gradient)), 5e200);
	});

	test("clipping by the global norm keeps the direction, and leaves small gradients alone", () => {
		const clipped = clipByGlobalNorm(gradient, 1);
		near(clipped.w, [0.6, 0]);
		near(clipped.rest[0]!.b, [[-0.8]]);
		same(clipByGlobalNorm(gradient, 5.5).w, gradient.w);
		same(clipByGlobalNorm({ w: zeros([2]) }, 1).w, [0, 0]);
	});

	test("clipping by value keeps each element within the limit", () => {
		same(clipByValue(gradient, 3.5).rest[0]!.b, [[-3.5]]);
		same(clipByValue(gradient, 3.5).w, [3, 0]);
	});

	test("NaN shows, float32 stays, and a bad limit is refused", () => {
		const broken = { w: tensor([Number.NaN, 1]) };
		same(clipByGlobalNorm(broken, 1).w, [Number.NaN, Number.NaN]);
		const narrow = mapTree((g) => g.astype("float32"), gradient);
		assert.is(clipByGlobalNorm(narrow, 1).w.dtype, "float32");
		refuses(() => clipByGlobalNorm(gradient, -1), DomainError, "maxNorm");
		refuses(() => clipByValue(gradient, Number.NaN), DomainError, "limit");
	});
});
