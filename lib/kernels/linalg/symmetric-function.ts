import { symmetricEigen } from "./symmetric-eigen.ts";

/** V·diag(f(λ))·Vᵀ of a symmetric n×n matrix V·diag(λ)·Vᵀ. `a` is used up. */
export function symmetricFunction(
	a: Float64Array,
	n: number,
	f: (values: Float64Array) => Float64Array,
): Float64Array {
	const { values, vectors } = symmetricEigen(a, n);
	const made = f(values);
	return product(
		vectors.map((x, at) => x * made[at % n]!),
		transposed(vectors, n),
		n,
	);
}

/**
 * V·(C∘(Vᵀ·E·V))·Vᵀ with the eigenvectors V of a symmetric n×n matrix and Cᵢⱼ = c(λᵢ, λⱼ), c by
 * its eigenvalues. `a` is used up.
 */
export function betweenEigenvectors(
	a: Float64Array,
	e: Float64Array,
	n: number,
	factors: (values: Float64Array) => (p: number, q: number) => number,
): Float64Array {
	const { values, vectors } = symmetricEigen(a, n);
	const c = factors(values);
	const turned = transposed(vectors, n);
	const inside = product(product(turned, e, n), vectors, n).map(
		(x, at) => x * c(values[Math.floor(at / n)]!, values[at % n]!),
	);
	return product(product(vectors, inside, n), turned, n);
}

function transposed(a: Float64Array, n: number): Float64Array {
	return a.map((_, at) => a[(at % n) * n + Math.floor(at / n)]!);
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let k = 0; k < n; k++) {
			const factor = a[i * n + k]!;
			for (let j = 0; j < n; j++) out[i * n + j]! += factor * b[k * n + j]!;
		}
	}
	return out;
}
