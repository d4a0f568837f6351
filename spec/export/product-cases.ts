import { random, type Tensor } from "../../lib/index.ts";
import type { Case } from "./cases.ts";

const THIRD = 1 / 3;
const TOLERANCE = { float32: 1e-6, float64: 1e-14 };

/** What is made of a product of matrices, of another matrix and of a row, in a node or in more. */
const made: Readonly<Record<string, (p: Tensor, c: Tensor, row: Tensor) => Tensor>> = {
	"and a row": (p, _, row) => p.add(row),
	"off a row": (p, _, row) => row.sub(p),
	"and a column": (p, c) => p.add(c.slice(null, [0, 1])),
	"less a number": (p) => p.sub(0.1),
	"off a matrix, a third of it": (p, c) => c.sub(p.mul(THIRD)),
	"less a matrix": (p, c) => p.sub(c),
	"turned round": (p) => p.neg(),
	"turned round and halved": (p) => p.neg().mul(0.5),
	"times a large number": (p) => p.mul(3e9),
	"times nothing": (p, c) => c.add(p.mul(0)),
	"times a third twice": (p) => p.mul(THIRD).mul(THIRD),
	"times a row": (p, _, row) => p.mul(row),
	"and another product": (p, c) => p.mul(THIRD).add(c.dot(c.T).dot(c)),
	"and itself": (p) => p.add(p),
	"and two others": (p, c, row) => p.mul(THIRD).add(row).sub(c),
	"and what follows it": (p, c) => p.mul(THIRD).add(c).add(p.exp()),
};

/** Products of matrices and of transposes, with what is made of them. */
export function productCases(): Case[] {
	const shapes = [[5, 3], [3, 4], [3, 5], [4, 3], [5, 4], [4]];
	return (["float32", "float64"] as const).flatMap((dtype) => {
		const args = shapes.map((shape, i) => random.normal(random.key(i), shape, { dtype }));
		return Object.entries(made).flatMap(([name, f]): Case[] => {
			const one = { args, tolerance: TOLERANCE[dtype] };
			return [
				{
					...one,
					name: `a ${dtype} product ${name}`,
					f: ([x, w, , , c, row]) => [f(x!.dot(w!), c!, row!)],
				},
				{
					...one,
					name: `a ${dtype} product of transposes ${name}`,
					f: ([, , x, w, c, row]) => [f(x!.T.dot(w!.T), c!, row!)],
				},
			];
		});
	});
}
