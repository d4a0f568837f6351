import * as assert from "uvu/assert";
import { explain } from "../../../lib/derivation/explanations/explain.ts";
import { ruleFormulas } from "../../../lib/derivation/explanations/rule-formulas.ts";
import * as adjoint from "../../../lib/index.ts";
import { mathml } from "../../../lib/notation/mathml.ts";
import { suite } from "../../suite.ts";
import { derivationOf, nets } from "../nets.ts";

/** The paragraphs about a line of a net. */
function told(name: string, variable: string, lang: "en" | "zh"): string {
	const derivation = derivationOf(nets[name]!);
	const statement = derivation.backward.find((line) => line.variable === variable)!;
	return explain(derivation, lang).get(statement)!.paragraphs.join("\n");
}

function includes(text: string, ...parts: string[]): void {
	for (const part of parts) assert.ok(text.includes(part), `"${part}" is not in:\n${text}`);
}

suite("derivation/explanations/explain", (test) => {
	for (const [name, net] of Object.entries(nets)) {
		test(`${name}: every backward line has a reason in both languages, with mathematics that can be set`, () => {
			const derivation = derivationOf(net);
			for (const lang of ["en", "zh"] as const) {
				const explanations = explain(derivation, lang);
				for (const line of derivation.backward) {
					const { from, paragraphs } = explanations.get(line)!;
					assert.ok(paragraphs.length > 0, line.variable);
					const steps = "steps" in line.reason ? line.reason.steps : [];
					assert.is(from.length > 0, steps.length > 0);
					for (const text of paragraphs) {
						const parts = text.split("$");
						assert.is(parts.length % 2, 1, text);
						for (const [i, part] of parts.entries()) if (i % 2 === 1) mathml(part);
					}
				}
			}
		});
	}

	test("dot: differential, transpose, elements and shapes", () => {
		const parts = [
			"\\mathrm{d}y_{\\mathrm{pred}} = h_{\\mathrm{relu}}\\,\\mathrm{d}w_{2}",
			"\\frac{\\partial L}{\\partial w_{2}} = h_{\\mathrm{relu}}^{\\top}\\,\\frac{\\partial L}{\\partial y_{\\mathrm{pred}}}",
			"\\frac{\\partial L}{\\partial w_{mn}} = \\sum_{i} x_{im}\\,\\frac{\\partial L}{\\partial y_{in}}",
			"(H \\times N) \\cdot (N \\times D_{\\mathrm{out}}) = H \\times D_{\\mathrm{out}}",
		];
		includes(told("twoLayers", "grad_w2", "en"), ...parts);
		includes(told("twoLayers", "grad_w2", "zh"), ...parts, "转置");
	});

	test("maximum: the mask, and that the gradient is kept at exactly 0", () => {
		const mask = "\\mathrm{d}h_{\\mathrm{relu}} = \\mathrm{d}h \\odot [h \\ge 0]";
		includes(
			told("twoLayers", "grad_h", "en"),
			mask,
			"Where $h = 0$ exactly",
			"kept there, with the factor 1",
		);
		includes(told("twoLayers", "grad_h", "zh"), mask, "在恰好 $h = 0$ 处", "系数取 1");
	});

	test("a broadcast goes back as a sum, and what is used twice gets the sum of its shares", () => {
		includes(told("classifier", "grad_b", "en"), "the transpose of a broadcast is a sum");
		includes(told("sharedWeights", "grad_w", "en"), "used in two places");
		includes(told("sharedWeights", "grad_w", "zh"), "用在 2 处");
	});

	test("the formulas are what the op's linear map does", () => {
		const type = { shape: [2], dtype: "float64" } as const;
		const site = {
			params: null,
			args: ["x"],
			out: "y",
			argument: 0,
			tangent: "dx",
			cotangent: "g",
		};
		assert.equal(ruleFormulas({ ...site, op: adjoint.tanh.op, types: [type] }), {
			differential: "dx \\odot (1 - y^{2})",
			transposed: "g \\odot (1 - y^{2})",
		});
		assert.is(ruleFormulas({ ...site, op: adjoint.floor.op, types: [type] }), null);
	});
});
