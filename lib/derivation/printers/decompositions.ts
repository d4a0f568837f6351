// Decompositions of matrices as functions that printed programs define. They give what the engine
// does, to rounding, by the shortest methods, and not by the fastest ones.

/** The functions in TypeScript: types stand in the first line alone. */
export const DECOMPOSITIONS: readonly string[] = [
	`// Factor the matrix row by row, and go through the steps backwards: from the gradient by the lower
// triangle to the one by the matrix.
function choleskyGradient(l: Float64Array, g: Float64Array, n: number) {
  const out = g.slice();
  for (let k = n - 1; k >= 0; k--) {
    for (let i = k + 1; i < n; i++) {
      out[i * n + k] /= l[k * n + k];
      out[k * n + k] -= out[i * n + k] * l[i * n + k];
    }
    out[k * n + k] /= 2 * l[k * n + k];
    for (let j = 0; j < k; j++) {
      for (let i = k; i < n; i++) {
        out[k * n + j] -= out[i * n + k] * l[i * n + j];
        out[i * n + j] -= out[i * n + k] * l[k * n + j];
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j] /= 2;
  }
  return out;
}`,
	`function signOfDeterminant(a: Float64Array, n: number) {
  const { pivots, sign } = factorize(a, n);
  return pivots.reduce((product, pivot) => product * Math.sign(pivot), sign);
}`,
	`// The sign of the largest element of column j, of which there are m.
function leadingSign(a: Float64Array, j: number, m: number, n: number) {
  let greatest = 0;
  for (let i = 0; i < m; i++) greatest = Math.max(greatest, Math.abs(a[i * n + j]));
  for (let i = 0; i < m; i++) {
    if (Math.abs(a[i * n + j]) >= greatest * (1 - 2 ** -26)) return a[i * n + j] < 0 ? -1 : 1;
  }
  return 1;
}`,
	`// The symmetric matrix is turned until it is diagonal: Jacobi's method. The eigenvalues are the first
// row, the vectors are the columns below.
function eigenSystem(matrix: Float64Array, n: number) {
  const a = matrix.map((x, at) => (x + matrix[(at % n) * n + Math.floor(at / n)]) / 2);
  const v = identityMatrix(n);
  for (let sweep = 0; sweep < 50; sweep++) {
    let turns = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const beside = a[p * n + q];
        if (Math.abs(beside) <= 1e-17 * Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q]))) continue;
        turns++;
        const half = (a[q * n + q] - a[p * n + p]) / (2 * beside);
        const t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(1, half));
        const c = 1 / Math.hypot(1, t);
        for (const x of [a, v]) {
          for (let i = 0; i < n; i++) {
            const [left, right] = [x[i * n + p], x[i * n + q]];
            x[i * n + p] = c * (left - t * right);
            x[i * n + q] = c * (right + t * left);
          }
        }
        for (let i = 0; i < n; i++) {
          const [above, below] = [a[p * n + i], a[q * n + i]];
          a[p * n + i] = c * (above - t * below);
          a[q * n + i] = c * (below + t * above);
        }
      }
    }
    if (turns === 0) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i] - a[j * n + j]);
  const out = new Float64Array((n + 1) * n);
  for (let k = 0; k < n; k++) {
    const j = order[k];
    out[k] = a[j * n + j];
    for (let i = 0; i < n; i++) out[(i + 1) * n + k] = leadingSign(v, j, n, n) * v[i * n + j];
  }
  return out;
}`,
	`function columnProduct(a: Float64Array, p: number, q: number, n: number) {
  let sum = 0;
  for (let i = 0; i < a.length; i += n) sum += a[i + p] * a[i + q];
  return sum;
}`,
	`// Pairs of columns are turned until all are perpendicular: their lengths are the singular values, which
// lie in a row between the columns of U and of V. To a length of 0 belongs a column of zeros in U.
function singularSystem(a: Float64Array, m: number, n: number): Float64Array {
  if (m < n) {
    const turned = a.map((_, at) => a[(at % m) * n + Math.floor(at / m)]);
    const [wide, k] = [singularSystem(turned, n, m), m];
    const out = new Float64Array(wide.length);
    for (let j = 0; j < k; j++) {
      const sign = leadingSign(wide.subarray((n + 1) * k), j, m, k);
      for (let i = 0; i < m; i++) out[i * k + j] = sign * wide[(n + 1 + i) * k + j];
      out[m * k + j] = wide[n * k + j];
      for (let i = 0; i < n; i++) out[(m + 1 + i) * k + j] = sign * wide[i * k + j];
    }
    return out;
  }
  const [columns, v] = [a.slice(), identityMatrix(n)];
  for (let sweep = 0; sweep < 50; sweep++) {
    let turns = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const [first, second, between] = [[p, p], [q, q], [p, q]].map(([i, j]) =>
          columnProduct(columns, i, j, n),
        );
        if (Math.abs(between) <= 1e-15 * Math.sqrt(first * second)) continue;
        turns++;
        const half = (first - second) / (2 * between);
        const t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(1, half));
        const c = 1 / Math.hypot(1, t);
        for (const x of [columns, v]) {
          for (let i = 0; i < x.length; i += n) {
            const [left, right] = [x[i + p], x[i + q]];
            x[i + p] = c * (left + t * right);
            x[i + q] = c * (right - t * left);
          }
        }
      }
    }
    if (turns === 0) break;
  }
  const sizes = Float64Array.from({ length: n }, (_, j) => Math.sqrt(columnProduct(columns, j, j, n)));
  const order = Array.from({ length: n }, (_, j) => j).sort((i, j) => sizes[j] - sizes[i]);
  const out = new Float64Array((m + 1 + n) * n);
  for (let k = 0; k < n; k++) {
    const j = order[k];
    const sign = leadingSign(columns, j, m, n);
    for (let i = 0; i < m; i++) out[i * n + k] = (sign * columns[i * n + j]) / (sizes[j] || 1);
    out[m * n + k] = sizes[j];
    for (let i = 0; i < n; i++) out[(m + 1 + i) * n + k] = sign * v[i * n + j];
  }
  return out;
}`,
	`function pseudoinverse(a: Float64Array, m: number, n: number, rtol: number) {
  const [system, k] = [singularSystem(a, m, n), Math.min(m, n)];
  const values = system.subarray(m * k, (m + 1) * k);
  const out = new Float64Array(n * m);
  for (let j = 0; j < k && !(values[j] <= rtol * values[0]); j++) {
    for (let i = 0; i < n; i++) {
      const part = system[(m + 1 + i) * k + j] / values[j];
      for (let l = 0; l < m; l++) out[i * m + l] += part * system[l * k + j];
    }
  }
  return out;
}`,
	`// Each column is reflected onto the first elements. Q stands above R, in which no number on the
// diagonal is negative.
function stackedQR(a: Float64Array, m: number, n: number) {
  const [q, r] = [identityMatrix(m), a.slice()];
  for (let k = 0; k < n; k++) {
    const v = Float64Array.from({ length: m }, (_, i) => (i < k ? 0 : r[i * n + k]));
    const length = Math.hypot(...v);
    v[k] += v[k] > 0 ? length : -length;
    const half = columnProduct(v, 0, 0, 1) / 2;
    if (half === 0) continue;
    for (const x of [r, q]) {
      const columns = x.length / m;
      for (let j = 0; j < columns; j++) {
        let product = 0;
        for (let i = k; i < m; i++) product += v[i] * x[i * columns + j];
        for (let i = k; i < m; i++) x[i * columns + j] -= (product / half) * v[i];
      }
    }
  }
  const out = new Float64Array((m + n) * n);
  for (let j = 0; j < n; j++) {
    const sign = r[j * n + j] < 0 ? -1 : 1;
    for (let i = 0; i < m; i++) out[i * n + j] = sign * q[j * m + i];
    for (let k = j; k < n; k++) out[(m + j) * n + k] = sign * r[j * n + k];
  }
  return out;
}`,
	`// The eigenvalues become their roots or their logarithms.
function spectral(a: Float64Array, n: number, isRoot: boolean) {
  const system = eigenSystem(a, n);
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const value = isRoot ? Math.sqrt(system[k]) : Math.log(system[k]);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        out[i * n + j] += system[(i + 1) * n + k] * value * system[(j + 1) * n + k];
      }
    }
  }
  return out;
}`,
	`// What is between two eigenvectors is divided by what the square or the exponential does there.
function symmetricSlope(y: Float64Array, e: Float64Array, n: number, isRoot: boolean) {
  const system = eigenSystem(y, n);
  const v = system.slice(n);
  const turned = v.map((_, at) => v[(at % n) * n + Math.floor(at / n)]);
  const inside = product(product(turned, e, n), v, n).map((x, at) => {
    const [p, q] = [system[Math.floor(at / n)], system[at % n]];
    if (isRoot) return x / (p + q);
    const gap = Math.abs(p - q);
    return x * Math.exp(-Math.max(p, q)) * (gap === 0 ? 1 : -gap / Math.expm1(-gap));
  });
  return product(product(v, inside, n), turned, n);
}`,
	`// Which row comes to each place when the greatest element that is left becomes the pivot.
function pivotOrder(a: Float64Array, m: number, n: number) {
  const order = Float64Array.from({ length: m }, (_, i) => i);
  let rest = a.slice();
  for (let k = 0; k < Math.min(m, n); k++) {
    let row = k;
    for (let i = k + 1; i < m; i++) {
      if (Math.abs(rest[i * n + k]) > Math.abs(rest[row * n + k])) row = i;
    }
    [order[k], order[row]] = [order[row], order[k]];
    for (let j = 0; j < n; j++) {
      [rest[k * n + j], rest[row * n + j]] = [rest[row * n + j], rest[k * n + j]];
    }
    rest = eliminated(rest, m, n, k, k + 1);
  }
  return order;
}`,
	`// U on and above the diagonal, and L below it, whose ones are not stored.
function eliminated(a: Float64Array, m: number, n: number, from = 0, to = Math.min(m, n)) {
  const out = a.slice();
  for (let k = from; k < to; k++) {
    for (let i = k + 1; i < m; i++) {
      out[i * n + k] = out[i * n + k] === 0 ? 0 : out[i * n + k] / out[k * n + k];
      for (let j = k + 1; j < n; j++) out[i * n + j] -= out[i * n + k] * out[k * n + j];
    }
  }
  return out;
}`,
	`// A series for a small part of the matrix, squared. Along matrices it is the derivative, which exp of
// [a h; 0 a] has at the upper right.
function exponential(a: Float64Array, n: number, along: Float64Array[]) {
  let [x, size] = [a, n];
  for (const h of along) {
    const next = new Float64Array(4 * size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        next[i * 2 * size + j] = x[i * size + j];
        next[(i + size) * 2 * size + j + size] = x[i * size + j];
        const isBlock = Math.floor(i / n) === Math.floor(j / n);
        next[i * 2 * size + j + size] = isBlock ? h[(i % n) * n + (j % n)] : 0;
      }
    }
    [x, size] = [next, 2 * size];
  }
  const greatest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * size;
  const steps = greatest > 0.5 ? Math.ceil(Math.log2(greatest)) + 1 : 0;
  let [term, out] = [identityMatrix(size), identityMatrix(size)];
  for (let k = 1; k < 20; k++) {
    term = product(term, x, size).map((value) => value / (k * 2 ** steps));
    out = out.map((value, at) => value + term[at]);
  }
  for (let step = 0; step < steps; step++) out = product(out, out, size);
  return Float64Array.from(a, (_, at) => out[Math.floor(at / n) * size + size - n + (at % n)]);
}`,
	`function product(a: Float64Array, b: Float64Array, n: number) {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      for (let j = 0; j < n; j++) out[i * n + j] += a[i * n + k] * b[k * n + j];
    }
  }
  return out;
}`,
];
