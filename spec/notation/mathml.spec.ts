import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { records } from "../../lib/check/records.ts";
import { latexOf } from "../../lib/notation/forms.ts";
import { mathml } from "../../lib/notation/mathml.ts";
import { suite } from "../suite.ts";

/** Whether tags are closed in the order in which they were opened. */
function isWellFormed(text: string): boolean {
	const open: string[] = [];
	for (const [, slash, name] of text.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
		if (slash === "") open.push(name!);
		else if (open.pop() !== name) return false;
	}
	return open.length === 0 && !/&(?!\w+;)/.test(text);
}

suite("notation/mathml", (test) => {
	test("fractions, indices, powers, brackets and sums have their elements", () => {
		assert.is(
			mathml("\\frac{a}{2} \\odot x_{i}^{\\top}"),
			"<math><mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac><mo>⊙</mo><msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mrow><mi>⊤</mi></mrow></msubsup></math>",
		);
		assert.is(
			mathml("\\left(\\sum_{i} a\\right) < 1"),
			'<math><mrow><mo form="prefix">(</mo><munder><mo>∑</mo><mrow><mi>i</mi></mrow></munder><mi>a</mi><mo form="postfix">)</mo></mrow><mo>&lt;</mo><mn>1</mn></math>',
		);
	});

	test("the LaTeX of every op becomes well-formed MathML", () => {
		for (const op of records) {
			fc.assert(
				fc.property(draws(), (draw) => {
					const { inputs, params } = op.sample!(draw);
					const text = latexOf(op, ["x", "y", "z"].slice(0, inputs.length), params);
					assert.ok(isWellFormed(mathml(text)), text);
				}),
				{ numRuns: 5 },
			);
		}
	});

	test("an unknown command is refused by name", () => {
		assert.throws(() => mathml("\\oint x"), /oint/);
	});
});
