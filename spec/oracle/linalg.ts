import {
	cholesky,
	choleskySolve,
	cross,
	inner,
	kron,
	matrixPower,
	slogDet,
	tensor,
	trace,
	vectorNorm,
} from "../../lib/index.ts";
import type { Family, Row } from "./row.ts";

const a = tensor([
	[4, 1, -0.5],
	[1.5, 3, 0.25],
	[-0.5, 0.75, 2],
]);
const b = tensor([
	[1, -2],
	[0.5, 3],
	[-1, 0.75],
]);
const x = tensor([1.5, -2, 0.75]);
const y = tensor([-0.5, 1, 3]);

const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** A norm of vectors by NumPy, JAX and PyTorch. */
const vectorNorms = [2, 1, 0, 3, 1.5, 0.5, -1, POSITIVE_INFINITY, NEGATIVE_INFINITY].map(
	(ord): Row => {
		const text = Number.isFinite(ord) ? `${ord}` : `${ord < 0 ? "-" : ""}np.inf`;
		return {
			name: `vectorNorm of order ${ord}`,
			inputs: { b },
			ours: ({ b }) => vectorNorm(b!, 1, { ord }),
			numpy: `np.linalg.vector_norm(b, axis=1, ord=${text})`,
			jax: `jnp.linalg.vector_norm(b, axis=1, ord=${text})`,
			torch: `torch.linalg.vector_norm(b, dim=1, ord=${text.replace("np", "math")})`,
		};
	},
);

/** Products, norms and decompositions of matrices. */
export const family: Family = {
	setup: "import math",
	rows: [
		{
			name: "trace",
			inputs: { a },
			ours: ({ a }) => [trace(a!), trace(a!, { offset: -1 })],
			numpy: "[np.trace(a), np.trace(a, offset=-1)]",
			jax: "[jnp.trace(a), jnp.trace(a, offset=-1)]",
		},
		{
			name: "kron",
			inputs: { a, b },
			ours: ({ a, b }) => [kron(a!, b!), kron(b!, a!.slice(0))],
			numpy: "[np.kron(a, b), np.kron(b, a[0])]",
			jax: "[jnp.kron(a, b), jnp.kron(b, a[0])]",
		},
		{
			name: "cross",
			inputs: { x, y },
			ours: ({ x, y }) => cross(x!, y!),
			numpy: "np.cross(x, y)",
			jax: "jnp.cross(x, y)",
			torch: "torch.linalg.cross(x, y)",
		},
		{
			name: "cross along the first axis, stretched",
			inputs: { b, x },
			ours: ({ b, x }) => cross(b!, x!.reshape([3, 1]), 0),
			numpy: "np.cross(b, x[:, None], axis=0)",
			jax: "jnp.cross(b, x[:, None], axis=0)",
		},
		{
			name: "inner",
			inputs: { a, x },
			ours: ({ a, x }) => [inner(a!, x!), inner(a!, a!), inner(x!, 3)],
			numpy: "[np.inner(a, x), np.inner(a, a), np.inner(x, 3)]",
			jax: "[jnp.inner(a, x), jnp.inner(a, a), jnp.inner(x, 3)]",
			torch: "[torch.inner(a, x), torch.inner(a, a), x * 3]",
		},
		{
			name: "matrixPower",
			inputs: { a },
			ours: ({ a }) => [5, -2, 0].map((n) => matrixPower(a!, n)),
			numpy: "[np.linalg.matrix_power(a, n) for n in (5, -2, 0)]",
			jax: "[jnp.linalg.matrix_power(a, n) for n in (5, -2, 0)]",
			torch: "[torch.linalg.matrix_power(a, n) for n in (5, -2, 0)]",
			// Elements of the fifth power go up to 2,000.
			tolerance: 1e-11,
		},
		{
			name: "choleskySolve",
			inputs: { a, b },
			ours: ({ a, b }) => choleskySolve(cholesky(a!), b!),
			numpy: "np.linalg.solve((a + a.T) / 2, b)",
			jax: "jax.scipy.linalg.cho_solve((jnp.linalg.cholesky(a), True), b)",
			torch: "torch.cholesky_solve(b, torch.linalg.cholesky((a + a.mT) / 2))",
		},
		{
			name: "slogDet",
			inputs: { a },
			ours: ({ a }) => slogDet(a!.neg()),
			numpy: "list(np.linalg.slogdet(-a))",
			jax: "list(jnp.linalg.slogdet(-a))",
			torch: "list(torch.linalg.slogdet(-a))",
		},
		...vectorNorms,
	],
};
