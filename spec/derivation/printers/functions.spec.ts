import * as assert from "uvu/assert";
import { drawFrom, numbersFrom } from "../../../lib/check/sampling.ts";
import { functionsIn, functionText } from "../../../lib/derivation/printers/functions.ts";
import * as adjoint from "../../../lib/index.ts";
import { adjugateAlong } from "../../../lib/kernels/adjugate.ts";
import {
	determinantOf,
	factorize,
	identityMatrix,
	isSingular,
	solveDiagonal,
	solveFactored,
} from "../../../lib/kernels/factors.ts";
import { radixOrder } from "../../../lib/kernels/radix.ts";
import { productsOfOthers } from "../../../lib/kernels/scaled-product.ts";
import { near, same } from "../../near.ts";
import { suite } from "../../suite.ts";

/** A printed function, its types taken off, with those that it calls. */
function printed(name: string): (...args: unknown[]) => Float64Array & number {
	const all = [...functionsIn(`${name}(`)].map((each) => functionText(each, false));
	return new Function(`"use strict";\n${all.join("\n")}\nreturn ${name};`)();
}

/** Matrices of sizes 0 to 5: any, and those of a lower rank, to the last bit. */
function* matrices(): Generator<[a: Float64Array, n: number]> {
	const draw = drawFrom(numbersFrom(7));
	for (let n = 0; n <= 5; n++) {
		for (let rank = n; rank >= 0; rank--) {
			for (let trial = 0; trial < 3; trial++) {
				// Small whole numbers: sums of products of them are exact, and so is the rank.
				const part = (i: number) =>
					Float64Array.from({ length: n * rank }, () => i * draw.integer(-2, 2));
				const [left, right] = [part(1), part(2)];
				const a = new Float64Array(n * n);
				for (let i = 0; i < n; i++) {
					for (let j = 0; j < n; j++) {
						for (let k = 0; k < rank; k++) a[i * n + j]! += left[i * rank + k]! * right[k * n + j]!;
					}
				}
				yield [a, n];
				if (rank === n) yield [Float64Array.from(a, (x) => x + draw.integer(-9, 9) / 10), n];
			}
		}
	}
}

const random = (n: number, seed: number) => {
	const draw = drawFrom(numbersFrom(seed));
	return Float64Array.from({ length: n }, () => draw.integer(-1e6, 1e6) / 1e6);
};
const list = (x: ArrayLike<number>) => Array.from(x);
/** Relative to the greatest element, which sums of large terms with rounding errors are. */
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
	const size = Math.max(1, ...list(expected).map(Math.abs).filter(Number.isFinite));
	near(
		list(actual).map((x) => x / size),
		list(expected).map((x) => x / size),
		1e-12,
	);
};

