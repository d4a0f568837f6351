import * as assert from "uvu/assert";
import { checkText, derive, type ProgramForm } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { hasNumPy, python } from "./python.ts";

const options = hasNumPy() ? { python } : {};
const FORMS: readonly ProgramForm[] = hasNumPy() ? ["ts", "numpy"] : ["ts"];
const normal = (seed: number, ...shape: number[]) => a.random.normal(a.random.key(seed), shape);

type Net = Record<"W" | "U" | "b", a.Tensor>;
const rnn = ({ W, U, b }: Net, x: a.Tensor, h0: a.Tensor) => {
	const step = (h: a.Tensor, x: a.Tensor) => {
		const next = x.dot(W).add(h.dot(U)).add(b).as("z").tanh().as("h");
		return [next, next] as const;
	};
	return a.scan(step, h0, x)[1].square().mean();
};
const derivation = derive(
	rnn,
	{
		net: { W: normal(1, 3, 5), U: normal(2, 5, 5), b: normal(3, 5) },
		...{ x: normal(4, 4, 2, 3), h0: normal(5, 2, 5) },
	},
	{ axes: { W: ["D", "H"], U: ["H", "H"], x: ["T", "B", "D"] } },
);

/** What is found in the printed text with a part replaced. */
function changed(form: ProgramForm, from: string, to: string) {
	const text = derivation.print(form);
	assert.ok(text.includes(from), `${form}: ${from}\n${text}`);
	return checkText(text.replace(from, to), form, derivation, options);
}

suite("derivation/verify: lines in loops", (test) => {
	test("each line of a loop is run and compared, what it stores among them", () => {
		const found = derivation.verify({ ...options, forms: FORMS });
		const names = [...new Set(found.checks.map(({ variable }) => variable))];
		const lines = [...derivation.forward, ...derivation.backward];
		for (const { variable } of lines) assert.ok(names.includes(variable), variable);
	});

	test("a wrong line in a loop is named with its text and its step, and no other line is", () => {
		const slips: Record<string, [string, string, string][]> = {
			ts: [
				["z.tanh()", "z.sin()", "h"],
				["let h = h0", "let h = h0.neg()", "h"],
				["hs_in_each[t] = h", "hs_in_each[t] = z", "hs_in"],
				["grad_h.add(grad_hs.slice(t))", "grad_hs.slice(t)", "grad_h"],
				["grad_W.add(x.slice(t).T", "grad_W.sub(x.slice(t).T", "grad_W"],
				["grad_z.dot(U.T)", "grad_z.dot(U)", "grad_h"],
			],
			numpy: [
				["+ h.dot(U)", "- h.dot(U)", "z"],
				["hs[t] = h", "hs[t - 1] = h", "hs"],
				["* (1 - np.square(hs[t]))", "* (1 - np.square(hs_in[t]))", "grad_z"],
				["grad_W += x[t].T", "grad_W += x[t - 1].T", "grad_W"],
				["grad_U += ", "grad_U = ", "grad_U"],
				["grad_b += grad_z", "grad_b += -grad_z", "grad_b"],
				["grad_h = grad_z.dot(U.T)", "grad_h = grad_z.dot(U)", "grad_h"],
			],
		};
		for (const form of FORMS) {
			for (const [from, to, variable] of slips[form]!) {
				const found = changed(form, from, to);
				assert.equal(found.wrong, [variable], `${form}: ${to}\n${found}`);
				const { problem } = found.checks.find(({ ok }) => !ok)!;
				const place =
					variable === "h" && from.startsWith("let") ? "before the loop" : /, at t = \d/;
				assert.match(problem!, place);
				assert.ok(problem!.includes(to), problem!);
			}
		}
	});

	test("a loop that takes other steps is named by what it leaves behind", () => {
		assert.ok(changed("ts", "t = 0; t < T", "t = 0; t < T - 1").wrong.includes("hs"));
		assert.ok(changed("ts", "let t = T - 1", "let t = T - 2").wrong.includes("grad_W"));
	});

	test("a loop that a person wrote is judged by the lines that it shares", () => {
		if (!hasNumPy()) return;
		const byHand = [
			"import numpy as np",
			"state = h0",
			"hs = np.zeros((4, 2, 5))",
			"for i in range(4):",
			"    state = np.tanh(x[i] @ W + state @ U + b)",
			"    hs[i] = state",
			"loss = np.mean(hs ** 2)",
			"grad_hs = 2 * hs / hs.size",
			"grad_h = 0",
			"grad_W, grad_U, grad_b = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)",
			"for i in reversed(range(4)):",
			"    before = hs[i - 1] if i > 0 else h0",
			"    grad_z = (grad_h + grad_hs[i]) * (1 - hs[i] ** 2)",
			"    grad_W += x[i].T @ grad_z",
			"    grad_U += before.T @ grad_z",
			"    grad_b += grad_z.sum(axis=0)",
			"    grad_h = grad_z @ U.T",
		];
		const check = (lines: readonly string[]) =>
			checkText(lines.join("\n"), "numpy", derivation, options);
		assert.ok(check(byHand).ok, String(check(byHand)));
		const slip = "    grad_z = (grad_h + grad_hs[i]) * (1 - hs[i])";
		assert.equal(check(byHand.with(12, slip)).wrong, ["grad_z"]);
		assert.equal(check(byHand.with(16, "    grad_h = grad_z @ U")).wrong, ["grad_h"]);
		assert.equal(check(byHand.with(14, "    grad_U += hs[i].T @ grad_z")).wrong, ["grad_U"]);
	});
});
