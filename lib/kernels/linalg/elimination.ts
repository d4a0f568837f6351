/**
 * Gaussian elimination of an m×n matrix in place: U on and above the diagonal, L below it, whose
 * ones are not stored. With `order`, which has a place for each row, the greatest element that is
 * left of a column becomes the pivot, the first of equal ones, and `order` says which row came to
 * each place (G. H. Golub and C. F. Van Loan, "Matrix Computations", section 3.4). A column that is
 * 0 from its pivot on stays as it is.
 */
export function eliminate(a: Float64Array, m: number, n: number, order?: Int32Array): void {
	for (let k = 0; k < Math.min(m, n); k++) {
		if (order !== undefined) {
			const row = greatestRow(a, m, n, k);
			if (row !== k) {
				swap(a, n, k, row);
				[order[k], order[row]] = [order[row]!, order[k]!];
			}
		}
		const pivot = a[k * n + k]!;
		for (let i = k + 1; i < m; i++) {
			const below = a[i * n + k]!;
			const factor = below === 0 && pivot === 0 ? 0 : below / pivot;
			a[i * n + k] = factor;
			for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
		}
	}
}

/** The row of the greatest element of column k from the diagonal on; of a NaN if there is one. */
function greatestRow(a: Float64Array, m: number, n: number, k: number): number {
	let found = k;
	for (let i = k + 1; i < m; i++) {
		const greatest = Math.abs(a[found * n + k]!);
		if (!(Math.abs(a[i * n + k]!) <= greatest) && !Number.isNaN(greatest)) found = i;
	}
	return found;
}

function swap(a: Float64Array, n: number, i: number, k: number): void {
	const row = a.slice(i * n, (i + 1) * n);
	a.copyWithin(i * n, k * n, (k + 1) * n);
	a.set(row, k * n);
}
