import * as assert from "uvu/assert";
import { checkText, derive, type ProgramForm } from "../../lib/derivation/index.ts";
import { mayCompile } from "../../lib/derivation/running/javascript.ts";
import {
	customGradient,
	DerivationError,
	elementwise,
	GradientError,
	random,
	relu,
	stopGradient,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { derivationOf, nets } from "./nets.ts";
import { hasNumPy, python } from "./python.ts";

const isThere = hasNumPy();
if (!isThere) console.log("derivation/verify: no python3 with NumPy here, so NumPy is not run");
const FORMS: readonly ProgramForm[] = isThere ? ["ts", "plain", "numpy"] : ["ts", "plain"];
const options = isThere ? { python } : {};

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** It has a factor, a sum over an axis, a sum of two terms and a mask. */
const loss = ({ w, b }: Record<"w" | "b", Tensor>, x: Tensor) => {
	const h = x.dot(w).add(b).as("h");
	return relu(h).as("r").square().sum().add(h.square().sum().mul(0.1));
};
const args = { params: { w: normal(1, [3, 2]), b: normal(2, [2]) }, x: normal(3, [4, 3]) };
const derivation = derive(loss, args);

/** What is found in the printed text with a part replaced. */
function changed(form: ProgramForm, from: string, to: string) {
	const text = derivation.print(form);
	assert.ok(text.includes(from), `${form}: ${from}\n${text}`);
	return checkText(text.replace(from, to), form, derivation, options);
}

suite("derivation/verify", (test) => {
	test("every line of each form is run and compared, gradients with differences", () => {
		for (const net of Object.values(nets)) {
			const each = derivationOf(net);
			const found = each.verify(options);
			assert.ok(found.ok);
			const lines = [...each.forward, ...each.backward].map(({ variable }) => variable);
			for (const form of found.ran) {
				const checks = found.checks.filter((check) => check.form === form);
				const checked = checks.map(({ variable }) => variable);
				assert.equal(
					lines.filter((name) => !checked.includes(name)),
					[],
				);
				for (const { variable, differences } of checks) {
					const line = each.backward.find((one) => one.variable === variable);
					assert.is(differences !== null, line !== undefined && line.gradientOf !== null);
				}
			}
		}
	});

	for (const form of FORMS) {
		test(`${form}: a slip in one line names that line and no other`, () => {
			const slips: Record<ProgramForm, [string, string, string][]> = {
				numpy: [
					["h = x.dot(w) + b", "h = x.dot(w)", "h"],
					["grad_b = grad_h.sum(axis=0)", "grad_b = grad_h.mean(axis=0)", "grad_b"],
					["grad_w = x.T.dot(grad_h)", "grad_w = -x.T.dot(grad_h)", "grad_w"],
					["grad_r = 2.0 * r", "grad_r = r", "grad_r"],
				],
				ts: [
					["h = x.dot(w).add(b)", "h = x.dot(w)", "h"],
					["grad_b = grad_h.sum(0)", "grad_b = grad_h.mean(0)", "grad_b"],
					["grad_w = x.T.dot(grad_h)", "grad_w = x.T.dot(grad_h).neg()", "grad_w"],
					["grad_r = mul(2, r)", "grad_r = r", "grad_r"],
				],
				plain: [
					["h[i * 2 + j] = t[i * 2 + j] + b[j]", "h[i * 2 + j] = t[i * 2 + j]", "h"],
					["grad_r[i] = 2 * r[i]", "grad_r[i] = r[i]", "grad_r"],
				],
			};
			for (const [from, to, variable] of slips[form]) {
				assert.equal(changed(form, from, to).wrong, [variable], `${form}: ${to}`);
			}
			assert.ok(checkText(derivation.print(form), form, derivation, options).ok);
		});
	}

	test("a derivative that the engine has wrong is found by differences of the printed lines", () => {
		const twisted = elementwise(1, {
			name: "twisted",
			formula: (x) => s.mul(x, s.mul(x, x)),
			partials: [(x: Tensor) => x.square().mul(2)],
			print: (x) => `${x}**3`,
		});
		const wrong = derive((x: Tensor) => twisted(x).as("y").sum(), { x: tensor([1, 2]) });
		for (const form of FORMS) {
			const run = () => wrong.verify({ ...options, forms: [form] });
			refuses(run, GradientError, `WRONG  grad_x  ${form}:  engine ± 0  differences ± 3`);
		}
	});

	test("only a mark in the text exempts a line from differences", () => {
		const wrong = customGradient(
			(v: Tensor) => v.square().sum(),
			(g: Tensor, _: Tensor, v: Tensor) => g.mul(v),
		);
		const f = (v: Tensor) => wrong(v).add(v.mul(stopGradient(v)).sum());
		const marked = derive(f, { x: tensor([1, 2, 3]) });
		assert.match(String(marked.verify()), /grad_x .* given by customGradient, not derived/);
		for (const form of ["ts", "plain"] as const) {
			const text = marked.print(form);
			assert.ok(checkText(text, form, marked).ok);
			const without = text.replace(/,? *(# )?given by customGradient, not derived/, "");
			assert.equal(checkText(without, form, marked).wrong, ["grad_x"]);
			assert.ok(checkText(marked.print(form, { lang: "zh" }), form, marked).ok);
		}
		const held = derive((v: Tensor) => v.mul(stopGradient(v)).sum(), { x: tensor([1, 2]) });
		const unheld = held.print("ts").replace(", held fixed: no gradient flows through it", "");
		assert.equal(checkText(unheld, "ts", held).wrong, ["grad_x"]);
	});

	test("a text that a person wrote is judged line by line", () => {
		const net = derivationOf(nets.twoLayers!);
		const byHand = [
			"h = x @ w1",
			"h_relu = np.maximum(h, 0)",
			"y_pred = h_relu @ w2",
			"difference = y_pred - y",
			"loss = (difference ** 2).sum()",
			"grad_difference = 2 * difference",
			"grad_y_pred = grad_difference",
			"grad_w2 = h_relu.T @ grad_y_pred",
			"grad_h_relu = grad_y_pred @ w2.T",
			"grad_h = grad_h_relu.copy()",
			"grad_h[h < 0] = 0",
			"grad_w1 = x.T @ grad_h",
		];
		if (isThere) {
			const check = (lines: readonly string[]) =>
				checkText(["import numpy as np", ...lines].join("\n"), "numpy", net, options);
			assert.ok(check(byHand).ok, String(check(byHand)));
			const { wrong } = check(byHand.with(5, "grad_difference = difference"));
			assert.is(wrong[0], "grad_difference");
			assert.equal(check(byHand.filter((line) => !line.includes("h < 0"))).wrong, ["grad_h"]);
			assert.equal(check(byHand.with(9, "grad_h = grad_h_relu.T")).wrong, ["grad_h"]);
			assert.equal(check(byHand.slice(0, -1)).wrong, ["grad_w1"]);
			assert.equal(check(byHand.with(11, "grad_w1 = x.T @ grad_g")).wrong, ["grad_w1"]);
		}
		const inTypeScript = [
			"const h = x.dot(w1)",
			"const h_relu = h.maximum(0)",
			"const y_pred = h_relu",
			"  .dot(w2)",
			"const loss = y_pred.sub(y).square().sum()",
			"const grad_y_pred = y_pred.sub(y).mul(2)",
			"const grad_w2 = h_relu.T.dot(grad_y_pred)",
			"const grad_h = grad_y_pred.dot(w2.T).mul(h.less(0).where(0, 1))",
			"const grad_w1 = x.T.dot(grad_h)",
		];
		const check = (lines: readonly string[]) => checkText(lines.join("\n"), "ts", net);
		assert.ok(check(inTypeScript).ok, String(check(inTypeScript)));
		const unmasked = inTypeScript.with(7, "const grad_h = grad_y_pred.dot(w2.T)");
		assert.equal(check(unmasked).wrong, ["grad_h"]);
	});

	test("a form that may not or cannot run is said not to have run, and is not ok", () => {
		const { Function: own } = globalThis;
		globalThis.Function = new Proxy(own, {
			construct: () => {
				throw new EvalError("Refused to evaluate a string as JavaScript");
			},
		});
		try {
			assert.not(mayCompile());
			const found = derivation.verify();
			assert.not(found.ok);
			assert.equal(found.checks, []);
			assert.match(String(found), "not run: ts, a policy forbids to make code from text");
		} finally {
			globalThis.Function = own;
		}
		assert.match(
			String(derivation.verify({ forms: ["numpy"] })),
			"not run: numpy, there is no python",
		);
		const determinant = derive((x: Tensor) => x.determinant(), { x: normal(1, [2, 2]) });
		const found = determinant.verify();
		assert.ok(found.ok);
		if (!found.ran.includes("plain")) assert.match(String(found), "not run: plain, ");
		refuses(
			() => derivation.verify({ forms: ["latex" as never] }),
			DerivationError,
			"numpy, ts, plain",
		);
	});

	test("where kinks meet and at ties no line is called wrong", () => {
		const zeros = tensor([0, -1, 0, 2]);
		const abs = (w: Tensor) => w.relu().sub(w.neg().relu()).as("d").square().sum();
		derive(abs, { w: zeros }).verify(options);
		const straight = (w: Tensor) => w.mul(1).as("h").relu().sub(w.neg().relu()).sum();
		derive(straight, { w: zeros }).verify(options);
		const tied = (w: Tensor) => w.as("h").max().add(w.relu().sum());
		derive(tied, { w: tensor([1, 1, 0]) }).verify(options);
	});

	test("at a kink elements are moved by themselves, and a wrong one is still found", () => {
		const f = (w: Tensor) =>
			w
				.as("h")
				.relu()
				.mul(tensor([1, 2, 3]))
				.sum();
		const at = derive(f, { w: tensor([0, 1, 2]) });
		assert.match(String(at.verify()), /grad_w .* differences agree at 2 of 3 elements/);
	});

	test("float32 is judged by what float32 can tell", () => {
		const w = normal(4, [3, 2]).astype("float32");
		const x = normal(5, [4, 3]).astype("float32");
		derive((v: Tensor, y: Tensor) => y.dot(v).tanh().as("h").square().sum(), { w, x }).verify(
			options,
		);
	});
});
