import * as assert from "uvu/assert";
import { loopsOf } from "../../../lib/derivation/draft/blocks.ts";
import { suite } from "../../suite.ts";
import {
	copied,
	everyState,
	lastState,
	nested,
	power,
	recurrent,
	reversed,
} from "./recurrent-nets.ts";

/** The equations of a text in LaTeX, without what stands beside them. */
const equations = (text: string) =>
	text.split("\n").flatMap((line) => (line.includes("&=") ? [line.split("&&")[0]!.trim()] : []));

suite("loops in formulas", (test) => {
	test("a recurrent net is a recurrence, and its gradient the adjoint recurrence", () => {
		assert.equal(lastState.print("latex").split("\n"), [
			"$x_{t}$ is the entry of $x$ at $t$ along the first axis. Formulas count the steps of a loop from 1, programs from 0.",
			"",
			"\\paragraph{Forward}",
			"For $t = 1, \\ldots, T$:",
			"\\begin{align*}",
			"  z_{t} &= x_{t}\\,W + h_{t-1}\\,U + b && B \\times H \\\\",
			"  h_{t} &= \\tanh(z_{t}) && B \\times H \\\\",
			"\\end{align*}",
			"After the loop over $t$:",
			"\\begin{align*}",
			"  L &= \\operatorname{mean}_{i,j}((h_{T} - y)^{2}) && 1 \\\\",
			"\\end{align*}",
			"",
			"\\paragraph{Backward}",
			"\\begin{align*}",
			"  \\frac{\\partial L}{\\partial h_{T}} &= \\frac{2\\,(h_{T} - y)}{H \\cdot B} && B \\times H \\\\",
			"\\end{align*}",
			"For $t = T, \\ldots, 1$:",
			"\\begin{align*}",
			"  \\frac{\\partial L}{\\partial z_{t}} &= \\frac{\\partial L}{\\partial h_{t}} \\odot (1 - h_{t}^{2}) && B \\times H \\\\",
			"  \\frac{\\partial L}{\\partial h_{t-1}} &= \\frac{\\partial L}{\\partial z_{t}}\\,U^{\\top} && B \\times H \\\\",
			"\\end{align*}",
			"After the loop over $t$:",
			"\\begin{align*}",
			"  \\frac{\\partial L}{\\partial W} &= \\sum_{t=1}^{T} x_{t}^{\\top}\\,\\frac{\\partial L}{\\partial z_{t}} && D \\times H \\\\",
			"  \\frac{\\partial L}{\\partial U} &= \\sum_{t=1}^{T} h_{t-1}^{\\top}\\,\\frac{\\partial L}{\\partial z_{t}} && H \\times H \\\\",
			"  \\frac{\\partial L}{\\partial b} &= \\sum_{t=1}^{T} \\sum_{i} \\frac{\\partial L}{\\partial z_{t}} && H \\\\",
			"\\end{align*}",
			"",
		]);
	});

	test("in Chinese the formulas are the same, and the words are Chinese", () => {
		const [english, chinese] = [lastState.print("latex"), lastState.print("latex", { lang: "zh" })];
		assert.equal(equations(chinese), equations(english));
		const words = chinese.split("\n").filter((line) => /\p{Script=Han}/u.test(line));
		assert.equal(words, [
			"$x_{t}$ 表示 $x$ 沿第一个轴的第 $t$ 项。公式中循环的步从 1 数起，程序中从 0 数起。",
			"\\paragraph{前向传播}",
			"对 $t = 1, \\ldots, T$ 依次计算：",
			"对 $t$ 的循环结束后：",
			"\\paragraph{反向传播}",
			"对 $t = T, \\ldots, 1$ 依次计算：",
			"对 $t$ 的循环结束后：",
		]);
	});

	test("what is handed on is called a part of the gradient where something else uses the state too", () => {
		const text = everyState.print("latex").split("\\paragraph{Backward}");
		assert.equal(equations(text[1]!), [
			"\\frac{\\partial L}{\\partial \\mathrm{hs}} &= \\frac{2\\,\\mathrm{hs}}{H \\cdot B \\cdot T}",
			"\\left(\\frac{\\partial L}{\\partial h_{T}}\\right)_{>T} &= 0",
			"\\frac{\\partial L}{\\partial h_{t}} &= \\left(\\frac{\\partial L}{\\partial h_{t}}\\right)_{>t} + \\frac{\\partial L}{\\partial \\mathrm{hs}_{t}}",
			"\\frac{\\partial L}{\\partial z_{t}} &= \\frac{\\partial L}{\\partial h_{t}} \\odot (1 - h_{t}^{2})",
			"\\left(\\frac{\\partial L}{\\partial h_{t-1}}\\right)_{>t-1} &= \\frac{\\partial L}{\\partial z_{t}}\\,U^{\\top}",
			"\\frac{\\partial L}{\\partial W} &= \\sum_{t=1}^{T} x_{t}^{\\top}\\,\\frac{\\partial L}{\\partial z_{t}}",
			"\\frac{\\partial L}{\\partial U} &= \\sum_{t=1}^{T} h_{t-1}^{\\top}\\,\\frac{\\partial L}{\\partial z_{t}}",
			"\\frac{\\partial L}{\\partial b} &= \\sum_{t=1}^{T} \\sum_{i} \\frac{\\partial L}{\\partial z_{t}}",
			"\\frac{\\partial L}{\\partial h_{0}} &= 2\\,h_{0} + \\left(\\frac{\\partial L}{\\partial h_{0}}\\right)_{>0}",
		]);
		assert.match(text[0]!, "is that part of $\\frac{\\partial L}{\\partial h_{t}}$ which");
	});

	test("a line that is handed on by a copy has a gradient of its own", () => {
		const lines = equations(copied.print("latex"));
		for (const line of [
			"z_{t} &= z_{2,t}",
			"\\frac{\\partial L}{\\partial z_{2,t}} &= \\frac{\\partial L}{\\partial z_{t}} + \\frac{\\partial L}{\\partial h_{t}} \\odot z_{t-1}",
			"\\frac{\\partial L}{\\partial z_{t-1}} &= \\frac{\\partial L}{\\partial h_{t}} \\odot z_{2,t}",
		]) {
			assert.ok(lines.includes(line), line);
		}
	});

	test("a loop in a loop has two indices, and its sum is a share of each step around it", () => {
		const lines = equations(nested.print("latex"));
		for (const line of [
			"g_{t,0} &= \\mathrm{carry}_{t-1}",
			"g_{t,t_{2}} &= \\tanh(g_{t,t_{2}-1} \\odot W + x_{t,t_{2}})",
			"\\mathrm{carry}_{t} &= g_{t,S}",
			"\\frac{\\partial L}{\\partial g_{t,S}} &= \\frac{\\partial L}{\\partial \\mathrm{carry}_{t}}",
			"\\mathrm{grad}_{W,2,t} &= \\sum_{t_{2}=1}^{S} \\mathrm{term}_{1,t,t_{2}} \\odot g_{t,t_{2}-1}",
			"\\frac{\\partial L}{\\partial \\mathrm{carry}_{t-1}} &= \\frac{\\partial L}{\\partial g_{t,0}}",
			"\\frac{\\partial L}{\\partial W} &= \\sum_{t=1}^{T} \\mathrm{grad}_{W,2,t}",
		]) {
			assert.ok(lines.includes(line), line);
		}
	});

	test("a loop from the last entry to the first starts beyond the last, and its gradient goes up", () => {
		const text = reversed.print("latex");
		const lines = equations(text);
		assert.ok(lines.includes("h_{5} &= h_{0}"));
		assert.ok(lines.includes("h_{t} &= 0.9\\,h_{t+1} + \\sin(x_{t})"));
		assert.ok(
			lines.includes(
				"\\left(\\frac{\\partial L}{\\partial h_{t+1}}\\right)_{<t+1} &= 0.9\\,\\frac{\\partial L}{\\partial h_{t}}",
			),
		);
		assert.match(text, "For $t = 4, \\ldots, 1$:");
		assert.match(text, "For $t = 1, \\ldots, 4$:");
	});

	test("no equation has the same on both sides, and a sum is in brackets where it has to be", () => {
		for (const [name, derived] of Object.entries(recurrent)) {
			for (const line of equations(derived.print("latex"))) {
				const [left, right] = line.split(" &= ");
				assert.is.not(left, right, name);
			}
		}
		assert.match(power.print("latex"), "\\sum_{t=1}^{5} \\left(-");
	});

	test("the code in Markdown is the NumPy program, in its order", () => {
		for (const [name, derived] of Object.entries(recurrent)) {
			const blocks = [...derived.print("markdown").matchAll(/```python\n(.*?)```/gs)];
			const code = blocks.map(([, lines]) => lines).join("");
			const program = derived
				.print("numpy")
				.split("\n")
				.filter((line) => line !== "" && !/^(#|import)/.test(line));
			// Sums start at the head of their loop.
			assert.equal(code.trim().split("\n").toSorted(), program.toSorted(), name);
		}
	});

	test("the page has a card for each line, a place for each, and nothing of a graph", () => {
		for (const [name, derived] of Object.entries(recurrent)) {
			for (const lang of ["en", "zh"] as const) {
				const page = derived.print("html", { lang });
				const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
				assert.is(new Set(ids).size, ids.length, name);
				const steps = [...page.matchAll(/data-step="(\d+)"/g)].map(([, i]) => Number(i));
				const sorted = steps.toSorted((x, y) => x - y);
				assert.equal(
					sorted,
					sorted.map((_, i) => i + 1),
				);
				const sums = loopsOf(derived).flatMap(({ starts }) =>
					starts.filter(({ reason }) => reason.kind === "sumStart"),
				);
				assert.is(steps.length, derived.backward.length - sums.length, name);
				for (const [, related] of page.matchAll(/data-related="([^"]*)"/g)) {
					for (const key of related!.split(" ").filter((each) => each !== "")) {
						assert.ok(ids.includes(`line-${key}`), `${name}: ${key}`);
					}
				}
				assert.not.match(page, "<svg");
				assert.match(page, lang === "en" ? "There is no graph" : "没有计算图");
			}
		}
	});
});
