import * as assert from "uvu/assert";
import { add } from "../../lib/ops/arithmetic.ts";
import { instructionOf, type Value } from "../../lib/program/program.ts";
import { TermReader } from "../../lib/program/sum-of-products.ts";
import { suite } from "../suite.ts";

suite("sums of products", (test) => {
	test("a chain of any length is read", () => {
		const x: Value = { kind: "input", type: { shape: [3], dtype: "float64" } };
		let sum: Value = x;
		for (let k = 1; k < 20_000; k++) sum = instructionOf(add.op, [sum, x], null);
		const reader = new TermReader(
			{ multiplyingOut: "none", isOpen: () => true },
			instructionOf,
			() => x,
		);
		const [term, ...more] = reader.terms(sum);
		assert.equal([term!.coefficient, [...term!.factors]], [20_000, [[x, 1]]]);
		assert.is(more.length, 0);
	});
});
