import * as assert from "uvu/assert";
import { type Derivation, derive } from "../../../lib/derivation/index.ts";
import { elementwise, grad, reduction, type Tensor, tensor, where } from "../../../lib/index.ts";
import * as s from "../../../lib/scalar/index.ts";
import { same } from "../../near.ts";
import { suite } from "../../suite.ts";
import { runPrinted } from "../run-printed.ts";

/** The program, and what it gives for one argument `x`. */
function printed(f: (args: { x: Tensor }) => Tensor, x: Tensor): [string, Record<string, unknown>] {
	const derivation: Derivation = derive(f, [{ x }]);
	const text = derivation.print("ts");
	return [text, runPrinted(text, new Map([["x", x]]))];
}

/** The lines of a program before its function. */
const headOf = (text: string) => text.slice(0, text.indexOf("export function")).trim().split("\n");

suite("derivation/printers/typescript", (test) => {
	test("a mask is written as the choice that it makes", () => {
		for (const dtype of ["float64", "float32"] as const) {
			const x = tensor([-1, 0, 2], { dtype });
			const f = ({ x }: { x: Tensor }) => x.relu().mul(x).sum();
			const [text, { grad_x }] = printed(f, x);
			assert.match(text, "x.greater(0).where(x, 0)");
			assert.equal(headOf(text), ['import { type Tensor } from "adjoint";']);
			same(grad_x as Tensor, grad(f)({ x }).x);
		}
	});

	test("a choice between two numbers keeps the dtype of the mask", () => {
		const x = tensor([-1, 0, 2], { dtype: "float32" });
		const f = ({ x }: { x: Tensor }) => x.relu().sum();
		const [, { grad_x }] = printed(f, x);
		assert.is((grad_x as Tensor).dtype, "float32");
		same(grad_x as Tensor, grad(f)({ x }).x);
	});

	test("numbers of which no argument says the dtype say it themselves", () => {
		const three = tensor(3, { dtype: "float32" });
		const x = tensor([-1, 0, 2], { dtype: "float32" });
		const f = ({ x }: { x: Tensor }) => x.mul(where(x.greater(0), three, 0)).sum();
		const [text, { grad_x }] = printed(f, x);
		assert.match(text, 'x.greater(0).where(tensor(3, { dtype: "float32" }), 0)');
		assert.is((grad_x as Tensor).dtype, "float32");
		same(grad_x as Tensor, grad(f)({ x }).x);
	});

	test("internal ops are functions of the namespace, under names that no variable has", () => {
		const x = tensor([1, 2, 3]);
		const f = ({ x }: { x: Tensor }) => {
			const unslice = x.slice([1, 3]).square().as("unslice");
			return unslice.sum();
		};
		const [text, { grad_x }] = printed(f, x);
		assert.equal(headOf(text).slice(0, 3), [
			'import { type Tensor, mul, internal } from "adjoint";',
			"",
			"const { unslice: unslice_ } = internal;",
		]);
		same(grad_x as Tensor, grad(f)({ x }).x);
	});

	test("an op of the user's that is called like an internal one is the user's", () => {
		const scale = elementwise(1, {
			name: "scale",
			formula: (x) => x,
			partials: [() => 1],
			print: (x) => `scale(${x})`,
		});
		const text = derive(({ x }: { x: Tensor }) => scale(x).sum(), [{ x: tensor([1, 2]) }]).print(
			"ts",
		);
		assert.match(text, 'import { scale as own__scale } from "./ops.ts"');
		assert.match(text, "own__scale(x)");
		assert.not.match(text, "internal");
	});

	test("a reduction of the user's is called as a function: tensors have no such method", () => {
		const total = reduction({
			name: "total",
			formula: (x) => s.total(x),
			weights: () => 1,
			numpy: "total",
		});
		const text = derive(({ x }: { x: Tensor }) => total(x), [{ x: tensor([1, 2]) }]).print("ts");
		assert.match(text, 'import { total } from "./ops.ts"');
		assert.match(text, "const loss = total(x);");
	});
});
