import * as assert from "uvu/assert";
import { suite } from "../../suite.ts";
import { branching, chosen, damped, several } from "./recurrent-nets.ts";

/** The lines of a text in LaTeX, each equation without what stands beside it. */
const written = (text: string) =>
	text.split("\n").flatMap((line) => {
		if (line === "" || /^\\(begin|end)/.test(line)) return [];
		return [line.includes("&=") ? line.split("&&")[0]!.trim() : line];
	});

suite("branches in formulas", (test) => {
	test("the lines of a branch stand below its condition, and what follows below neither", () => {
		assert.equal(written(chosen.print("latex")), [
			"\\paragraph{Forward}",
			"h &= x\\,w",
			"\\mathrm{test} &= [\\sum_{i} h > 0]",
			"If $\\mathrm{test}$ holds:",
			"z &= \\tanh(h \\odot \\left(\\sum_{i} w\\right))",
			"y &= z^{2}",
			"If $\\mathrm{test}$ does not hold:",
			"y &= 3\\,\\exp(h)",
			"Whether $\\mathrm{test}$ holds or not:",
			"L &= \\operatorname{mean}_{i}(y)",
			"\\paragraph{Backward}",
			"If $\\mathrm{test}$ holds:",
			"\\mathrm{sum}_{1} &= \\sum_{i} w",
			"z_{2} &= \\tanh(h \\odot \\mathrm{sum}_{1})",
			"\\mathrm{div}_{1} &= \\frac{2\\,z_{2} \\odot (1 - z_{2}^{2})}{N}",
			"\\mathrm{term}_{1} &= \\operatorname{broadcast}(\\sum_{i} \\mathrm{div}_{1} \\odot h)",
			"\\frac{\\partial L}{\\partial h} &= \\mathrm{div}_{1} \\odot \\mathrm{sum}_{1}",
			"If $\\mathrm{test}$ does not hold:",
			"\\frac{\\partial L}{\\partial h} &= \\frac{3\\,\\exp(h)}{N}",
			"\\mathrm{term}_{1} &= 0",
			"Whether $\\mathrm{test}$ holds or not:",
			"\\frac{\\partial L}{\\partial w} &= \\mathrm{term}_{1} + x^{\\top}\\,\\frac{\\partial L}{\\partial h}",
		]);
	});

	test("in a loop a branch gives what is handed on its name, and reads what the step was given", () => {
		const text = written(damped.print("latex"));
		assert.equal(text.slice(text.indexOf("For $t = 1, \\ldots, T$:")), [
			"For $t = 1, \\ldots, T$:",
			"\\mathrm{test}_{t} &= [\\sum_{i} h_{t-1} > 0]",
			"If $\\mathrm{test}_{t}$ holds:",
			"\\mathrm{chosen}_{t} &= \\tanh(h_{t-1} \\odot w + x_{t})",
			"If $\\mathrm{test}_{t}$ does not hold:",
			"\\mathrm{chosen}_{t} &= h_{t-1}^{2} \\odot w",
			"Whether $\\mathrm{test}_{t}$ holds or not:",
			"h_{t} &= \\mathrm{chosen}_{t}",
			"After the loop over $t$:",
			"L &= \\sum_{i} h_{T}",
			"\\paragraph{Backward}",
			"\\frac{\\partial L}{\\partial h_{T}} &= 1",
			"For $t = T, \\ldots, 1$:",
			"If $\\mathrm{test}_{t}$ holds:",
			"\\mathrm{mul}_{1,t} &= \\frac{\\partial L}{\\partial h_{t}} \\odot (1 - \\tanh(h_{t-1} \\odot w + x_{t})^{2})",
			"\\mathrm{term}_{1,t} &= \\mathrm{mul}_{1,t} \\odot h_{t-1}",
			"\\frac{\\partial L}{\\partial h_{t-1}} &= \\mathrm{mul}_{1,t} \\odot w",
			"If $\\mathrm{test}_{t}$ does not hold:",
			"\\mathrm{term}_{1,t} &= \\frac{\\partial L}{\\partial h_{t}} \\odot h_{t-1}^{2}",
			"\\frac{\\partial L}{\\partial h_{t-1}} &= 2\\,\\frac{\\partial L}{\\partial h_{t}} \\odot w \\odot h_{t-1}",
			"After the loop over $t$:",
			"\\frac{\\partial L}{\\partial w} &= \\sum_{t=1}^{T} \\mathrm{term}_{1,t}",
		]);
	});

	test("a choice by an index says which, and blocks in branches have words of their own", () => {
		const words = (lang: "en" | "zh") =>
			written(several.print("latex", { lang })).filter((line) => !line.includes("&="));
		const english = words("en");
		assert.equal(
			english.slice(
				english.indexOf("\\paragraph{Forward}"),
				english.indexOf("\\paragraph{Backward}"),
			),
			[
				"\\paragraph{Forward}",
				"If $k = 0$:",
				"If $k = 1$:",
				"If $\\mathrm{test}$ holds:",
				"If $\\mathrm{test}$ does not hold:",
				"If $k = 2$:",
				"For $t = 1, \\ldots, 3$:",
				"After the loop over $t$:",
				"Whatever $k$ is:",
			],
		);
		const chinese = words("zh");
		assert.equal(chinese.slice(chinese.indexOf("\\paragraph{反向传播}")), [
			"\\paragraph{反向传播}",
			"若 $k = 0$：",
			"若 $k = 1$：",
			"若 $\\mathrm{test}_{2}$ 成立：",
			"若 $\\mathrm{test}_{2}$ 不成立：",
			"若 $k = 2$：",
			"对 $t_{2} = 1, \\ldots, 3$ 依次计算：",
			"对 $t_{2}$ 的循环结束后：",
			"对 $t_{2} = 3, \\ldots, 1$ 依次计算：",
			"对 $t_{2}$ 的循环结束后：",
		]);
	});

	test("in Markdown the conditions stand before the lines, in mathematics and in NumPy", () => {
		const text = chosen.print("markdown", { lang: "zh" });
		assert.match(text, "若 $\\mathrm{test}$ 成立：\n\n```python\nif test:\n```");
		assert.match(text, "若 $\\mathrm{test}$ 不成立：\n\n```python\nelse:\n```");
		assert.match(text, "无论 $\\mathrm{test}$ 是否成立：\n\n$$L = ");
		assert.match(
			several.print("markdown"),
			'```python\nelse:\n    raise IndexError("there is no branch with this index")\n```\n\nWhatever $k$ is:',
		);
	});

	test("on the page a backward line says under which conditions it runs, beside a line of that branch", () => {
		const page = chosen.print("html");
		const rows = page.split('<div class="row">').slice(1);
		const row = (key: string) => rows.find((each) => each.includes(`id="line-${key}"`))!;
		/** What is said before a line, without its marks. */
		const leadOf = (html: string) =>
			/<div class="lead">(.*?)<\/div>/.exec(html)?.[1]?.replace(/<[^>]*>/g, "");
		for (const [line, beside, lead] of [
			["div1", "y", "If test holds:"],
			["grad_h", "y", "If test holds:"],
			["grad_h@2", "y@2", "If test does not hold:"],
			["term1@2", "y@2", "If test does not hold:"],
		] as const) {
			const html = row(line);
			assert.ok(html.includes(`id="line-${beside}"`), `${line} beside ${beside}`);
			const card = html.slice(html.indexOf(`id="line-${line}"`));
			assert.is(leadOf(card.split("</article>")[0]!), lead, line);
		}
		assert.not.ok(row("grad_w").includes('class="lead"'));
		for (const derived of Object.values(branching)) assert.not.match(derived.print("html"), "<svg");
	});
});
