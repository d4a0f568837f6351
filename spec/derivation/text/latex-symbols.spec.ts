import * as assert from "uvu/assert";
import {
	numberLatex,
	shapeLatex,
	symbolLatex,
} from "../../../lib/derivation/text/latex-symbols.ts";
import { mathml } from "../../../lib/notation/mathml.ts";
import { suite } from "../../suite.ts";
import { derivationOf, nets } from "../nets.ts";

suite("derivation/text/latex-symbols", (test) => {
	test("the two-layer net is what a textbook has", () => {
		assert.is(
			derivationOf(nets.twoLayers!).print("latex", { lang: "zh" }),
			String.raw`\paragraph{前向传播}
\begin{align*}
  h &= x\,w_{1} && N \times H \\
  h_{\mathrm{relu}} &= \max(h, 0) && N \times H \\
  y_{\mathrm{pred}} &= h_{\mathrm{relu}}\,w_{2} && N \times D_{\mathrm{out}} \\
  L &= \sum_{i,j} (y_{\mathrm{pred}} - y)^{2} && 1 \\
\end{align*}

\paragraph{反向传播}
\begin{align*}
  \frac{\partial L}{\partial y_{\mathrm{pred}}} &= 2\,(y_{\mathrm{pred}} - y) && N \times D_{\mathrm{out}} \\
  \frac{\partial L}{\partial w_{2}} &= h_{\mathrm{relu}}^{\top}\,\frac{\partial L}{\partial y_{\mathrm{pred}}} && H \times D_{\mathrm{out}} \\
  \frac{\partial L}{\partial h_{\mathrm{relu}}} &= \frac{\partial L}{\partial y_{\mathrm{pred}}}\,w_{2}^{\top} && N \times H \\
  \frac{\partial L}{\partial h} &= \frac{\partial L}{\partial h_{\mathrm{relu}}} \odot [h \ge 0] && N \times H \\
  \frac{\partial L}{\partial w_{1}} &= x^{\top}\,\frac{\partial L}{\partial h} && D_{\mathrm{in}} \times H \\
\end{align*}
`,
		);
	});

	test("a name is a letter, a Greek letter or an upright word, with an index", () => {
		const names = {
			x: "x",
			w1: "w_{1}",
			h_relu: "h_{\\mathrm{relu}}",
			alpha: "\\alpha",
			logits: "\\mathrm{logits}",
			w_q_2: "w_{q,2}",
		};
		for (const [name, latex] of Object.entries(names)) assert.is(symbolLatex(name), latex);
	});

	test("a hat, a bar or a tilde stands on the letter, wherever its index is", () => {
		const names = {
			x_hat: "\\hat{x}",
			x_hat_1: "\\hat{x}_{1}",
			x1_hat: "\\hat{x}_{1}",
			w_q_bar: "\\bar{w}_{q}",
			theta_tilde: "\\tilde{\\theta}",
			y_bar_hat: "\\hat{\\bar{y}}",
			hat: "\\mathrm{hat}",
			tilde_x: "\\mathrm{tilde}_{x}",
			logits_hat: "\\mathrm{logits}_{\\mathrm{hat}}",
		};
		for (const [name, latex] of Object.entries(names)) assert.is(symbolLatex(name), latex);
	});

	test("so it does in MathML", () => {
		const symbol = (name: string) => mathml(symbolLatex(name));
		assert.is(
			symbol("x_hat_1"),
			'<math><msub><mover accent="true"><mrow><mi>x</mi></mrow><mo>^</mo></mover><mrow><mn>1</mn></mrow></msub></math>',
		);
		for (const name of ["mu_bar", "y_tilde"]) assert.match(symbol(name), "<mover");
	});

	test("a number with a long expansion is a fraction where it is one", () => {
		const numbers = { "0.5": "0.5", "-2": "-2", "1e-7": "10^{-7}", Infinity: "\\infty" };
		for (const [number, latex] of Object.entries(numbers))
			assert.is(numberLatex(Number(number)), latex);
		assert.is(numberLatex(-1 / 6), "-\\frac{1}{6}");
		assert.is(numberLatex(1e-5), "10^{-5}");
		assert.is(numberLatex(-1.5e9), "-1.5 \\cdot 10^{9}");
		assert.is(numberLatex(Math.PI), "3.141592653589793");
	});

	test("a shape has its axes by name", () => {
		assert.is(shapeLatex(["N", "D_in"]), "N \\times D_{\\mathrm{in}}");
		assert.is(shapeLatex([]), "1");
	});
});
