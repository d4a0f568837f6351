import * as assert from "uvu/assert";
import { grad, mean, type Tensor, tensor, zeros } from "../../lib/index.ts";
import { add, mul } from "../../lib/ops/arithmetic.ts";
import { power } from "../../lib/ops/exponential.ts";
import { realNumbers } from "../../lib/program/algebra.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { instructionOf, type Value } from "../../lib/program/program.ts";
import { simplify } from "../../lib/program/simplify.ts";
import { TermReader } from "../../lib/program/sum-of-products.ts";
import { trace } from "../../lib/program/trace.ts";
import { broadcastTo, sum as total } from "../../lib/structure/broadcasting.ts";
import { reshape } from "../../lib/structure/layout.ts";
import { near } from "../near.ts";
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

	test("factors that come to be one value are multiplied, each of them", () => {
		const [x, y, v] = [tensor([2]), tensor([3]), tensor([2, 3])];
		const simplified = (f: (x: readonly Tensor[]) => Tensor, given: readonly Tensor[]) => {
			const { program } = trace(given, (all) => [f(all)]);
			near(interpret(simplify(program, { algebra: realNumbers() }).program, given)[0]!, f(given));
		};
		// What is left within the brackets is what stands before them.
		const sum = (x: Tensor, y: Tensor, p: number) => power(add(x, y), p);
		const both = (p: number) => (all: readonly Tensor[]) => {
			const [x, y] = all as [Tensor, Tensor];
			return add(mul(sum(x, y, p), x), mul(sum(x, y, p), y));
		};
		for (const p of [1, 2]) simplified(both(p), [x, y]);
		// Two views of a value become one by a view of both.
		simplified(
			([x]) => broadcastTo(mul(reshape(x!, [1, 1]), broadcastTo(x!, [1, 1])), [2, 1]),
			[x],
		);
		simplified(
			([v]) => broadcastTo(mul(total(v!, 0, { keepDims: true }), reshape(total(v!), [1])), [2]),
			[v],
		);
	});

	test("a mean that is empty is simplified like any other", () => {
		const x = zeros([0, 2]);
		const { program } = trace([x], ([x]) => [grad((x: Tensor) => total(mean(x, 1)))(x!)]);
		const simple = simplify(program, { algebra: realNumbers() }).program;
		assert.equal(interpret(simple, [x])[0]!.shape, [0, 2]);
		const sums = trace([x, x], ([x, y]) => [mean(add(mul(x!, 3), y!), 1)]).program;
		const [made] = interpret(simplify(sums, { algebra: realNumbers() }).program, [x, x]);
		assert.equal(made!.shape, [0]);
	});
});
