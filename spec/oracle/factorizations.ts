import {
	cholesky,
	determinant,
	inverse,
	logDet,
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
	],
};
