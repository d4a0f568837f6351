import * as assert from "uvu/assert";
import { explain } from "../../../lib/derivation/explanations/explain.ts";
import { pathTo } from "../../../lib/derivation/explanations/path.ts";
import { type Derivation, derive } from "../../../lib/derivation/index.ts";
import { grad, random, type Tensor, zeros } from "../../../lib/index.ts";
import { mathml } from "../../../lib/notation/mathml.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { derivationOf, nets } from "../nets.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

type Tensors = Record<string, Tensor>;

const gate = derive(
	({ w, u, b }: Tensors, x: Tensor, h: Tensor) => {
		const z = x.dot(w!).add(h.dot(u!)).add(b!).sigmoid().as("z");
		return z.mul(x.dot(w!).tanh()).sum();
	},
	{
		params: { w: normal(1, 3, 4), u: normal(2, 4, 4), b: normal(3, 4) },
		x: normal(4, 2, 3),
		h: normal(5, 2, 4),
	},
);

const recurrent = derive(
	({ w, u, b }: Tensors, ...xs: Tensor[]) =>
		xs
			.reduce((h, x) => x.dot(w!).add(h.dot(u!)).add(b!).tanh(), normal(9, 2, 4))
			.square()
			.sum(),
	[
		{ w: normal(1, 3, 4), u: normal(2, 4, 4), b: normal(3, 4) },
		...[4, 5, 6].map((seed) => normal(seed, 2, 3)),
	],
	{ names: ["", "x", "y", "z"] },
);

const all: Record<string, Derivation> = {
	...Object.fromEntries(Object.entries(nets).map(([name, net]) => [name, derivationOf(net)])),
	gate,
	recurrent,
};

const known = new Map<string, Map<string, string>>();

/** What is told of each backward line, in order. */
function told(derivation: Derivation, lang: "en" | "zh" = "en"): Map<string, string> {
	const key = lang + Object.values(all).indexOf(derivation);
	const before = known.get(key);
	if (before !== undefined && !key.includes("-")) return before;
	const explanations = explain(derivation, lang);
	const texts = new Map(
		derivation.backward.map((line) => [
			line.variable,
			explanations.get(line)!.paragraphs.join("\n"),
		]),
	);
	known.set(key, texts);
	return texts;
}

function toldOf(f: (...args: never[]) => Tensor, args: object, variable: string, options = {}) {
	return told(derive(f as never, args as never, options)).get(variable)!;
}

