import * as assert from "uvu/assert";
import { derive } from "../../../lib/derivation/index.ts";
import { determinant, eye, grad, type Tensor, tensor } from "../../../lib/index.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { asArray, hasNumPy, runPython } from "../python.ts";
import { checkForms } from "./forms.ts";

const WHERE = "  # where the inverse exists";
const positive = (x: Tensor) => x.dot(x.T).add(eye(x.shape[0]!));

checkForms("derivation/textbook/determinants", {
	"the determinant has the gradient det(x)·x⁻ᵀ, from the value at hand": {
		f: (x) => determinant(x!),
		shapes: { x: ["D", "D"] },
		backward: [`grad_x = loss * np.linalg.inv(x).T${WHERE}`],
		latex: ["L \\odot (x^{-1})^{\\top} && D \\times D \\quad \\text{where the inverse exists}"],
	},
	"its logarithm has x⁻ᵀ": {
		f: (x) => determinant(x!).log(),
		shapes: { x: ["D", "D"] },
		make: { x: positive },
		backward: [`grad_x = np.linalg.inv(x).T${WHERE}`],
	},
	"the logarithm of its size has x⁻ᵀ too": {
		f: (x) => determinant(x!).abs().log(),
		shapes: { x: ["D", "D"] },
		backward: [`grad_x = np.linalg.inv(x).T${WHERE}`],
	},
	"its square has twice the square": {
		f: (x) => determinant(x!).square(),
		shapes: { x: ["D", "D"] },
		backward: [`grad_x = 2.0 * np.square(determinant1) * np.linalg.inv(x).T${WHERE}`],
	},
	"what has inverses forward needs no mark": {
		f: (x) => x!.inverse().square().sum(),
		shapes: { x: ["D", "D"] },
		make: { x: positive },
		backward: ["grad_x = inverse1.T @ (-2.0 * inverse1) @ inverse1.T"],
	},
});

suite("derivation/textbook/singular matrices", (test) => {
	const x = tensor([
		[1, 2, 3],
		[2, 4, 6],
		[1, 0, 1],
	]);
	test("at a singular matrix the gradient of the determinant is the adjugate, in print too", () => {
		const derivation = derive((v: Tensor) => determinant(v), { x });
		derivation.verify();
		const text = derivation.print("numpy");
		assert.match(text, "grad_x = adjugate(x).T\n");
		if (!hasNumPy()) return;
		const program = `import numpy as np\nx = ${asArray(x)}\n${text}`;
		const { elements, shape } = runPython(program, ["grad_x"]).get("grad_x")!;
		near(tensor(elements).reshape(shape), grad((v: Tensor) => determinant(v))(x));
	});
});
