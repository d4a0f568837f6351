import type { FunctionParams } from "../../core/loop-form.ts";
import { DECOMPOSITIONS } from "./decompositions.ts";

/** How a printed program calls a function that it defines. */
export interface PrintedFunction<P = unknown> {
	/** The axes that one call takes together, of an argument of a rank. */
	readonly axes: (rank: number, params: P) => readonly number[];
	/** From typed arrays of a part each, and the sizes of the last one. */
	readonly call: (parts: readonly string[], sizes: readonly number[], params: P) => string;
	/** It gives a number for each part; left out: an array. */
	readonly givesNumber?: boolean;
}

const matrix = (rank: number) => [rank - 2, rank - 1];

/** The functions by what they compute. */
export const functions: {
	readonly [K in keyof FunctionParams]: PrintedFunction<FunctionParams[K]>;
} = {
	"inverse matrix": { axes: matrix, call: ([a], [n]) => `inverse(${a}, ${n})` },
	"solution of equations": {
		axes: matrix,
		call: ([a, b], [n, m]) => `solve(${a}, ${b}, ${n}, ${m})`,
	},
	"triangular solution": {
		axes: matrix,
		call: ([a, b], [n, m], { lower, transposed, unitDiagonal }) =>
			`solveTriangular(${a}, ${b}, ${n}, ${m}, ${lower}, ${transposed}, ${unitDiagonal})`,
	},
	"factor of Cholesky": { axes: matrix, call: ([a], [n]) => `choleskyFactor(${a}, ${n})` },
	"gradient of Cholesky": {
		axes: matrix,
		call: ([l, g], [n]) => `choleskyGradient(${l}, ${g}, ${n})`,
	},
	"determinant of a matrix": {
		axes: matrix,
		call: ([a], [n]) => `determinant(${a}, ${n})`,
		givesNumber: true,
	},
	"logarithm of a determinant": {
		axes: matrix,
		call: ([a], [n]) => `logDeterminant(${a}, ${n})`,
		givesNumber: true,
	},
	"sign of a determinant": {
		axes: matrix,
		call: ([a], [n]) => `signOfDeterminant(${a}, ${n})`,
		givesNumber: true,
	},
	"eigenvalues and eigenvectors": { axes: matrix, call: ([a], [n]) => `eigenSystem(${a}, ${n})` },
	"singular value decomposition": {
		axes: matrix,
		call: ([a], [m, n]) => `singularSystem(${a}, ${m}, ${n})`,
	},
	pseudoinverse: {
		axes: matrix,
		call: ([a], [m, n], { rtol }) => `pseudoinverse(${a}, ${m}, ${n}, ${rtol})`,
	},
	"QR decomposition": { axes: matrix, call: ([a], [m, n]) => `stackedQR(${a}, ${m}, ${n})` },
	"order of pivots": { axes: matrix, call: ([a], [m, n]) => `pivotOrder(${a}, ${m}, ${n})` },
	elimination: { axes: matrix, call: ([a], [m, n]) => `eliminated(${a}, ${m}, ${n})` },
	"exponential of a matrix": {
		axes: matrix,
		call: ([a, ...along], [n]) => `exponential(${a}, ${n}, [${along.join(", ")}])`,
	},
	"function of a symmetric matrix": {
		axes: matrix,
		call: ([a], [n], { of }) => `spectral(${a}, ${n}, ${of === "root"})`,
	},
	"slope of a function of a symmetric matrix": {
		axes: matrix,
		call: ([y, e], [n], { of }) => `symmetricSlope(${y}, ${e}, ${n}, ${of === "root"})`,
	},
	"adjugate matrix": {
		axes: matrix,
		call: ([a, ...along], [n]) =>
			along.length === 0
				? `adjugate(${a}, ${n})`
				: `adjugateAlong(${a}, ${n}, [${along.join(", ")}])`,
	},
	"sorted order": {
		axes: (_, { axis }) => [axis],
		call: ([line], _, { descending }) => `sortedOrder(${line}, ${descending})`,
	},
	"products of others": {
		axes: (_, { axes }) => axes,
		call: ([line]) => `productsOfOthers(${line})`,
	},
};