suite("derivation/explanations/words", (test) => {
	test("nothing is 'as before' that was not told before, in what is printed", () => {
		assert.ok(!told(gate).values().next().value!.includes("As before"));
		for (const { variable } of gate.backward) {
			const alone = gate.print("markdown", { lines: [variable] });
			// By itself a line says "as before" only after it has told a rule.
			assert.ok(!alone.includes("As before") || alone.includes("held fixed"), alone);
		}
		const lines = ["grad_w1", "grad_w2"];
		const text = all.twoLayers!.print("markdown", { lines });
		assert.ok(text.indexOf("Why the transpose?") < text.indexOf("As before"), text);
		assert.is(text.split("Why the transpose?").length, 2);
	});

	test("the derivative of sigmoid, tanh and softmax is derived where it first occurs", () => {
		const text = [...told(gate).values()].join("\n");
		assert.is(text.split("\\frac{\\exp(-").length > 1, true, text);
		assert.is(text.split("By the quotient rule").length, 2, text);
		const attention = [...told(all.attention!).values()].join("\n");
		assert.ok(attention.includes("This map is its own transpose"), attention);
		assert.is(attention.split("\\log \\sum \\exp(").length > 1, true);
		const classifier = [...told(all.classifier!, "zh").values()].join("\n");
		assert.ok(classifier.includes("合并同类项"), classifier);
	});

	test("a term is the gradient of a part, by its value, and says how many lines use it", () => {
		for (const [name, derivation] of Object.entries(all)) {
			const values = derivation.values();
			const texts = told(derivation);
			for (const line of derivation.backward.filter(({ reason }) => reason.kind === "term")) {
				const uses = derivation.backward.filter(({ expression }) =>
					JSON.stringify(expression, (key, x) => (key === "value" ? undefined : x)).includes(
						`"${line.variable}"`,
					),
				).length;
				const count = ["no", "one line", "two lines", "three lines", "four lines"][uses]!;
				assert.ok(texts.get(line.variable)!.includes(count), `${name} ${line.variable}`);
				assert.ok(values.get(line.value) !== undefined);
			}
		}
		const reason = gate.backward.find(({ variable }) => variable === "term1")!.reason;
		assert.is(reason.kind, "term");
		assert.is.not(reason.kind === "term" && reason.of, null);
		assert.match(
			told(gate).get("grad_u")!,
			/known from an earlier line: it is \$\\mathrm\{term\}_\{1\}\$/,
		);
	});

	test("a term is what the engine has for the gradient of that part", () => {
		const loss = ({ w, b }: Tensors, x: Tensor, part: Tensor) =>
			x.dot(w!).add(b!).add(part).sigmoid().square().sum();
		const [params, x] = [{ w: normal(1, 3, 4), b: normal(3, 4) }, normal(4, 2, 3)];
		const zero = zeros([2, 4]);
		const derivation = derive((p: Tensors, x: Tensor) => loss(p, x, zeros([])), { params, x });
		const term = derivation.backward.find(({ reason }) => reason.kind === "term")!;
		const expected = grad((part: Tensor) => loss(params, x, part))(zero);
		near(derivation.values().get(term.value)!, expected, 1e-12);
	});

	test("what a line uses of the lines above is spoken of", () => {
		for (const [name, derivation] of Object.entries(all)) {
			const texts = told(derivation);
			const own = derivation.backward.map(({ variable }) => variable);
			for (const term of own.filter((variable) => variable.startsWith("term"))) {
				const symbol = `\\mathrm{term}_{${term.slice(4)}}`;
				for (const [variable, text] of texts) {
					const paragraphs = text.split("\n");
					const last = paragraphs.findIndex((each) => each.startsWith("By the chain rule"));
					if (last < 0 || !paragraphs[last]!.includes(symbol)) continue;
					const others = paragraphs.filter((_, i) => i !== last).join("\n");
					assert.ok(others.includes(symbol), `${name} ${variable}: ${text}`);
				}
			}
		}
	});

	test("several steps are put together by the chain rule, which is called by its name", () => {
		for (const [lang, name] of [
			["en", "By the chain rule"],
			["zh", "由链式法则"],
		] as const) {
			for (const derivation of Object.values(all)) {
				for (const text of told(derivation, lang).values()) {
					const steps = text.match(/\\mathrm\{d\}[^$]* = /g)?.length ?? 0;
					if (steps > 1) assert.ok(text.includes(name), text);
				}
			}
		}
	});

	test("shapes fit in one order only where they do", () => {
		const only = "The shapes fit in this order only";
		const product = ({ w }: Tensors, x: Tensor) => x.dot(w!).square().sum();
		const at = (x: number[], w: number[]) =>
			toldOf(product as never, { p: { w: normal(1, ...w) }, x: normal(2, ...x) }, "grad_w");
		assert.ok(at([5, 4], [4, 3]).includes(only));
		assert.ok(!at([3, 3], [3, 3]).includes(only));
		assert.ok(!at([2, 4], [4, 4]).includes(only));
		assert.ok(!at([3, 3], [3, 5]).includes(only));
	});

	test("vectors are multiplied in the words of vectors", () => {
		const dot = toldOf(
			((a: Tensor, b: Tensor) => a.dot(b).square()) as never,
			{ a: normal(1, 3), b: normal(2, 3) },
			"grad_a",
		);
		assert.ok(dot.includes("product of two vectors"), dot);
		const matrix = toldOf(
			((A: Tensor, x: Tensor) => A.dot(x).square().sum()) as never,
			{ A: normal(1, 3, 4), x: normal(2, 4) },
			"grad_A",
		);
		assert.ok(matrix.includes("outer product"), matrix);
		for (const text of [dot, matrix]) assert.ok(!text.includes("the transpose of"), text);
	});

	test("helpers have letters of their own, a few by themselves and many by index", () => {
		const many = told(recurrent).get("grad_u")!;
		assert.match(many, /v_\{1\} = /);
		assert.not.match(many, /with \$[uUwWbdL] = /);
		const f = ({ u, v }: Tensors, d: Tensor) => u!.mul(v!).sub(d).square().exp().as("s").sum();
		const text = toldOf(
			f as never,
			{ p: { u: normal(1, 2), v: normal(2, 2) }, d: normal(3, 2) },
			"grad_u",
			{
				axes: { d: ["t"] },
			},
		);
		assert.not.match(text, /\$(u|v|s|t|d)(_\{\d+\})? = /, text);
		assert.match(text, /r_\{1\} = /);
		const own = toldOf(((d: Tensor) => d.square().sum()) as never, { d: normal(1, 3) }, "grad_d");
		assert.ok(own.includes("\\mathrm{d}\\;d"), own);
	});

	test("a gradient of several shares is never said to be one of them", () => {
		for (const [name, derivation] of Object.entries(all)) {
			for (const [variable, text] of told(derivation)) {
				const told = new Map<string, string>();
				const equations = text.matchAll(
					/\$(\\frac\{\\partial L\}\{\\partial [^=$]*\}) = ([^$]*)\$/g,
				);
				for (const [, left, right] of equations) {
					if (/\\partial [xw y]_\{/.test(left!)) continue;
					const before = told.get(left!);
					const isSum =
						right!.includes("\\right)_{") || text.includes(`together give $${left} = ${right}$`);
					assert.ok(
						before === undefined || before === right || isSum,
						`${name} ${variable}: ${left}\n${text}`,
					);
					if (!isSum) told.set(left!, right!);
				}
			}
		}
		assert.match(
			told(recurrent).get("grad_w")!,
			"\\left(\\frac{\\partial L}{\\partial w}\\right)_{2} = ",
		);
	});

	test("what is only added up in a row is one step", () => {
		const { reason } = gate.backward.find(({ variable }) => variable === "grad_u")!;
		const steps = reason.kind === "gradient" ? reason.steps : [];
		const of = gate.arguments.find(({ name }) => name === "u")!.value;
		const path = pathTo(of, steps, () => false);
		assert.ok(path.length < steps.length);
	});

	test("shapes without names are sizes in every form of mathematics", () => {
		const derivation = derive((x: Tensor) => x.square().sum(), { x: normal(1, 3, 4) });
		assert.match(derivation.print("latex"), "3 \\times 4");
		assert.match(derivation.print("markdown"), "(3 \\times 4)");
		const html = derivation.print("html");
		assert.ok(html.includes(mathml("3 \\times 4")), "html");
		for (const form of ["latex", "markdown"] as const) {
			assert.not.match(derivation.print(form), /_\{[34]\}/);
		}
	});
});
