import * as assert from "uvu/assert";
import { derive } from "../../../lib/derivation/index.ts";
import { einsum, random, type Tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

suite("derivation/printers/symbols", (test) => {
	test("elements of a name that has an index are in brackets, and a number has no index", () => {
		const f = ({ x, W, y }: Record<"x" | "W" | "y", Tensor>) => einsum("i,ijk,jk->", x, W, y);
		const params = { x: normal(1, 2), W: normal(2, 2, 3, 4), y: normal(3, 3, 4) };
		const text = derive(f, { params }).print("latex");
		assert.not.match(text, /\}_\{[^}]*\}_|_\{\}/);
		assert.match(text, "(\\mathrm{einsum}_{1})_{jk}");
	});

	test("the result is called L only where no axis has that name", () => {
		const f = (x: Tensor) => x.square().sum();
		const latex = (axis: string) =>
			derive(f, { x: normal(1, 3) }, { axes: { x: [axis] } }).print("latex");
		assert.match(latex("N"), "\\frac{\\partial L}{\\partial x}");
		assert.match(latex("L"), "\\frac{\\partial \\mathrm{loss}}{\\partial x}");
	});
});
