import * as assert from "uvu/assert";
import { compile, javascriptBackend, wasmBackend } from "../../lib/compile/index.ts";
import { internal, ones, type Tensor, tensor } from "../../lib/index.ts";
import type { Instruction } from "../../lib/program/program.ts";
import { type Expression, formulasIn, inputsIn } from "../../lib/schedule/expression.ts";
import { expressionsOf } from "../../lib/schedule/expressions.ts";
import { loweredAs } from "../../lib/schedule/lower.ts";
import { readsIn } from "../../lib/schedule/reads.ts";
import { viewsOf } from "../../lib/schedule/view.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";
import { programOf } from "./schedules.ts";

type Formula = Extract<Expression, { kind: "formula" }>;

/** The expression of a function's result, with its first `given` instructions as inputs. */
function expressionOf(f: (x: Tensor) => Tensor, given = 0) {
	const program = programOf(f, ones([2, 3]));
	const viewOf = viewsOf(program);
	const computing = program.instructions.filter((step) => viewOf(step).base === step);
	const known: readonly Instruction[] = computing.slice(0, given);
	const { views, expressionOf: of } = expressionsOf(computing, known, {
		...{ viewOf, readsOf: readsIn(viewOf), loweredAs },
	});
	const expression = of(program.outputs[0]!) as Formula;
	return { expression, views };
}

suite("schedule/expressions", (test) => {
	test("what two members read is one expression, the same object", () => {
		const { expression } = expressionOf((x) => {
			const y = x.exp();
			return y.tanh().mul(y.sin());
		});
		const [left, right] = expression.args as [Formula, Formula];
		assert.is(left.args[0], right.args[0]);
	});

	test("a view that is read twice is one input; another offset, shape or other strides are another", () => {
		assert.is(expressionOf((x) => x.exp().mul(x)).views.length, 1);
		assert.is(expressionOf((x) => x.slice(0).mul(x.slice(1))).views.length, 2);
		const square = (x: Tensor) => x.slice(null, [0, 2]);
		assert.is(expressionOf((x) => square(x).mul(square(x).T)).views.length, 2);
		// The first column, one number for each slice, has the strides of the whole matrix.
		const first = (x: Tensor) => internal.maskFirst(x, x.slice(null, [0, 1]).add(2));
		const { views } = expressionOf(first);
		assert.equal(
			views.map(({ shape }) => shape),
			[
				[2, 3],
				[2, 1],
			],
		);
		for (const backend of [wasmBackend, javascriptBackend]) {
			const x = tensor([
				[3, 5, 1],
				[2, 2, 7],
			]);
			same(compile(first, { backend })(x), [
				[0, 1, 0],
				[0, 0, 0],
			]);
		}
	});

	test("a constant of one number is no input, one of several is", () => {
		const { expression, views } = expressionOf((x) => x.mul(2));
		assert.is(views.length, 1);
		assert.equal(expression.args[1], { kind: "constant", value: 2, dtype: "float64" });
		assert.is(expressionOf((x) => x.mul(tensor([1, 2, 3]))).views.length, 2);
	});

	test("−0 as a constant stays −0", () => {
		const { expression } = expressionOf((x) => x.maximum(tensor(-0)));
		assert.is((expression.args[1] as { value: number }).value, -0);
	});

	test("what is given comes first among the inputs and is not computed", () => {
		const { expression, views } = expressionOf((x) => x.exp().mul(x), 1);
		assert.equal(expression.args, [
			{ kind: "input", index: 0 },
			{ kind: "input", index: 1 },
		]);
		assert.is(views.length, 1);
	});

	test("inputs and formulas in expressions are found once each, however often they stand there", () => {
		let sum: Expression = expressionOf((x) => x.exp()).expression;
		const { term } = expressionOf((x) => x.add(x)).expression;
		for (let i = 0; i < 40; i++) {
			sum = { kind: "formula", term, args: [sum, sum], dtype: "float64" };
		}
		assert.equal([...inputsIn([sum, sum])], [0]);
		assert.is(formulasIn([sum, sum]).size, 2);
	});
});
