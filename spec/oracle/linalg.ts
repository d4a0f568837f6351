import {
	cholesky,
	choleskySolve,
	conditionNumber,
	cross,
	eigh,
	expm,
	eye,
	inner,
	kron,
	lstsq,
	lu,
	matrixNorm,
	matrixPower,
	matrixRank,
	outer,
	pinv,
	qr,
	slogDet,
	svd,
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

/** With the eigenvalues 1, 1 and 4. */
const twoEqual = eye(3).add(1);

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

/** A norm of matrices by NumPy, JAX and PyTorch. */
const matrixNorms = (
	["fro", "nuc", 1, -1, 2, -2, POSITIVE_INFINITY, NEGATIVE_INFINITY] as const
).map((ord): Row => {
	const text =
		typeof ord === "number" && !Number.isFinite(ord)
			? `${ord < 0 ? "-" : ""}np.inf`
			: JSON.stringify(ord);
	return {
		name: `matrixNorm of order ${ord}`,
		inputs: { b },
		ours: ({ b }) => matrixNorm(b!, { ord }),
		numpy: `np.linalg.matrix_norm(b, ord=${text})`,
		jax: `jnp.linalg.matrix_norm(b, ord=${text})`,
		torch: `torch.linalg.matrix_norm(b, ord=${text.replace("np", "math")})`,
	};
});

/** Signs as ours, by the columns of a matrix. */
const SETUP = `import math
def signs(xp, columns):
    sizes = xp.abs(columns)
    return xp.where(xp.take_along_axis(columns, xp.argmax(sizes, 0)[None], 0)[0] < 0, -1, 1)
def eigh(xp, a):
    values, vectors = xp.linalg.eigh((a + a.T) / 2)
    return [values, vectors * signs(xp, vectors)]
def svd(xp, a):
    u, values, vt = xp.linalg.svd(a, full_matrices=False)
    sign = signs(xp, u)
    return [u * sign, values, sign[:, None] * vt]
def qr(xp, a):
    q, r = xp.linalg.qr(a)
    sign = xp.sign(xp.diagonal(r))
    return [q * sign, sign[:, None] * r]
def lu(xp, parts):
    p, l, u = parts
    return [xp.argmax(p, 0), l, u]
def torch_svd(a):
    u, values, vt = torch.linalg.svd(a, full_matrices=False)
    sign = torch.sign(torch.take_along_dim(u, u.abs().argmax(0)[None], 0))[0]
    return [u * sign, values, sign[:, None] * vt]
`;

/** Products, norms and decompositions of matrices. */
export const family: Family = {
	setup: SETUP,
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
		...matrixNorms,
		{
			name: "eigh",
			inputs: { a },
			ours: ({ a }) => eigh(a!),
			numpy: "eigh(np, a)",
			jax: "eigh(jnp, a)",
		},
		{
			name: "eigenvalues and functions of them where they are equal",
			inputs: { a: twoEqual },
			ours: ({ a }) => [eigh(a!)[0].square().sum(), eigh(a!)[0].exp().sum()],
			numpy: "[np.trace(a @ a), np.trace(scipy.linalg.expm(a))]",
			jax: "[jnp.trace(a @ a), jnp.trace(jax.scipy.linalg.expm(a))]",
		},
		{
			name: "svd of a tall matrix",
			inputs: { b },
			ours: ({ b }) => svd(b!),
			numpy: "svd(np, b)",
			jax: "svd(jnp, b)",
			torch: "torch_svd(b)",
		},
		{
			name: "svd of a wide matrix",
			inputs: { b: b.T },
			ours: ({ b }) => svd(b!),
			numpy: "svd(np, b)",
			jax: "svd(jnp, b)",
			torch: "torch_svd(b)",
		},
		{
			name: "svd of a square matrix",
			inputs: { a },
			ours: ({ a }) => svd(a!),
			numpy: "svd(np, a)",
			jax: "svd(jnp, a)",
			torch: "torch_svd(a)",
		},
		{
			name: "pinv",
			inputs: { b },
			ours: ({ b }) => [pinv(b!), pinv(b!.T)],
			numpy: "[np.linalg.pinv(b), np.linalg.pinv(b.T)]",
			jax: "[jnp.linalg.pinv(b), jnp.linalg.pinv(b.T)]",
			torch: "[torch.linalg.pinv(b), torch.linalg.pinv(b.T)]",
		},
		{
			name: "pinv of a matrix of rank 2",
			inputs: { b, c: b.T.mul(tensor([1, -2, 0.5])) },
			ours: ({ b, c }) => pinv(b!.matmul(c!)),
			numpy: "np.linalg.pinv(b @ c)",
			jax: "jnp.linalg.pinv(b @ c)",
			torch: "torch.linalg.pinv(b @ c)",
			tolerance: 1e-11,
		},
		{
			name: "lstsq",
			inputs: { a: b, y: x },
			ours: ({ a, y }) => lstsq(a!, y!),
			numpy: "np.linalg.lstsq(a, y)[0]",
			jax: "jnp.linalg.lstsq(a, y)[0]",
			torch: "torch.linalg.lstsq(a, y[:, None])[0][:, 0]",
		},
		...([2, 1, "fro", -2] as const).map(
			(ord): Row => ({
				name: `conditionNumber of order ${ord}`,
				inputs: { a },
				ours: ({ a }) => conditionNumber(a!, ord),
				numpy: `np.linalg.cond(a, ${JSON.stringify(ord)})`,
				torch: `torch.linalg.norm(a, ${JSON.stringify(ord)}) * torch.linalg.norm(a.inverse(), ${JSON.stringify(ord)})`,
			}),
		),
		{
			name: "complete qr",
			inputs: { b },
			ours: ({ b }) => qr(b!, { mode: "complete" })[0],
			jax: "qr(jnp, jnp.concatenate([b, jnp.eye(b.shape[0])[:, b.shape[1]:]], 1))[0]",
		},
		...[a, b, b.T].flatMap((x): Row[] => [
			{
				name: `qr of ${x.shape}`,
				inputs: { x },
				ours: ({ x }) => qr(x!),
				numpy: "qr(np, x)",
				jax: "qr(jnp, x)",
				torch: "qr(torch, x)",
			},
			{
				name: `lu of ${x.shape}`,
				inputs: { x },
				ours: ({ x }) => lu(x!),
				numpy: "lu(np, scipy.linalg.lu(x))",
				jax: "lu(jnp, jax.scipy.linalg.lu(x))",
				torch: "lu(torch, torch.linalg.lu(x))",
			},
		]),
		...[1e-2, 0.2, 1, 3].map(
			(scale): Row => ({
				name: `expm of a matrix of size ${scale}`,
				inputs: { x: a.mul(scale / 4) },
				ours: ({ x }) => expm(x!),
				numpy: "scipy.linalg.expm(x)",
				jax: "jax.scipy.linalg.expm(x)",
				torch: "torch.linalg.matrix_exp(x)",
				// Relative to its greatest element, which is up to 25.
				tolerance: 2e-12,
			}),
		),
		{
			name: "expm along a matrix",
			inputs: { a, y: outer(x, y) },
			ours: ({ a, y }) => expm(a!.div(2), y!),
			numpy: "scipy.linalg.expm_frechet(a / 2, y)[1]",
			jax: "jax.scipy.linalg.expm_frechet(a / 2, y)[1]",
			tolerance: 1e-11,
		},
		{
			name: "matrixRank",
			inputs: { b },
			ours: ({ b }) => [matrixRank(b!), matrixRank(b!.matmul(b!.T))],
			numpy: "[np.linalg.matrix_rank(b), np.linalg.matrix_rank(b @ b.T)]",
			gradient: false,
		},
	],
};
