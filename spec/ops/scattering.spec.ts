import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import {
	DomainError,
	DTypeError,
	grad,
	ShapeError,
	scatterMax,
	scatterMin,
	scatterMul,
	scatterSet,
	type Tensor,
	tensor,
	vmap,
} from "../../lib/index.ts";
import { winnerAt } from "../../lib/ops/internal.ts";
import { asArray, hasNumPy, runPython } from "../derivation/python.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const ints = (x: number[] | number[][]) => tensor(x, { dtype: "int32" });
const x = tensor([1, 2, 3]);
const v = tensor([10, 20, 0, 4]);
const twice = [[0], [2], [0], [-3]];
const all = { scatterSet, scatterMul, scatterMax, scatterMin };

suite("ops/scattering", (test) => {
	test("updates at index tuples are set, multiplied, or the greatest or least is kept", () => {
		same(scatterSet(x, twice, v), [4, 2, 20]);
		same(scatterMul(x, twice, v), [0, 2, 60]);
		same(scatterMax(x, twice, v), [10, 2, 20]);
		same(scatterMin(x, twice, v), [0, 2, 3]);
		const rows = tensor([
			[1, 2],
			[3, 4],
		]);
		same(scatterSet(rows, [[1]], 7), [
			[1, 2],
			[7, 7],
		]);
		same(
			scatterMax(
				rows,
				[[0], [0]],
				tensor([
					[0, 5],
					[2, 1],
				]),
			),
			[
				[2, 5],
				[3, 4],
			],
		);
		same(scatterSet(rows, [0, -1], 9), [
			[1, 9],
			[3, 4],
		]);
		same(scatterMul(rows, [], 2), rows.mul(2));
		const primes = tensor([2, 3, 5, 17, 7, 11, 13]);
		same(scatterMul(tensor([1, 1]), [[0], [0], [0], [1], [0], [0], [0]], primes), [30030, 17]);
	});

	test("no update at all leaves x as it is, and one that hits nothing is an error", () => {
		for (const [name, scatter] of Object.entries(all)) {
			const none = tensor([], { dtype: "int32", shape: [0, 1] });
			same(scatter(x, none, tensor([])), x);
			refuses(
				() => scatter(x, [[3]], 1),
				DomainError,
				`${name}: index 3 is out of range for axis 0`,
			);
			refuses(() => scatter(x, [[0, 0]], 1), ShapeError, `${name}: expected indices`);
			refuses(() => scatter(x, [[0]], tensor([1, 2])), ShapeError, `${name}: `);
			refuses(() => scatter(x, tensor([[0]]), 1), DTypeError, `${name}: expected int32 indices`);
		}
	});

	test("gradients are exact to second order, of many updates at one place too", () => {
		const w = tensor([0.5, -1, 2]);
		for (const scatter of Object.values(all)) {
			const f = ([a, b]: readonly Tensor[]) => scatter(a!.square(), twice, b!.sin()).mul(w).sum();
			assertGradients(f, [[tensor([0.5, 2, -0.25]), tensor([0.7, 1.25, -1, 0.3])]], { order: 2 });
		}
	});

	test("compiled with indices that are not known, the products are the same to the bit", () => {
		const factors = tensor([0.1, 0.7, 1.3, 0.9, 1.1, 0.3, 1.7]);
		const at = ints([[0], [2], [0], [0], [2], [0], [0]]);
		const f = (a: Tensor, b: Tensor, i: Tensor) => scatterMul(a, i, b);
		same(compile(f)(x, factors, at), f(x, factors, at));
		const g = (a: Tensor, b: Tensor, i: Tensor) => grad((c: Tensor) => f(a, c, i).sum())(b);
		same(compile(g)(x, factors, at), g(x, factors, at));
	});

	test("products at other places do not overflow, nor does what is not finite show there", () => {
		const at = [[0], [1], [1]];
		same(scatterMul(ints([1, 1]), at, ints([2 ** 20, 2 ** 20, 2])), [2 ** 20, 2 ** 21]);
		same(scatterMul(tensor([1, 1]), at, tensor([Number.NaN, 2, 3])), [Number.NaN, 6]);
		const f = (b: Tensor) => scatterMul(tensor([1, 1]), at, b).slice(1);
		same(grad(f)(tensor([Number.POSITIVE_INFINITY, 2, 3])), [0, 3, 2]);
	});

	test("what is printed of it is the same, as loops and in NumPy, with indices that are given", () => {
		const [y, u] = [tensor([0.5, 2, -0.25]), tensor([0.7, 1.25, -1, 0.3])];
		for (const scatter of Object.values(all)) {
			const f = ({ y, u }: { y: Tensor; u: Tensor }, i: Tensor) =>
				scatter(y, i, u.sin()).square().sum();
			const derivation = derive(f, { both: { y, u }, i: ints(twice) });
			derivation.verify();
			if (!hasNumPy()) continue;
			const given = Object.entries({ y, u, i: ints(twice) }).map(
				([n, x]) => `${n} = ${asArray(x)}`,
			);
			const program = `import numpy as np\n${given.join("\n")}\n${derivation.print("numpy")}`;
			const printed = runPython(program, ["loss", "grad_y", "grad_u"]);
			const gradient = grad(f)({ y, u }, ints(twice));
			near([...printed.get("loss")!.elements], [f({ y, u }, ints(twice)).item()]);
			near([...printed.get("grad_y")!.elements], gradient.y);
			near([...printed.get("grad_u")!.elements], gradient.u);
		}
	});

	test("the winner is the first of the greatest rows, a NaN before all, and −1 where none goes", () => {
		const rows = tensor([[1], [3], [3], [Number.NaN], [Number.POSITIVE_INFINITY]]);
		const at = ints([[0], [1], [1], [2], [2]]);
		same(winnerAt(rows, at, [4, 1]), [[0], [1], [3], [-1]]);
		same(winnerAt(rows, at, [4, 1], true), [[0], [1], [3], [-1]]);
		const both = (a: Tensor, b: Tensor) => winnerAt(a, b, [4, 1]);
		const other = ints([[3], [3], [3], [0], [0]]);
		const pairs = vmap(both)(
			tensor([rows.toArray() as number[][], rows.neg().toArray() as number[][]]),
			tensor([at.toArray() as number[][], other.toArray() as number[][]], { dtype: "int32" }),
		);
		same(pairs, [
			[[0], [1], [3], [-1]],
			[[3], [-1], [-1], [0]],
		]);
		assert.is(pairs.dtype, "int32");
	});
});
