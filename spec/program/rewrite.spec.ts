import * as assert from "uvu/assert";
import { mul, random, type Tensor } from "../../lib/index.ts";
import { Builder } from "../../lib/program/builder.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { checkProgram, type Value } from "../../lib/program/program.ts";
import { rewrite } from "../../lib/program/rewrite.ts";
import { trace } from "../../lib/program/trace.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(1), [2, 3]);
const traced = (f: (x: Tensor) => Tensor[]) => trace([x], ([a]) => f(a!)).program;
const constant = (value: Value) => value;

suite("program/rewrite", (test) => {
	test("what an instruction becomes stands wherever its result was used, and what no result needs is gone", () => {
		const program = traced((a) => {
			const square = a.exp().square();
			return [square.sum(), square.neg()];
		});
		const { program: made, after } = rewrite(program, {
			constant,
			apply: (step, inputs) =>
				step.op.name === "square" ? program.inputs[0]! : { ...step, inputs },
		});
		checkProgram(made);
		assert.equal(
			made.instructions.map(({ op }) => op.name),
			["sum", "neg"],
		);
		assert.is(after(program.instructions[1]!), program.inputs[0]);
		for (const [i, out] of interpret(made, [x]).entries()) same(out, [x.sum(), x.neg()][i]!);
	});

	test("with a builder, equal terms are one", () => {
		const program = traced((a) => [mul(a.exp().sin(), a.exp().sin())]);
		const builder = new Builder();
		const { program: made } = rewrite(program, {
			constant,
			apply: ({ op, params }, inputs) => builder.apply(op, inputs, params),
		});
		assert.is(program.instructions.length, 5);
		assert.is(made.instructions.length, 3);
		same(interpret(made, [x])[0]!, interpret(program, [x])[0]!);
	});

	test("a constant becomes another one, and a value of another program stays what it is", () => {
		const [program, other] = [traced((a) => [a.add(2)]), traced((a) => [a.exp()])];
		const doubled = rewrite(program, {
			constant: (value) => ({ ...value, tensor: value.tensor.mul(2) }),
			apply: (step, inputs) => ({ ...step, inputs }),
		});
		same(interpret(doubled.program, [x])[0]!, x.add(4));
		assert.is(doubled.after(other.outputs[0]!), other.outputs[0]);
	});
});
