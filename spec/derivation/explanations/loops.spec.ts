import * as assert from "uvu/assert";
import { explain } from "../../../lib/derivation/explanations/explain.ts";
import { suite } from "../../suite.ts";
import { everyState, lastState, recurrent } from "../printers/recurrent-nets.ts";

/** What is said of the lines of a variable, one text for each. */
const said = (derived: typeof lastState, variable: string, lang: "en" | "zh" = "en") =>
	[...explain(derived, lang)]
		.filter(([line]) => line.variable === variable)
		.map(([, { paragraphs }]) => paragraphs.join(" "));

suite("explanations of loops", (test) => {
	test("no line of a loop is said to have a gradient of zero, and each has a sentence", () => {
		for (const [name, derived] of Object.entries(recurrent)) {
			for (const lang of ["en", "zh"] as const) {
				for (const [line, { paragraphs }] of explain(derived, lang)) {
					assert.ok(paragraphs.length > 0, `${name}: ${line.variable}`);
					const text = paragraphs.join(" ");
					assert.not.match(text, /does not depend|不依赖于/, `${name}: ${line.variable}`);
					assert.not.match(text, /\(\)|（）|undefined|NaN/, `${name}: ${line.variable}`);
				}
			}
		}
	});

	test("a line in the body is explained as the same line outside of a loop", () => {
		const [text] = said(lastState, "grad_z");
		assert.match(text!, "From the line $h_{t} = \\tanh(z_{t})$.");
		assert.match(
			text!,
			"So $\\frac{\\partial L}{\\partial z_{t}} = \\frac{\\partial L}{\\partial h_{t}} \\odot (1 - h_{t}^{2})$.",
		);
	});

	test("a weight that every step uses has the sum of what each step gives", () => {
		const [zero, share] = said(lastState, "grad_U");
		assert.is(
			zero,
			"$\\frac{\\partial L}{\\partial U}$ is a sum over all steps of the loop; it starts from zero.",
		);
		assert.match(share!, "Every step of the loop uses the same $U$.");
		assert.match(
			share!,
			"$\\left(\\frac{\\partial L}{\\partial U}\\right)_{t} = h_{t-1}^{\\top}\\,\\frac{\\partial L}{\\partial z_{t}}$",
		);
		assert.match(
			share!,
			"their shares are added up: $\\frac{\\partial L}{\\partial U} = \\sum_{t=1}^{T} h_{t-1}^{\\top}\\,\\frac{\\partial L}{\\partial z_{t}}$.",
		);
		const [, chinese] = said(lastState, "grad_U", "zh");
		assert.match(chinese!, "循环的每一步用的都是同一个 $U$。");
		assert.match(chinese!, "$U$ 的改变量经由每一步起作用，所以把各步的贡献加起来：");
	});

	test("the loop backward starts from the gradient of the last state, and hands one on", () => {
		const [start, handed] = said(lastState, "grad_h");
		assert.match(start!, "it starts from the gradient of $h_{T}$, what the last step gave.");
		assert.match(handed!, "The step starts from $h_{t-1}$, which the step before gave it.");
		assert.match(handed!, "this is $\\frac{\\partial L}{\\partial h_{t-1}}$.");
		const [first] = said(lastState, "grad_h", "zh");
		assert.match(first!, "反向的循环从最后一步开始，起点就是最后一步的结果 $h_{T}$ 的梯度。");
	});

	test("a state that is read in two places has the sum of what comes back from both", () => {
		const [zero, whole] = said(everyState, "grad_h");
		assert.match(zero!, "Nothing comes back from behind its last step");
		assert.match(
			whole!,
			"its gradient is the sum of what comes back from each: $\\frac{\\partial L}{\\partial h_{t}} = \\left(\\frac{\\partial L}{\\partial h_{t}}\\right)_{>t} + \\frac{\\partial L}{\\partial \\mathrm{hs}_{t}}$.",
		);
		const [start] = said(everyState, "grad_h0");
		assert.match(start!, "A loop uses $h_{0}$, and $\\left(");
	});
});
