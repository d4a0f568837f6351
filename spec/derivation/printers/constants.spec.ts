import * as assert from "uvu/assert";
import { elements } from "../../../lib/core/strided.ts";
import { type Derivation, derive, type Form } from "../../../lib/derivation/index.ts";
import * as adjoint from "../../../lib/index.ts";
import { random, type Tensor, tensor, valueAndGrad } from "../../../lib/index.ts";
import { constantForm } from "../../../lib/program/constants.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { asArray, hasNumPy, runPython } from "../python.ts";
import { runPrinted } from "../run-printed.ts";

const { eye, ones, tril, triu } = adjoint;
const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const isThere = hasNumPy();
if (!isThere)
	console.log("derivation/printers/constants: no python3 with NumPy here, so NumPy is not run");

/**
 * Checks that each printed program runs as it stands, with the argument x and, if there are any,
 * these constants.
 */
function runs(
	f: (x: Tensor) => Tensor,
	x: Tensor,
	passed: Record<string, Tensor> = {},
): Derivation {
	const derivation = derive(f, { x });
	derivation.verify();
	const [, expected] = valueAndGrad(f)(x);
	const given = new Map(Object.entries({ x, ...passed }));
	near(runPrinted(derivation.print("ts"), given).grad_x as Tensor, expected);
	const arrays = new Map([...given].map(([key, value]) => [key, elements(value)]));
	const plain = runPrinted(derivation.print("plain"), arrays).grad_x as Float64Array;
	near([...plain], [...elements(expected)]);
	if (isThere) {
		const lines = [...given].map(([key, each]) => `${key} = ${asArray(each)}`);
		const program = ["import numpy as np", ...lines, derivation.print("numpy")].join("\n");
		const found = runPython(program, ["grad_x"]).get("grad_x")!;
		near(tensor(found.elements).reshape(found.shape), expected);
	}
	for (const form of ["latex", "markdown", "html"] as const) derivation.print(form);
	return derivation;
}

