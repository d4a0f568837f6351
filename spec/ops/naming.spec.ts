import * as assert from "uvu/assert";
import { as, grad, type Tensor, tensor } from "../../lib/index.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

suite("ops/naming", (test) => {
	test("as changes no value and no gradient, of any dtype", () => {
		same(tensor([1, 2]).as("x"), [1, 2]);
		assert.is(as(tensor([1, 2], { dtype: "int32" }), "i").dtype, "int32");
		const cube = (x: Tensor) => x.power(3).as("cube").sum();
		same(grad(cube)(tensor([1, 2])), [3, 12]);
		same(grad((x: Tensor) => grad(cube)(x).as("g").sum())(tensor([1, 2])), [6, 12]);
	});

	test("a named value prints as the value itself", () => {
		assert.is(as.op.print(["x.dot(w)"], { name: "h" }), "x.dot(w)");
	});
});
