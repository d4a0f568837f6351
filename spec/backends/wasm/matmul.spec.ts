import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import { matmul, random, type Tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, ...shape: number[]) => random.normal(random.key(seed), shape);

/** Compiled without fused multiply-add a product sums in the order of k, as eagerly. */
function sameBits(f: (...args: Tensor[]) => Tensor, ...args: Tensor[]): void {
	const compiled = compile(f, { reproducible: true })(...args);
	assert.equal(compiled.shape, f(...args).shape);
	assert.equal([...compiled.data], [...f(...args).data]);
}

suite("wasm/matmul", (test) => {
	test("a transposed matrix times a vector, and what follows, have the bits of the product alone", () => {
		for (const [k, m] of [
			[3, 2],
			[5, 1],
			[12, 7],
			[70, 100],
		] as const) {
			const [w, v, bias] = [normal(1, k, m), normal(2, k), normal(3, m)];
			sameBits((w, v) => w.transpose().dot(v), w!, v!);
			sameBits((w, v, bias) => w.transpose().dot(v).mul(2).add(bias), w!, v!, bias!);
		}
	});

	test("so have columns of a batch, with one value for each row", () => {
		const [w, v, rows] = [normal(1, 4, 9, 17), normal(2, 4, 9, 1), normal(3, 17, 1)];
		const transposed = (w: Tensor) => w.permute([0, 2, 1]);
		sameBits((w, v) => matmul(transposed(w), v), w!, v!);
		sameBits((w, v, rows) => matmul(transposed(w), v).add(rows).sub(1), w!, v!, rows!);
	});
});
