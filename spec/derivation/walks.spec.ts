import * as assert from "uvu/assert";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { random, type Tensor, zeros } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { linesOf } from "./lines.ts";
import { hasNumPy, python } from "./python.ts";

const isThere = hasNumPy();
if (!isThere) console.log("derivation/walks: no python3 with NumPy here, so NumPy is not run");

const x = random.normal(random.key(1), [4, 3]);

/** A recurrence over what it is given at each place. */
const over = (parts: readonly Tensor[]) => {
	let h = zeros(parts[0]!.shape);
	for (const part of parts) h = h.mul(0.5).add(part.square()).tanh();
	return h.sum();
};

/** The lines that give the gradient of x, by the number of the slice in place of its gradient. */
function gradient(derivation: Derivation): string[] {
	const { ok } = derivation.verify(isThere ? { python } : {});
	assert.ok(ok);
	const lines = linesOf(derivation.backward).filter((line) => line.startsWith("grad_x"));
	return lines.map((line) => line.replaceAll(/grad_slice(\d)/g, "g$1"));
}

suite("derivation/walks", (test) => {
	test("all rows are put together", () => {
		assert.equal(gradient(derive((x: Tensor) => over(x.unstack()), { x })), [
			"grad_x = np.stack((g1, g2, g3, g4,), axis=0)",
		]);
	});

	const three = ["grad_x = np.zeros((4, 3))", "grad_x[0] = g1", "grad_x[1] = g2", "grad_x[2] = g3"];

	test("some rows are put among zeros", () => {
		const f = (x: Tensor) => over([0, 1, 2].map((t) => x.slice(t)));
		assert.equal(gradient(derive(f, { x })), three);
	});

	test("rows of views are put into what they are views of", () => {
		const f = (x: Tensor) => over([0, 1, 2].map((t) => x.T.slice(null, t)));
		assert.equal(gradient(derive(f, { x })), three);
	});

	test("so are those of a list that gets shorter", () => {
		const f = (x: Tensor) => {
			const [first, rest] = [x.slice(0), x.slice([1, null])];
			return over([first, rest.slice(0), rest.slice([1, null]).slice(0)]);
		};
		const lines = gradient(derive(f, { x })).map((line) => line.replace(/g\d/, "g"));
		assert.equal(
			lines,
			three.map((line) => line.replace(/g\d/, "g")),
		);
	});

	test("rows that meet are added", () => {
		const f = (x: Tensor) => over([0, 1].map((t) => x.slice([t, t + 3])));
		assert.equal(gradient(derive(f, { x })), [
			"grad_x = np.zeros((4, 3))",
			"grad_x[1:] += g2",
			"grad_x[:3] += g1",
		]);
	});

	test("LaTeX and MathML say where each part goes", () => {
		const f = (x: Tensor) => over([0, 1].map((t) => x.slice([t, t + 3])));
		const text = derive(f, { x }).print("latex");
		assert.match(text, /\\operatorname\{addSlices\}\(\S+ .*\\to \[1:\], .*\\to \[:3\]\)/);
		assert.match(derive(f, { x }).print("html"), /→/);
	});
});
