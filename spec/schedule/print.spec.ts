import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { programs } from "../../lib/check/programs.ts";
import { ones, type Tensor, tensor } from "../../lib/index.ts";
import { simplify } from "../../lib/program/simplify.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import { FormulaTexts } from "../../lib/schedule/formula-text.ts";
import { printSchedule } from "../../lib/schedule/print.ts";
import { scheduleOf } from "../../lib/schedule/schedule.ts";
import { operations as op } from "../operations.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";
import { planned, plannedAt } from "./schedules.ts";

const inputs = [
	{ name: "x0", dtype: "float64" },
	{ name: "x1", dtype: "float32" },
	{ name: "x2", dtype: "bool" },
] as const;
const [x, single, truth] = inputs.map((_, index): Expression => ({ kind: "input", index }));
const number = (value: number): Expression => ({ kind: "constant", value, dtype: "float64" });

const textOf = (...expressions: Expression[]) => {
	const texts = new FormulaTexts(expressions, inputs);
	return expressions.flatMap((each) => {
		const { lines, text } = texts.write(each);
		return [...lines, text];
	});
};

suite("schedule/print", (test) => {
	test("formulas have the brackets that they need and no others", () => {
		const sum = op.add("float64", x!, number(1));
		assert.equal(textOf(op.mul("float64", sum, number(-2))), ["(x0 + 1) * (-2)"]);
		assert.equal(textOf(op.max("float64", sum, number(-0))), ["max(x0 + 1, -0)"]);
		assert.equal(textOf(op.select("float64", truth!, x!, number(0))), ["x2 ? x0 : 0"]);
	});

	test("what several places share has a line of its own, before the first of them", () => {
		const sum = op.add("float64", x!, number(1));
		const difference = op.sub("float64", x!, number(1));
		assert.equal(textOf(op.exp("float64", sum), sum), ["t0: float64 = x0 + 1", "exp(t0)", "t0"]);
		assert.equal(textOf(op.mul("float64", difference, difference)), ["(x0 - 1) ** 2"]);
	});

	test("a formula of shared parts is as long as it has parts", () => {
		let y = x!;
		for (let i = 0; i < 40; i++) y = op.add("float64", y, op.exp("float64", y));
		assert.ok(textOf(y).join("").length < 40 * 40);
	});

	test("what is computed in another dtype than its operands have says so", () => {
		const wide = op.add("float64", single!, number(1));
		assert.equal(textOf(op.mul("float64", x!, wide)), ["t0: float64 = x1 + 1", "x0 * t0"]);
		const cast: Expression = { kind: "cast", of: single!, dtype: "float64" };
		assert.equal(textOf(op.mul("float64", x!, cast)), ["x0 * float64(x1)"]);
	});

	test("equal kernels are printed once, and say which steps run them", () => {
		const text = printSchedule(
			planned(
				(a: Tensor, b: Tensor) => [a.cumsum(0), b.cumsum(0), b.cumsum(1)],
				ones([2, 3]),
				ones([2, 3]),
			),
		);
		assert.match(text, "  k0, also of step 1: scan (2×3) along axis 0\n");
		assert.match(text, "step 1: k0(in1) -> out1    cumsum\nstep 2: k1(in1) -> out2");
	});

	test("offsets stand at the step, strides in the kernel", () => {
		const text = printSchedule(plannedAt([3, 4], (y) => y.flip(1).exp()));
		assert.match(text, "step 0: k0(in0 + 3) -> out0    exp\n");
		assert.match(text, "    x0: float64 strides (4, -1)\n");
	});

	test("results are buffers, arguments or constants", () => {
		const text = printSchedule(plannedAt([3], (y) => [y.neg(), y, tensor([1, -0])]));
		assert.match(text, "results: out0, in0, constant float64 (2) = 1 -0");
	});

	test("every step of a random program prints, twice the same", () => {
		fc.assert(
			fc.property(programs(), ({ program }) => {
				const schedule = scheduleOf(simplify(program).program);
				const text = printSchedule(schedule);
				assert.is(text.match(/^step \d+: k\d+\(.*\) -> \w/gm)?.length ?? 0, schedule.steps.length);
				assert.not.match(text, /undefined|NaN bytes|\[object/);
				assert.is(printSchedule(scheduleOf(simplify(program).program)), text);
			}),
			{ numRuns: sampled(60) },
		);
	});
});
