// The determinant and its derivatives along directions, in whole numbers: every element is taken as
// a multiple of one power of 2.

/** A derivative, and the sum of the sizes of the products of elements that it is a sum of. */
export interface Exact {
	readonly value: number;
	readonly size: number;
}

/** How many bits of a number stand behind the point. */
function bitsBehind(x: number): number {
	let count = 0;
	for (let rest = x; rest !== Math.trunc(rest); rest *= 2) count++;
	return count;
}

/** x · 2^bits as a whole number. */
function whole(x: number, bits: number): bigint {
	let [rest, left] = [x, bits];
	for (; rest !== Math.trunc(rest); rest *= 2) left--;
	return BigInt(rest) << BigInt(left);
}

/** x / 2^bits, of which 64 bits are looked at. */
function rounded(x: bigint, bits: number): number {
	const cut = Math.max(0, x.toString(2).length - 64);
	const half = Math.trunc((cut - bits) / 2);
	return Number(x >> BigInt(cut)) * 2 ** half * 2 ** (cut - bits - half);
}

/**
 * The derivative of det along directions at an n×n matrix: what stands with ε₁·ε₂·… in
 * det(A + ε₁·H₁ + ε₂·H₂ + …), where all εᵢ² are 0. A polynomial of the εᵢ is its coefficients, one
 * for each set of them. Minors of the first rows are known by the set of their columns.
 */
export function exactDerivative(matrices: readonly (readonly number[])[], n: number): Exact {
	const bits = Math.max(...matrices.flat().map(bitsBehind));
	const elements = matrices.map((matrix) => matrix.map((x) => whole(x, bits)));
	const sets = 2 ** (matrices.length - 1);
	const sum = (ofTerm: (x: bigint, isOdd: boolean) => bigint): bigint => {
		let minors = new Map<number, bigint[]>([[0, [1n, ...new Array<bigint>(sets - 1).fill(0n)]]]);
		for (let row = 0; row < n; row++) {
			const next = new Map<number, bigint[]>();
			for (const [columns, minor] of minors) {
				for (let j = 0; j < n; j++) {
					if (((columns >> j) & 1) === 1) continue;
					// The sign counts the columns that j has to pass.
					const isOdd = (columns >> j).toString(2).replaceAll("0", "").length % 2 === 1;
					const wider = columns | (1 << j);
					const into = next.get(wider) ?? new Array<bigint>(sets).fill(0n);
					next.set(wider, into);
					for (const [which, matrix] of elements.entries()) {
						const factor = ofTerm(matrix[row * n + j]!, isOdd);
						const epsilon = which === 0 ? 0 : 1 << (which - 1);
						for (const [set, part] of minor.entries()) {
							if ((set & epsilon) === 0) into[set | epsilon]! += part * factor;
						}
					}
				}
			}
			minors = next;
		}
		return minors.get(2 ** n - 1)![sets - 1]!;
	};
	return {
		value: rounded(
			sum((x, isOdd) => (isOdd ? -x : x)),
			n * bits,
		),
		size: rounded(
			sum((x) => (x < 0n ? -x : x)),
			n * bits,
		),
	};
}
