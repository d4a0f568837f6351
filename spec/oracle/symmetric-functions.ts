import { eye, symmetricLog, symmetricSqrt, type Tensor, tensor } from "../../lib/index.ts";
import type { Family, Row } from "./row.ts";

const distinct = tensor([
	[4, 1, -0.5],
	[1.5, 3, 0.25],
	[-0.5, 0.75, 2],
]);
const alike = eye(3).mul(2);

/** SciPy says the value; JAX, where eigenvalues are apart, the gradient too. */
const rows: Row[] = (
	[
		["sqrt", symmetricSqrt],
		["log", symmetricLog],
	] as const
).flatMap(([name, f]): Row[] => {
	const ours = ({ x }: Readonly<Record<string, Tensor>>) => f(x!);
	const scipy = `scipy.linalg.${name}m((x + x.T) / 2)`;
	return [
		{ name, inputs: { x: distinct }, ours, numpy: scipy, jax: `spectral(jnp.${name}, x)` },
		{ name: `${name} of equal eigenvalues`, inputs: { x: alike }, ours, numpy: scipy },
	];
});

/** Functions of symmetric matrices. */
export const family: Family = {
	setup: `def spectral(f, x):
    values, vectors = jnp.linalg.eigh((x + x.T) / 2)
    return (vectors * f(values)) @ vectors.T`,
	rows,
};
