import * as assert from "uvu/assert";
import { checkText, type Derivation, derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { axes, gated } from "./gated.ts";
import { hasNumPy, python } from "./python.ts";

const series = (...shape: number[]) => {
	const size = shape.reduce((x, y) => x * y, 1);
	const values = Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i + shape.length) / 2);
	return a.reshape(a.tensor(values), shape);
};

/** Which lines are wrong, and where, in the printed text with a part replaced. */
const wrongIn = (derived: Derivation, form: "numpy" | "ts", from: string, to: string) => {
	const text = derived.print(form);
	assert.ok(text.includes(from), `${form}: ${from}\n${text}`);
	const { checks } = checkText(text.replace(from, to), form, derived, { python });
	return checks.filter(({ ok }) => !ok).map(({ variable, problem }) => [variable, problem!]);
};

suite("derivation/verify: lines in branches", (test) => {
	test("each line of the branch that is taken is judged by itself, and lines of the other are not", () => {
		const sides = [1, -1].map((sign) => {
			return derive(gated, { w: series(3).mul(sign), x: series(5, 3) }, { axes });
		}) as [Derivation, Derivation];
		const slips = {
			ts: [
				["z.square()", "z.tanh()", "y"],
				["const z_2 = h.mul(sum1).tanh()", "const z_2 = h.mul(sum1).sin()", "z_2"],
				["grad_h = div1.mul(sum1)", "grad_h = div1", "grad_h"],
			],
			numpy: [
				["z = np.tanh(h * w.sum())", "z = np.sin(h * w.sum())", "z"],
				["grad_h = div1 * sum1", "grad_h = div1", "grad_h"],
			],
		} as const;
		const other = { ts: "h.exp().mul(3)", numpy: "np.exp(h) * 3" };
		for (const form of hasNumPy() ? (["ts", "numpy"] as const) : (["ts"] as const)) {
			for (const [from, to, variable] of slips[form]) {
				const found = wrongIn(sides[0], form, from, to);
				assert.equal(
					found.map(([name]) => name),
					[variable],
				);
				assert.ok(
					found[0]![1]!.includes(`${to}`) && found[0]![1]!.includes(", in the branch taken: "),
				);
				assert.equal(wrongIn(sides[1], form, from, to), []);
			}
			assert.equal(wrongIn(sides[0], form, other[form], "h"), []);
			assert.equal(wrongIn(sides[1], form, other[form], "h")[0]![0], "y");
		}
	});

	test("a text that asks otherwise is judged by what its choice gives", () => {
		const derived = derive(gated, { w: series(3), x: series(5, 3) }, { axes });
		const [first, second] = ["z = h.mul(w.sum()).tanh(); y = z.square();", "y = h.exp().mul(3);"];
		const text = (test: string, right = first) =>
			derived
				.print("ts")
				.replace(
					/if \(test[^{]*\{[^}]*\} else \{[^}]*\}/,
					`let z; if (${test}) { ${second} } else { ${right} }`,
				);
		assert.ok(checkText(text("!test.item()"), "ts", derived).ok);
		assert.equal(checkText(text("test.item()"), "ts", derived).wrong, ["y"]);
		assert.equal(checkText(text("!test.item()", "y = h;"), "ts", derived).wrong, ["y"]);
	});

	test("the cost of a choice is that of its dearest branch; the test is kept for the way back", () => {
		const cost = derive(gated, { w: series(3), x: series(5, 3) }, { axes }).cost();
		const flops = (pass: string, taken: boolean | null) =>
			cost.lines
				.filter((line) => line.pass === pass && line.isConditional === (taken !== null))
				.map((line) => line.flops);
		assert.equal(flops("forward", true), [13, 5, 10]);
		assert.is(cost.flops, 30 + 6 + 5 + 33 + (13 + 5) + (3 + 10 + 25 + 10 + 5));
		assert.is(cost.keptBytes, 5 * 8 + 1);
		assert.match(String(cost), /^test .* kept for term1, grad_h$/m);
		assert.match(String(cost), /^z .* if taken$/m);
	});

	test("what changes in a branch is told in its place", () => {
		const args = { w: series(3), x: series(5, 3) };
		const once = (w: a.Tensor, x: a.Tensor) => {
			const h = x.dot(w).as("h");
			const open = (h: a.Tensor) => h.mul(w.sum()).sin().as("z").square();
			return a
				.cond(h.sum().greater(0), open, (h) => h.exp().mul(3), h)
				.as("y")
				.mean();
		};
		const { forward } = derive(gated, args).diff(derive(once, args));
		assert.equal(
			forward.map(({ kind, text }) => `${{ same: " ", removed: "-", added: "+" }[kind]}${text}`),
			[
				" h = x.dot(w)",
				" test = h.sum() > 0",
				" if test:",
				"-    z = np.tanh(h * w.sum())",
				"+    z = np.sin(h * w.sum())",
				"     y = np.square(z)",
				" else:",
				"     y = np.exp(h) * 3",
				" loss = y.mean()",
			],
		);
	});

	test("a wrong line of a branch in a loop is named with its step", () => {
		const f = (w: a.Tensor, x: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => {
				const z = x.mul(w).add(h).as("z");
				const up = (z: a.Tensor) => z.mul(w).tanh().as("u").exp();
				const next = a.cond(z.sum().less(0), up, (z) => z.sub(1), z).as("h");
				return [next, next] as const;
			};
			return a
				.scan(step, a.zeros([3]), x)[1]
				.square()
				.mean();
		};
		const derived = derive(f, { w: series(3), x: series(5, 3).sub(0.1) });
		const slips = {
			ts: [["z.sub(1)", "z.sub(2)", "h_2"]],
			numpy: [
				["u = np.tanh(z * w)", "u = np.sin(z * w)", "u"],
				["h_2 = z - 1", "h_2 = z", "h_2"],
				["tests[t]:", "tests[t - 1]:", "grad_w"],
			],
		} as const;
		for (const form of hasNumPy() ? (["ts", "numpy"] as const) : (["ts"] as const)) {
			for (const [from, to, variable] of slips[form]) {
				const found = wrongIn(derived, form, from, to);
				assert.ok(
					found.some(([name]) => name === variable),
					JSON.stringify(found),
				);
				if (to.includes("=")) assert.match(found[0]![1]!, /, at t = \d: /);
			}
		}
	});

	test("what is held fixed in a branch or in a loop is no false alarm", () => {
		const inBranch = (w: a.Tensor) => {
			const wave = (w: a.Tensor) => a.stopGradient(w.sin()).mul(w);
			return a.cond(w.sum().greater(0), wave, (w) => w, w).sum();
		};
		const inLoop = (w: a.Tensor) =>
			a.fori(0, 2, (h: a.Tensor) => h.mul(a.stopGradient(w.sin())).tanh(), w).sum();
		for (const sign of [1, -1]) {
			for (const f of [inBranch, inLoop]) {
				const { ok } = derive(f, { w: series(3).mul(sign) }).verify(hasNumPy() ? { python } : {});
				assert.ok(ok);
			}
		}
	});
});