suite("derivation/printers/constants", (test) => {
	test("an identity that the function multiplies each element by is defined where it is used", () => {
		const [a, b] = [normal(1, [5, 3]), normal(2, [4, 5])];
		const derivation = derive(
			(x: Tensor, left: Tensor, right: Tensor) => left.dot(x).dot(right).mul(eye(5)).sum(),
			{ x: normal(3, [3, 4]), a, b },
		);
		assert.match(
			derivation.print("numpy"),
			"# Given: x (3×4), a (5×3), b (4×5)\n# Holds for these shapes only\n\nc1 = np.eye(5)\n",
		);
		assert.match(derivation.print("ts"), "const c1 = eye(5);");
		assert.match(derivation.print("latex"), "c_{1} &= I && 5 \\times 5");
		assert.match(derivation.print("markdown"), "$$c_{1} = I \\qquad");
		const printed = derivation.print("html");
		assert.match(printed, "<msub><mi>c</mi><mrow><mn>1</mn></mrow></msub><mo>=</mo><mi>I</mi>");
	});

	test("a constant that follows named sizes is made from them; one whose elements do, holds for these shapes only", () => {
		const only = "Holds for these shapes only: x (";
		const text = (f: (x: Tensor) => Tensor, n: number, form: Form = "numpy") =>
			derive(f, { x: normal(1, [n]) }, { axes: { x: ["N"] } }).print(form);
		const written = (x: Tensor) => x.mul(tensor(x.shape.flatMap((n) => [...Array(n).keys()])));
		assert.match(
			text((x) => written(x).square().sum(), 6),
			`${only}6)\n\nc1 = np.array([`,
		);
		const passed = (x: Tensor) => x.mul(normal(2, [...x.shape])).sum();
		assert.match(text(passed, 70), `pass it in\n# ${only}70)\n`);
		assert.match(text(passed, 70, "html"), "Holds for these shapes only: ");
		const scaled = (x: Tensor) => x.dot(random.normal(random.key(2), [70, 2]).mul(x.shape[0]!));
		assert.match(
			text((x) => scaled(x).sum(), 70),
			"Holds for these shapes only",
		);
		// Too small to have a name here, but not elsewhere.
		const small = (x: Tensor) => x.outer(x).mul(eye(x.shape[0]!)).square().sum();
		assert.match(text(small, 2), "c1 = np.eye(N)\n");
		assert.not.match(text(small, 2), only);
	});

	test("a constant that is the same for all sizes leaves the others free", () => {
		const c = normal(7, [10, 10]);
		const f = (x: Tensor, w: Tensor) => x.dot(c).dot(w).square().mean();
		const args = { x: normal(1, [6, 10]), w: normal(2, [10, 4]) };
		const derivation = derive(f, args, { axes: { x: ["N", "D"], w: ["D", "K"] } });
		assert.match(derivation.print("numpy"), "Holds for these shapes only; a name stands");
		assert.match(derivation.print("numpy"), "/ (N * K)");
	});

	test("multiples of the identity and triangles of ones are written by their constructors", () => {
		const x = normal(1, [5, 5]);
		const text = (c: Tensor) => runs((v) => v.mul(c).square().sum(), x).print("numpy");
		assert.match(text(eye(5).mul(-0.25)), "c1 = -0.25 * np.eye(5)\n");
		assert.match(text(tril(ones([5, 5]))), "c1 = np.tril(np.ones((5, 5)))\n");
		assert.match(text(tril(ones([5, 5]), -2)), "c1 = np.tril(np.ones((5, 5)), k=-2)\n");
		assert.match(text(triu(ones([5, 5]), 1)), "c1 = np.triu(np.ones((5, 5)), k=1)\n");
		for (const side of [tril, triu]) {
			for (let k = -2; k <= 3; k++) {
				const c = side(ones([3, 4]), k);
				const form = constantForm(c);
				assert.is(form.kind, "triangle");
				if (form.kind === "triangle")
					near((form.op === tril.op ? tril : triu)(ones([3, 4]), form.k), c);
			}
		}
		assert.is(constantForm(tril(ones([3, 4])).add(triu(ones([3, 4]), 2))).kind, "elements");
	});

	test("a mask of bools and constants of other dtypes keep their dtype", () => {
		const causal = triu(ones([5, 5], { dtype: "bool" }), 1);
		const masked = (v: Tensor) =>
			causal.where(Number.NEGATIVE_INFINITY, v).softmax(1).square().sum();
		assert.match(
			runs(masked, normal(1, [5, 5])).print("numpy"),
			"c1 = np.triu(np.ones((5, 5), dtype=np.bool_), k=1)",
		);
		const single = eye(5, { dtype: "float32" });
		const derivation = derive((v: Tensor) => v.mul(single).square().sum(), {
			x: normal(1, [5, 5]).astype("float32"),
		});
		assert.match(derivation.print("numpy"), "c1 = np.eye(5, dtype=np.float32)");
		assert.match(derivation.print("ts"), 'eye(5, { dtype: "float32" })');
		const indices = tensor([2, 0, 1, 1, 0, 2], { dtype: "int32" });
		const taken = runs((v) => v.take(indices, 0).square().sum(), normal(1, [3]));
		assert.match(taken.print("numpy"), "c1 = np.array([2, 0, 1, 1, 0, 2], dtype=np.int32)");
	});

	test("up to 64 elements are written out with every digit", () => {
		const c = normal(7, [8, 8]);
		const derivation = runs((x) => x.mul(c).square().sum(), normal(1, [8, 8]));
		assert.match(
			derivation.print("numpy"),
			`c1 = np.array([\n    [${[...c.slice(0).data].join(", ")}],\n`,
		);
		const special = tensor([0, -0, Number.NEGATIVE_INFINITY, Number.NaN, 1e-300]);
		const text = derive((x: Tensor) => x.mul(special).sum(), { x: normal(1, [5]) }).print("numpy");
		assert.match(text, "np.array([0.0, -0.0, -np.inf, np.nan, 1e-300])");
	});

	test("a larger constant is named among what is given, and said to be the function's own", () => {
		const c = normal(7, [10, 10]);
		const derivation = runs((x) => x.mul(c).square().sum(), normal(1, [10, 10]), { c1: c });
		const text = derivation.print("numpy");
		assert.match(text, "# Given: x (10×10), c1 (10×10)\n");
		assert.match(text, "# c1 (10×10): a constant of the function, float64; pass it in\n");
		assert.match(derivation.print("ts"), "  c1: Tensor, // c1 (10×10): a constant of the function");
		assert.match(derivation.print("markdown"), "$c_{1}$ ($10 \\times 10$)");
	});
});
