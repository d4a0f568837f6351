import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { grad, hvp, jvp, ones, prod, random, sum, Tensor, tensor, zeros } from "../../lib/index.ts";
import { prodOthers } from "../../lib/ops/internal.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const gradient = grad((x: Tensor) => prod(x));
const tangent = (x: Tensor, dx: Tensor) => jvp((v: Tensor) => prod(v), x, dx)[1];

/** A gradient of prod, eager and compiled, and in forward mode element by element. */
function gradients(x: Tensor): Tensor[] {
	const units = Array.from({ length: x.size }, (_, i) => {
		const unit = zeros([x.size]).astype(x.dtype);
		return tangent(
			x,
			tensor(
				unit.data.map((_, k) => Number(k === i)),
				{ dtype: x.dtype },
			),
		);
	});
	return [
		gradient(x),
		compile(gradient)(x),
		tensor(
			units.map((value) => value.item()),
			{ dtype: x.dtype },
		),
	];
}

suite("ops/other-products", (test) => {
	test("the gradient of prod leaves the range only where it does as a whole, in both modes and compiled", () => {
		const cases: [number[], number[]][] = [
			[
				[1e200, 1e200, 1e-200, 1e-200],
				[1e-200, 1e-200, 1e200, 1e200],
			],
			[
				[1e-200, 1e-200, 1e200, 1e200],
				[1e200, 1e200, 1e-200, 1e-200],
			],
			[
				[1e300, 1e300, 0],
				[0, 0, inf],
			],
			[
				[0, 1e-200, 1e-200, 1e300],
				[1e-100, 0, 0, 0],
			],
			[
				[5e-324, 1e300, 1e10],
				[inf, 4.940656458412465e-314, 4.940656458412465e-24],
			],
			[
				[-1e300, 1e300, 1e-300],
				[1, -1, -inf],
			],
			[
				[2, 3, nan, 5],
				[nan, nan, 30, nan],
			],
			[
				[2, inf, 5],
				[inf, 10, inf],
			],
		];
		for (const [x, expected] of cases) {
			for (const found of gradients(tensor(x))) {
				for (const [i, value] of found.data.entries()) {
					const e = expected[i]!;
					const isNear = Math.abs(Number(value) / e - 1) < 1e-9;
					assert.ok(
						Object.is(value, e) || value === e || isNear,
						`${x}: ${found}, not ${expected}`,
					);
				}
			}
		}
	});

	test("the gradient of a long product whose parts leave the range is exact, for any axes and dtype", () => {
		const n = 2000;
		for (const dtype of ["float64", "float32"] as const) {
			const x = tensor([...Array<number>(n).fill(0.5), ...Array<number>(n).fill(2)], { dtype });
			const others = [...Array<number>(n).fill(2), ...Array<number>(n).fill(0.5)];
			same(gradient(x), others);
			same(compile(gradient)(x), others);
			same(tangent(x, ones([2 * n], { dtype })), 2.5 * n);
			for (const axes of [[0, 1], [0, 2], [1, 2], [0]]) {
				const shape: number[] = [0, 1, 2].map((axis) => (axes.includes(axis) ? 1 : 3));
				shape[axes[0]!] = (2 * n) / 4 ** (axes.length - 1);
				for (const axis of axes.slice(1)) shape[axis] = 4;
				const sizes = shape.map((size, axis) => (axes.includes(axis) ? size : 1));
				const wide = x.reshape(sizes).broadcastTo(shape);
				const f = grad((v: Tensor) => prod(v, axes).sum());
				same(f(wide), tensor(others, { dtype }).reshape(sizes).broadcastTo(shape));
				same(compile(f)(wide), f(wide));
			}
		}
	});

	test("one 0 leaves the product of the others at its place, two leave nothing, to second order", () => {
		for (const [x, expected] of [
			[
				[2, 0, 3, 5],
				[0, 30, 0, 0],
			],
			[
				[2, 0, 3, 0],
				[0, 0, 0, 0],
			],
		] as const) {
			for (const found of gradients(tensor(x))) same(found, expected);
		}
		const curvature = hvp((x: Tensor) => prod(x), tensor([2, 0, 3, 0]), tensor([0, 1, 0, 0]));
		same(curvature, [0, 0, 0, 6]);
		same(
			compile((x: Tensor) => hvp((v: Tensor) => prod(v), x, ones([4])))(tensor([2, 0, 3, 0])),
			[0, 6, 0, 6],
		);
	});

	test("over several axes the first and second derivatives are those over one axis of the same elements", () => {
		const x = random.normal(random.key(3), [2, 3, 4]);
		const dx = random.normal(random.key(4), [2, 3, 4]);
		for (const axes of [[0, 1], [0, 2], [1, 2], [0, 1, 2], [1], []]) {
			const kept = [0, 1, 2].filter((axis) => !axes.includes(axis));
			const sizes = kept.map((axis) => x.shape[axis]!);
			const w = random.normal(random.key(5), sizes);
			const f = (v: Tensor) => sum(prod(v, axes).mul(w));
			const flat = (v: Tensor) =>
				sum(prod(v.permute([...kept, ...axes]).reshape([...sizes, -1]), -1).mul(w));
			near(grad(f)(x), grad(flat)(x), 1e-12);
			near(hvp(f, x, dx), hvp(flat, x, dx), 1e-12);
			near(
				prodOthers(x, axes).mul(x),
				prod(x, axes, { keepDims: true }).broadcastTo(x.shape),
				1e-12,
			);
		}
	});

	test("prodOthers is no method", () => {
		assert.not("prodOthers" in Tensor.prototype);
	});
});