suite("derivation/printers/functions", (test) => {
	test("elimination, determinant and its logarithm are those of the engine, singular matrices too", () => {
		const [determinant, logDeterminant] = [printed("determinant"), printed("logDeterminant")];
		const eliminated = printed("factorize");
		let singular = 0;
		for (const [a, n] of matrices()) {
			const factors = factorize(a.slice(), n);
			const own = eliminated(a, n) as unknown as typeof factors;
			for (const key of ["triangles", "pivots", "rows", "columns"] as const) {
				same(list(own[key]), list(factors[key]));
			}
			close([determinant(a, n)], [determinantOf(factors)]);
			close(
				[logDeterminant(a, n)],
				[adjoint.logDet(adjoint.tensor(list(a)).reshape([n, n])).item()],
			);
			if (isSingular(factors)) singular++;
		}
		assert.ok(singular > 20);
	});

	test("solutions and inverses are those of the engine, and refused for the same matrices", () => {
		const [solve, inverse] = [printed("solve"), printed("inverse")];
		for (const [a, n] of matrices()) {
			const factors = factorize(a.slice(), n);
			const b = random(n * 2, n);
			if (isSingular(factors)) {
				assert.throws(() => solve(a, b, n, 2), /a matrix without an inverse/);
				assert.throws(() => inverse(a, n), /a matrix without an inverse/);
				continue;
			}
			close(solve(a, b, n, 2), solveFactored(factors, solveDiagonal, b, 2));
			close(inverse(a, n), solveFactored(factors, solveDiagonal, identityMatrix(n), n));
		}
	});

	test("the adjugate, and along up to three directions, is that of the engine at singular matrices too", () => {
		const [adjugate, along] = [printed("adjugate"), printed("adjugateAlong")];
		for (const [a, n] of matrices()) {
			close(adjugate(a, n), adjugateAlong(a, n, []));
			for (let k = 1; k <= (n > 4 ? 1 : 3); k++) {
				const directions = Array.from({ length: k }, (_, i) => random(n * n, 10 * n + i));
				close(along(a, n, directions), adjugateAlong(a, n, directions));
			}
		}
	});

	test("the Cholesky factor, its gradient and triangular solutions are those of the engine", () => {
		const [choleskyFactor, choleskyGradient, solveTriangular] = [
			printed("choleskyFactor"),
			printed("choleskyGradient"),
			printed("solveTriangular"),
		];
		for (let n = 0; n <= 4; n++) {
			const a = random(n * n, n);
			for (let i = 0; i < n; i++) a[i * n + i] = n + 1 + i;
			const [matrix, right] = [adjoint.tensor(list(a)).reshape([n, n]), random(n * 3, n)];
			close(choleskyFactor(a, n), adjoint.cholesky(matrix).data);
			const factor = adjoint.cholesky(matrix);
			const g = adjoint.tensor(list(random(n * n, n + 1))).reshape([n, n]);
			close(
				choleskyGradient(factor.data, g.data, n),
				adjoint.internal.choleskyGradient(factor, g).data,
			);
			const b = adjoint.tensor(list(right)).reshape([n, 3]);
			for (let flags = 0; flags < 8; flags++) {
				const [lower, transposed, unitDiagonal] = [flags % 2 > 0, flags % 4 > 1, flags > 3];
				const x = adjoint.triangularSolve(matrix, b, { lower, transposed, unitDiagonal });
				close(solveTriangular(a, right, n, 3, lower, transposed, unitDiagonal), x.data);
			}
		}
		assert.throws(() => choleskyFactor(Float64Array.of(1, 2, 2, 1), 2), /not positive definite/);
		assert.throws(
			() => solveTriangular(new Float64Array(1), new Float64Array(1), 1, 1, true, false, false),
			/a 0 on its diagonal/,
		);
	});

	test("the sorted order is stable, with NaN where the engine has it", () => {
		const own = printed("sortedOrder");
		const values = [Number.NaN, 1, 0, -0, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (let n = 0; n < 40; n++) {
			const draw = drawFrom(numbersFrom(n));
			const x = Float64Array.from({ length: n }, () => draw.pick(values));
			for (const descending of [false, true]) {
				same(list(own(x, descending)), list(radixOrder(x, 0, n, descending)));
			}
		}
	});

	test("products of the others are those of the engine, with zeros too", () => {
		const own = printed("productsOfOthers");
		for (let n = 0; n < 9; n++) {
			for (let zeros = 0; zeros <= Math.min(n, 3); zeros++) {
				const x = random(n, n).fill(0, 0, zeros);
				const expected = new Float64Array(n);
				productsOfOthers(n)(x, 0, expected, 0, 1);
				close(own(x), expected);
			}
		}
		assert.equal(list(own(Float64Array.of(2, 0, 3))), [0, 6, 0]);
	});

	test("a determinant whose pivots over- and underflow in parts is exact", () => {
		const a = new Float64Array(16);
		for (const [i, x] of [1e-200, 1e200, 1e-180, 1e190].entries()) a[i * 5] = x;
		const exact = determinantOf(factorize(a.slice(), 4));
		assert.ok(Math.abs(printed("determinant")(a, 4) / exact - 1) < 1e-12);
	});
});
