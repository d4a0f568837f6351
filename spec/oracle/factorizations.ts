import {
	cholesky,
	determinant,
	eye,
	inverse,
	logDet,
	random,
	solve,
	tensor,
	triangularSolve,
} from "../../lib/index.ts";
import type { Family } from "./row.ts";

const a = tensor([
	[4, 1, -0.5],
	[1, 3, 0.25],
	[-0.5, 0.25, 2],
]);
const b = tensor([
	[1, -2],
	[0.5, 3],
	[-1, 0.75],
]);

/** Of more rows than are worked out one by one. */
const many = 40;
const wide = random.normal(random.key(1), [many, many]);
const large = wide.matmul(wide.T).div(many).add(eye(many));
const right = random.normal(random.key(2), [many, 3]);

/** Factors of matrices and what is solved with them. */
export const family: Family = {
	rows: [
		{
			name: "cholesky",
			inputs: { a },
			ours: ({ a }) => cholesky(a!),
			numpy: "np.linalg.cholesky(a)",
			jax: "jnp.linalg.cholesky(a)",
			torch: "torch.linalg.cholesky((a + a.mT) / 2)",
		},
		{
			name: "solve",
			inputs: { a, b },
			ours: ({ a, b }) => solve(a!, b!),
			numpy: "np.linalg.solve(a, b)",
			jax: "jnp.linalg.solve(a, b)",
			torch: "torch.linalg.solve(a, b)",
		},
		{
			name: "triangularSolve",
			inputs: { a, b },
			ours: ({ a, b }) => triangularSolve(a!, b!),
			jax: "jax.scipy.linalg.solve_triangular(a, b, lower=True)",
			torch: "torch.linalg.solve_triangular(a.tril(), b, upper=False)",
		},
		{
			name: "inverse, det and logDet",
			inputs: { a },
			ours: ({ a }) => [inverse(a!), determinant(a!), logDet(a!)],
			numpy: "[np.linalg.inv(a), np.linalg.det(a), np.linalg.slogdet(a)[1]]",
			jax: "[jnp.linalg.inv(a), jnp.linalg.det(a), jnp.linalg.slogdet(a)[1]]",
			torch: "[torch.linalg.inv(a), torch.linalg.det(a), torch.logdet(a)]",
		},
		{
			name: "cholesky of many rows",
			inputs: { large },
			ours: ({ large }) => cholesky(large!),
			numpy: "np.linalg.cholesky(large)",
			jax: "jnp.linalg.cholesky(large)",
			torch: "torch.linalg.cholesky((large + large.mT) / 2)",
		},
		{
			name: "solutions of many equations",
			inputs: { wide, large, right },
			ours: ({ wide, large, right }) => [
				solve(wide!, right!),
				triangularSolve(large!, right!, { lower: false, transposed: true }),
			],
			jax: `[
    jnp.linalg.solve(wide, right),
    jax.scipy.linalg.solve_triangular(large, right, trans=1),
]`,
		},
		{
			name: "inverse and logDet of many rows",
			inputs: { wide, large },
			ours: ({ wide, large }) => [inverse(large!), logDet(wide!)],
			numpy: "[np.linalg.inv(large), np.linalg.slogdet(wide)[1]]",
			jax: "[jnp.linalg.inv(large), jnp.linalg.slogdet(wide)[1]]",
			torch: "[torch.linalg.inv(large), torch.linalg.slogdet(wide)[1]]",
		},
	],
};
