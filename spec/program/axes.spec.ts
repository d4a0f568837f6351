import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { ones, random, type Tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(1), [5, 4]);
const z = random.normal(random.key(2), [7]);
const meanOfSquares = (v: Tensor) => v.square().mean();
const SENTENCES = {
	en: "Holds for these shapes only",
	zh: "仅适用于这些形状",
};

suite("program/axes", (test) => {
	test("a size without a name is written as a number, and every form says that other shapes will not do", () => {
		const derivation = derive(meanOfSquares, { x });
		for (const lang of ["en", "zh"] as const) {
			for (const form of ["numpy", "ts", "plain", "latex", "markdown", "html"] as const) {
				const text = derivation.print(form, { lang });
				assert.ok(text.includes(SENTENCES[lang]), text);
			}
		}
		const [, , given, sentence] = derivation.print("numpy").split("\n");
		assert.equal([given, sentence], ["# Given: x (5×4)", `# ${SENTENCES.en}`]);
		assert.ok(String(derivation).includes("grad_x = 2.0 * x / 20"));
	});

	test("nothing is said where no number is a size", () => {
		const sums = derive((v: Tensor) => v.square().sum(), { x });
		const means = derive(meanOfSquares, { x }, { axes: { x: ["N", "D"] } });
		for (const derivation of [sums, means]) {
			for (const form of ["numpy", "ts", "latex", "markdown", "html"] as const) {
				assert.not(derivation.print(form).includes(SENTENCES.en));
				assert.not(derivation.print(form, { lang: "zh" }).includes(SENTENCES.zh));
			}
		}
	});

	test("an axis without a name beside named ones: its size stays a number, and the text says so", () => {
		const f = (a: Tensor, b: Tensor) =>
			a.sum().mul(b.square().mean()).add(b.mul(a.shape[0]!).sum());
		const given = { z, x };
		const text = derive((b: Tensor, a: Tensor) => f(a, b), given, { axes: { x: ["N", "D"] } });
		assert.ok(String(text).includes("# Given: z (7), x (N×D)"), String(text));
		const names = "; a name stands for any size";
		assert.ok(String(text).includes(`\n# ${SENTENCES.en}${names}\nN = x.shape[0]\n`), String(text));
		assert.ok(String(text).includes(" / 7"), String(text));
		assert.ok(text.print("numpy", { lang: "zh" }).includes("仅适用于这些形状；名称代表任意大小"));
	});

	test("a number that follows sizes in no way that names show: the shapes are told again as numbers", () => {
		const f = (v: Tensor) => v.square().sum().mul(Math.exp(-v.shape[0]!));
		const derivation = derive(f, { x }, { axes: { x: ["N", "D"] } });
		derivation.verify();
		assert.ok(
			String(derivation).includes("# Given: x (N×D)\n# Holds for these shapes only: x (5×4)\n"),
			String(derivation),
		);
		assert.ok(derivation.print("latex").startsWith("Holds for these shapes only: $x$ ("));
		assert.ok(derivation.print("numpy", { lang: "zh" }).includes("仅适用于这些形状: x (5×4)"));
	});

	test("a function that looks at values, or has sizes written in, says that it holds for these shapes only", () => {
		const looks = (v: Tensor) => (v.sum().item() === 0 ? v.sum() : v.square().mean());
		const written = (v: Tensor) => v.reshape([20]).square().mean();
		for (const f of [looks, written]) {
			const text = String(derive(f, { x }, { axes: { x: ["N", "D"] } }));
			assert.ok(text.includes(`# Given: x (5×4)\n# ${SENTENCES.en}\n`), text);
			assert.ok(text.includes(" / 20"), text);
		}
	});

	test("two counts that are one number where it is derived stay apart", () => {
		const square = random.normal(random.key(3), [5, 5]);
		const f = (v: Tensor) => v.mean(0).square().sum().add(v.mean(1).exp().sum());
		const text = String(derive(f, { x: square }, { axes: { x: ["N", "D"] } }));
		assert.ok(text.includes("/ N") && text.includes("/ D"), text);
		const gradients = (u: Tensor, v: Tensor) => u.sum().add(v.sum());
		const args = { p: { u: square, v: square.mul(2) } };
		const both = derive(({ u, v }: Record<"u" | "v", Tensor>) => gradients(u!, v!), args, {
			axes: { u: ["N", "D"], v: ["D", "N"] },
		});
		assert.ok(String(both).includes("grad_u = np.full((N, D), 1.0)"), String(both));
		assert.ok(String(both).includes("grad_v = np.full((D, N), 1.0)"), String(both));
	});

	test("of two names with one size an axis without a name takes the one that fits", () => {
		const d = derive(
			(w: Tensor, x: Tensor) => x.dot(w).square().sum(),
			{ w: ones([2]), x: ones([2, 2]) },
			{
				axes: { x: ["N", "D"] },
			},
		);
		assert.match(d.print("numpy"), "# Given: w (D), x (N×D)\n\n");
	});

	test("2/N is not taken for 1/H where H, the inner size of a product, happens to be N/2", () => {
		const f = (w: Tensor, input: Tensor) => input.dot(w).as("h").square().mean();
		const args = { w: random.normal(random.key(1), [4]), x: random.normal(random.key(2), [8, 4]) };
		const text = String(derive(f, args, { axes: { x: ["N", "H"] } }));
		assert.ok(text.includes("grad_h = 2.0 * h / N"), text);
	});

	test("the variable of a size is an identifier that nothing else has", () => {
		const f = (N: Tensor, input: Tensor) =>
			input.dot(N).square().mean().add(N.sum().div(input.shape[1]!));
		const args = { N: random.normal(random.key(1), [4]), x };
		const text = String(derive(f, args, { axes: { x: ["N", "class number"] } }));
		assert.ok(text.includes("\nN_2 = x.shape[0]\n"), text);
		assert.ok(text.includes("\nclass_number = N.shape[0]\n"), text);
	});

	test("the explanations name the sizes too", () => {
		const text = derive(meanOfSquares, { x }, { axes: { x: ["N", "D"] } }).print("markdown");
		assert.ok(text.includes("\\operatorname{mean}_{i,j}(\\mathrm{d}u)"), text);
		assert.ok(text.includes("\\frac{\\partial L}{\\partial u} = \\frac{1}{N \\cdot D}"), text);
		assert.ok(text.includes("```python\nN = x.shape[0]\nD = x.shape[1]\n```"), text);
		assert.not(/\b(20|00\.\d)\b/.test(text), text);
	});
});
