import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import { explain } from "../../../lib/derivation/explanations/explain.ts";
import { derive, type Form } from "../../../lib/derivation/index.ts";
import {
	checkpoint,
	customGradient,
	grad,
	random,
	stopGradient,
	type Tensor,
} from "../../../lib/index.ts";
import { near, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const x = normal(1, [3]);

/** The sum of squares, without the factor 2. */
const wrong = customGradient(
	(v: Tensor) => v.square().sum(),
	(g: Tensor, _: Tensor, v: Tensor) => g.mul(v),
);
const right = customGradient(
	(v: Tensor) => v.square().sum(),
	(g: Tensor, _: Tensor, v: Tensor) => g.mul(v).mul(2),
);
const times = (factor: number) =>
	customGradient(
		(v: Tensor) => v,
		(g: Tensor) => g.mul(factor),
	);

/** The lines of the program in NumPy. */
const printed = (f: (v: Tensor) => Tensor) =>
	derive(f, { x })
		.print("numpy")
		.split("\n")
		.filter((line) => line.includes(" = "));

suite("derivation/printers/by-hand", (test) => {
	test("sizes are found in a program with a derivative fixed by hand as in any other", () => {
		const f = (v: Tensor) => right(v).add(v.mean());
		const text = derive(f, { x }, { axes: { x: ["N"] } }).print("numpy");
		assert.match(text, "/ N");
		assert.not.match(text, "Holds for these shapes only");
	});

	test("what is stopped has a line that says so, and is held fixed for the differences", () => {
		const f = (v: Tensor) => v.mul(stopGradient(v)).sum();
		assert.equal(printed(f), [
			"stopGradient1 = x  # held fixed: no gradient flows through it",
			"loss = (x * stopGradient1).sum()",
			"grad_x = stopGradient1",
		]);
		assert.match(String(derive(f, { x }).verify()), /grad_x +engine ± 0 +differences agree/);
		const named = (v: Tensor) => v.mul(stopGradient(v.exp()).as("target")).sum();
		assert.equal(printed(named), [
			"target = np.exp(x)  # held fixed: no gradient flows through it",
			"loss = (x * target).sum()",
			"grad_x = target",
		]);
		derive(named, { x }).verify();
	});

	test("rounding with the gradient passed straight through is printed and holds", () => {
		const f = (v: Tensor) =>
			v
				.add(stopGradient(v.round().sub(v)))
				.as("q")
				.square()
				.sum();
		assert.equal(printed(f), [
			"stopGradient1 = np.round(x) - x  # held fixed: no gradient flows through it",
			"q = x + stopGradient1",
			"loss = np.square(q).sum()",
			"grad_q = 2.0 * q",
			"grad_x = grad_q",
		]);
		derive(f, { x }).verify();
	});

	test("a gradient that was given is marked, where it is given and where it is taken", () => {
		assert.equal(
			printed((v) => wrong(v)),
			[
				"loss = np.square(x).sum()  # its derivative is given by customGradient",
				"grad_x = x  # given by customGradient, not derived",
			],
		);
		assert.match(
			String(derive((v: Tensor) => wrong(v.tanh().as("h")), { x }).verify()),
			/grad_h .* given by customGradient, not derived/,
		);
		assert.match(
			String(derive((v: Tensor) => right(v), { x }).verify()),
			/grad_x +engine ± 0 +given by customGradient, not derived/,
		);
	});

	test("only gradients that a given one touches are let off", () => {
		const f = (v: Tensor) => wrong(v.tanh().as("h")).as("s").exp().mul(stopGradient(v).sum());
		const table = String(derive(f, { x }).verify());
		assert.match(table, /grad_s .* differences agree/);
		assert.match(table, /grad_h .* given by customGradient/);
		const after = (v: Tensor) => stopGradient(wrong(v)).mul(v.sum().square());
		assert.match(String(derive(after, { x }).verify()), /grad_x .* differences agree/);
		const before = (v: Tensor) => wrong(stopGradient(v)).mul(v.sum().square());
		assert.match(String(derive(before, { x }).verify()), /grad_x .* differences agree/);
	});

	test("equal values with different given gradients stay apart", () => {
		const f = (v: Tensor) => times(2)(v).mul(times(3)(v)).add(v.mul(v)).sum();
		const derivation = derive(f, { x });
		assert.is(derivation.forward.length, 3);
		assert.match(String(derivation.verify()), /grad_x +engine ± [\d.e-]+ +given by customGradient/);
		near(grad(f)(x), x.mul(7));
	});

	test("every form says it, in both languages", () => {
		const f = (v: Tensor) => wrong(v.mul(stopGradient(v))).mul(2);
		const derivation = derive(f, { x });
		const marks = {
			en: [
				"held fixed: no gradient flows through it",
				"its derivative is given by customGradient",
				"given by customGradient, not derived",
			],
			zh: [
				"视为常数：梯度不流过此值",
				"其导数由 customGradient 给定",
				"由 customGradient 给定，并非推导而来",
			],
		};
		for (const form of ["numpy", "ts", "plain", "latex", "markdown", "html"] as Form[]) {
			for (const lang of ["en", "zh"] as const) {
				const text = derivation.print(form, { lang });
				for (const mark of marks[lang]) assert.ok(text.includes(mark), `${form}: ${mark}`);
			}
		}
		const diff = derivation.diff(derive((v: Tensor) => v.square().sum(), { x }));
		assert.ok(String(diff).includes(marks.en[0]!));
	});

	test("the reason of a line does not take a function with its own gradient for the op that ends it", () => {
		const told = (f: (v: Record<"a" | "b", Tensor>) => Tensor, variable: string) => {
			const derivation = derive(f, { args: { a: x, b: normal(2, [3]) } });
			derivation.print("html");
			derivation.verify();
			const line = derivation.backward.find((each) => each.variable === variable)!;
			return explain(derivation, "en").get(line)!.paragraphs.join("\n");
		};
		const given = told(({ a, b }) => wrong(a).mul(b.sum()), "grad_a");
		assert.ok(given.includes("the gradient that was given with it"), given);
		assert.ok(!given.includes("passes through as it is"), given);
	});

	test("a function in checkpoint is derived as it is, and what it gives has the gradient of all uses", () => {
		const f = (v: Tensor) => {
			const u = v.sin().div(v.square().sum().add(1)).as("u");
			return [u, u.div(u.square().sum().add(1)).as("v")] as const;
		};
		const loss = (pair: readonly [Tensor, Tensor]) =>
			pair[0].square().sum().add(pair[1].exp().sum());
		const saved = derive((v: Tensor) => loss(checkpoint(f)(v)), { x });
		saved.verify();
		assert.is(saved.print("numpy"), derive((v: Tensor) => loss(f(v)), { x }).print("numpy"));
	});

	test("compiled, neither leaves a trace", () => {
		const f = grad((v: Tensor) => v.mul(stopGradient(v)).sum().add(wrong(v)));
		const compiled = compile(f);
		same(compiled(x), f(x));
		assert.not.match(String(compiled.explain(x)), /stopGradient|customGradient|evaluation/);
	});
});
