import * as assert from "uvu/assert";
import { checkConventions } from "../../lib/check/derivative-laws.ts";
import { checkShapeRule } from "../../lib/check/laws.ts";
import { astype, div, max, mul, type Op, relu } from "../../lib/index.ts";
import { choleskyGradient } from "../../lib/ops/cholesky.ts";
import { suite } from "../suite.ts";
import { judge } from "./judge.ts";
import { type Mutation, mutations } from "./mutations.ts";

const named = (name: string): Mutation => mutations.find((mutation) => mutation.name === name)!;
/** Three here; `npm run mutants` tries them all. */
const ops: readonly Op[] = [max.op, relu.op, astype.op];

suite("mutation", (test) => {
	for (const op of ops) {
		test(`the laws reject every slip in ${op.name}`, () => {
			const verdicts = mutations.map((mutation) => judge(op, mutation, 1));
			assert.is(verdicts.indexOf("survived"), -1);
			assert.ok(verdicts.filter((verdict) => verdict === "rejected").length > 15);
		});
	}

	test("a slip that does what the op does is equivalent", () => {
		assert.is(judge(mul.op, named("the transpose forgotten"), 1), "equivalent");
		assert.is(
			judge(relu.op, named("the point frozen, so that the second derivative is 0"), 1),
			"equivalent",
		);
		assert.is(judge(relu.op, named("ties to the earlier"), 1), "equivalent");
	});

	test("a slip that cannot be tried without an error is one that is rejected", () => {
		const slip = named("the result in place of the argument");
		assert.is(judge(choleskyGradient.op, slip, 1), "rejected");
	});

	test("laws that do not look let a slip survive", () => {
		assert.is(judge(div.op, named("twice as much"), 1, [checkShapeRule]), "survived");
		assert.is(judge(max.op, named("ties to the later"), 1, [checkShapeRule]), "survived");
		assert.is(judge(max.op, named("ties to the later"), 1, [checkConventions]), "rejected");
	});
});
