import * as assert from "uvu/assert";
import { derive } from "../../../lib/derivation/index.ts";
import { ones, type Tensor, tensor } from "../../../lib/index.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { runPrinted } from "../run-printed.ts";
import { checkForms } from "./forms.ts";

checkForms("derivation/textbook/numbers", {
	"the root of a whole number is written as one": {
		f: (x) => x!.mul(Math.sqrt(3)).square().sum(),
		shapes: { x: ["N"] },
		forward: ["loss = np.square(x * np.sqrt(3)).sum()"],
		latex: ["\\sqrt{3}\\,x"],
	},
	"so is a half of one, and what stands before the density of a normal distribution": {
		f: (x) =>
			x!
				.square()
				.mul(-Math.sqrt(5) / 2)
				.exp()
				.mul(1 / Math.sqrt(2 * Math.PI))
				.sum(),
		shapes: { x: ["N"] },
		forward: [
			"exp1 = np.exp(np.square(x) * (-np.sqrt(5) / 2))",
			"loss = (exp1 * (1 / np.sqrt(2 * np.pi))).sum()",
		],
		latex: [
			"\\exp(-\\frac{\\sqrt{5}}{2}\\,x^{2})",
			"\\frac{1}{\\sqrt{2\\,\\pi}}\\,\\mathrm{exp}_{1}",
		],
	},
	"a size keeps its name, whatever its root is": {
		f: (x) => x!.div(Math.sqrt(x!.shape[1]!)).square().sum(),
		shapes: { x: ["N", "D"] },
		forward: ["loss = np.square(x / D ** 0.5).sum()"],
	},
	"powers of ten are such in mathematics": {
		f: (x) => x!.mul(1e9).add(1e-5).square().sum(),
		shapes: { x: ["N"] },
		latex: ["10^{9}\\,x + 10^{-5}"],
	},
});

suite("derivation/textbook/numbers beside sizes", (test) => {
	test("twice a number of the user's is no quotient of sizes", () => {
		const f = (w: Tensor, x: Tensor) => x.dot(w).sum().add(w.square().sum().mul(0.3));
		const derivation = derive(f, { w: tensor([1, 2, 3]), x: ones([5, 3]) });
		assert.match(derivation.print("numpy"), "grad_w = 0.6 * w + ");
	});
});

suite("derivation/textbook/numbers of float32", (test) => {
	const x = tensor([1, 2], { dtype: "float32" });
	const f = (v: Tensor) => v.mul(Math.sqrt(3)).sum();
	const derivation = derive(f, { x });

	test("a root stays a number of Python's, which leaves float32 as it is", () => {
		assert.match(derivation.print("numpy"), "loss = (x * 3 ** 0.5).sum()");
	});

	test("what is not the root to the bit keeps its digits", () => {
		const off = derive((v: Tensor) => v.mul(1.7320508).sum(), { x: tensor([1, 2]) });
		assert.match(off.print("numpy"), "(x * 1.7320508).sum()");
		assert.match(off.print("latex"), "1.7320508\\,x");
	});

	test("TypeScript has it too", () => {
		assert.match(derivation.print("ts"), "Math.sqrt(3)");
		const { grad_x: found } = runPrinted(derivation.print("ts"), new Map([["x", x]]));
		near(found as Tensor, tensor([Math.sqrt(3), Math.sqrt(3)], { dtype: "float32" }), 1e-6);
	});
});