/**
 * The functions in TypeScript: types stand in the first line alone. Those of matrices compute what
 * the engine does, in the same steps.
 */
const TEXTS: readonly string[] = [
	`// Gaussian elimination: the greatest element that is left becomes the pivot. With rows and columns
// in that order the matrix is L·D·U; L and U have ones on the diagonal, which are not kept.
function factorize(matrix: Float64Array, n: number) {
  const a = matrix.slice();
  const pivots = new Float64Array(n);
  const rows = Int32Array.from(pivots, (_, i) => i);
  const columns = rows.slice();
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let [greatest, row, column] = [0, k, k];
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++) {
        const size = Math.abs(a[i * n + j]);
        if (size <= greatest || Number.isNaN(greatest)) continue;
        [greatest, row, column] = [size, i, j];
      }
    }
    if (row !== k) {
      for (let j = 0; j < n; j++) {
        [a[k * n + j], a[row * n + j]] = [a[row * n + j], a[k * n + j]];
      }
      [rows[k], rows[row]] = [rows[row], rows[k]];
      sign = -sign;
    }
    if (column !== k) {
      for (let i = 0; i < n; i++) {
        [a[i * n + k], a[i * n + column]] = [a[i * n + column], a[i * n + k]];
      }
      [columns[k], columns[column]] = [columns[column], columns[k]];
      sign = -sign;
    }
    const pivot = a[k * n + k];
    if (pivot === 0) break;
    pivots[k] = pivot;
    for (let i = k + 1; i < n; i++) {
      a[i * n + k] /= pivot;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= a[i * n + k] * a[k * n + j];
    }
    for (let j = k + 1; j < n; j++) a[k * n + j] /= pivot;
  }
  return { triangles: a, pivots, rows, columns, sign };
}`,
	`function solveLower(a: Float64Array, rows: Int32Array, b: Float64Array, n: number, m: number) {
  const y = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < m; c++) {
      let rest = b[rows[i] * m + c];
      for (let k = 0; k < i; k++) rest -= a[i * n + k] * y[k * m + c];
      y[i * m + c] = rest;
    }
  }
  return y;
}`,
	`function solveUpper(a: Float64Array, columns: Int32Array, y: Float64Array, n: number, m: number) {
  const x = new Float64Array(n * m);
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < m; c++) {
      let rest = y[i * m + c];
      for (let k = i + 1; k < n; k++) rest -= a[i * n + k] * x[columns[k] * m + c];
      x[columns[i] * m + c] = rest;
    }
  }
  return x;
}`,
	`function solve(a: Float64Array, b: Float64Array, n: number, m: number) {
  const { triangles, pivots, rows, columns } = factorize(a, n);
  if (pivots.includes(0)) throw new RangeError("a matrix without an inverse");
  const y = solveLower(triangles, rows, b, n, m);
  for (let i = 0; i < n * m; i++) y[i] /= pivots[Math.floor(i / m)];
  return solveUpper(triangles, columns, y, n, m);
}`,
	`function identityMatrix(n: number) {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}`,
	`function inverse(a: Float64Array, n: number) {
  return solve(a, identityMatrix(n), n, n);
}`,
	`function determinant(a: Float64Array, n: number) {
  const { pivots, sign } = factorize(a, n);
  let product = sign;
  // The great ones come first: from both ends no part of the product grows too large or too small.
  let [i, k] = [0, n - 1];
  while (i <= k) product *= Math.abs(product) < 1 ? pivots[i++] : pivots[k--];
  return product;
}`,
	`function logDeterminant(a: Float64Array, n: number) {
  let total = 0;
  for (const pivot of factorize(a, n).pivots) total += Math.log(Math.abs(pivot));
  return total;
}`,
	`// The product of all but one, for each.
function productsOfOthers(x: Float64Array) {
  const n = x.length;
  const out = new Float64Array(n);
  let before = 1;
  for (let i = 0; i < n; i++) {
    out[i] = before;
    before *= x[i];
  }
  let after = 1;
  for (let i = n - 1; i >= 0; i--) {
    out[i] *= after;
    after *= x[i];
  }
  return out;
}`,
	`// The transposed matrix of cofactors: det(A)·A⁻¹ where there is an inverse.
function adjugate(a: Float64Array, n: number) {
  const { triangles, pivots, rows, columns, sign } = factorize(a, n);
  const others = productsOfOthers(pivots);
  const y = solveLower(triangles, rows, identityMatrix(n), n, n);
  for (let i = 0; i < n * n; i++) y[i] *= sign * others[Math.floor(i / n)];
  return solveUpper(triangles, columns, y, n, n);
}`,
	`// The derivative of the adjugate along matrices, of as high an order as there are.
function adjugateAlong(a: Float64Array, n: number, along: Float64Array[]): Float64Array {
  const [h, ...rest] = along;
  if (h === undefined) return adjugate(a, n);
  // A cofactor is linear in each column: they are replaced by those of h in turn.
  const out = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const replaced = a.slice();
    const left = rest.map((matrix) => matrix.slice());
    for (let i = 0; i < n; i++) {
      replaced[i * n + c] = h[i * n + c];
      for (const matrix of left) matrix[i * n + c] = 0;
    }
    const y = adjugateAlong(replaced, n, left);
    // The cofactors of column c itself do not have it.
    for (let i = 0; i < n * n; i++) {
      if (Math.floor(i / n) !== c) out[i] += y[i];
    }
  }
  return out;
}`,
	`function choleskyFactor(a: Float64Array, n: number) {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = (a[i * n + j] + a[j * n + i]) / 2;
      for (let k = 0; k < j; k++) rest -= l[i * n + k] * l[j * n + k];
      if (i === j && rest <= 0) throw new RangeError("a matrix that is not positive definite");
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j];
    }
  }
  return l;
}`,
	`function solveTriangular(a: Float64Array, b: Float64Array, n: number, m: number, lower: boolean, transposed: boolean, unitDiagonal: boolean) {
  const x = b.slice();
  const forwards = lower !== transposed;
  const [down, across] = transposed ? [1, n] : [n, 1];
  for (let step = 0; step < n; step++) {
    const i = forwards ? step : n - 1 - step;
    const diagonal = unitDiagonal ? 1 : a[i * n + i];
    if (diagonal === 0) throw new RangeError("a triangular matrix with a 0 on its diagonal");
    const [from, to] = forwards ? [0, i] : [i + 1, n];
    for (let c = 0; c < m; c++) {
      for (let k = from; k < to; k++) x[i * m + c] -= a[i * down + k * across] * x[k * m + c];
      x[i * m + c] /= diagonal;
    }
  }
  return x;
}`,
	`// Of equal elements the first comes first; NaN counts as greater than everything.
function sortedOrder(x: Float64Array, descending: boolean) {
  const sign = descending ? -1 : 1;
  return Float64Array.from(x, (_, i) => i).sort((i, j) => {
    const missing = Number(Number.isNaN(x[i])) - Number(Number.isNaN(x[j]));
    return sign * (missing || x[i] - x[j]);
  });
}`,
];

const byName = new Map(
	[...TEXTS, ...DECOMPOSITIONS].map((text) => [/^function (\w+)/m.exec(text)![1]!, text]),
);

/** The printed functions that a text calls, and those that they call, which come first. */
export function functionsIn(text: string, found = new Set<string>()): ReadonlySet<string> {
	for (const [name, own] of byName) {
		if (found.has(name) || own === text || !new RegExp(`\\b${name}\\(`).test(text)) continue;
		functionsIn(own, found);
		found.add(name);
	}
	return found;
}

/** The definition of a printed function, with or without types. */
export function functionText(name: string, typed: boolean): string {
	const text = byName.get(name)!;
	return typed ? text : text.replace(/^function .*\{$/m, withoutTypes);
}

function withoutTypes(signature: string): string {
	return signature.replace(/: (?:number|boolean|(?:Float64|Int32)Array)(?:\[\])?/g, "");
}
