import * as assert from "uvu/assert";
import {
	adjugate,
	DomainError,
	DTypeError,
	determinant,
	eye,
	grad,
	hvp,
	inverse,
	logDet,
	random,
	ShapeError,
	slogDet,
	solve,
	stack,
	type Tensor,
	take,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const a = tensor([
	[2, -1, 0.5],
	[1, 3, -2],
	[0.25, 1, 1.5],
]);
const b = tensor([
	[1, 2],
	[3, 4],
	[5, 6],
]);
const singular = tensor([
	[1, 2],
	[2, 4],
]);

/** The determinant of a 2×2 matrix, from its definition. */
const determinantOf2 = (t: Tensor) =>
	t
		.slice(0, 0)
		.mul(t.slice(1, 1))
		.sub(t.slice(0, 1).mul(t.slice(1, 0)));

suite("ops/linear-algebra", (test) => {
	test("inverse, solve, determinant and logDet are those of NumPy 2.4", () => {
		near(inverse(a), [
			[0.4297520661157025, 0.1322314049586777, 0.03305785123966942],
			[-0.1322314049586777, 0.1900826446280992, 0.2975206611570248],
			[0.016528925619834704, -0.14876033057851237, 0.4628099173553719],
		]);
		near(solve(a, b), [
			[0.9917355371900826, 1.5867768595041323],
			[1.9256198347107436, 2.28099173553719],
			[1.884297520661157, 2.2148760330578514],
		]);
		near(determinant(a), 15.125);
		near(logDet(a), 2.716349003916905);
		near(adjugate(a), inverse(a).mul(15.125));
	});

	test("a matrix that needs its rows exchanged is solved", () => {
		const swapped = tensor([
			[0, 1],
			[2, 0],
		]);
		same(determinant(swapped), -2);
		same(inverse(swapped), [
			[0, 0.5],
			[1, 0],
		]);
		near(solve(a.matmul(b).matmul(b.T).add(eye(3)), zeros([3])), [0, 0, 0]);
	});

	test("an ill-conditioned matrix is solved as well as its condition allows", () => {
		// The 8×8 Hilbert matrix has condition 1.5e10; the residual is still that of rounding.
		const hilbert = tensor(
			Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (_, j) => 1 / (i + j + 1))),
		);
		const right = hilbert.dot(tensor(new Float64Array(8).fill(1)));
		near(hilbert.dot(solve(hilbert, right)), right, 1e-14);
		// Its determinant is 1 / 365356847125734485878112256000000; the least of the factors is known
		// to 6 digits.
		near(determinant(hilbert).mul(3.653568471257345e32), 1, 1e-6);
	});

	test("b is a vector where it has one axis, or one fewer than the matrices; batches broadcast", () => {
		const vector = tensor([1, 3, 5]);
		const expected = [0.9917355371900827, 1.9256198347107438, 1.884297520661157];
		near(solve(a, vector), expected);
		const batch = stack([a, a.mul(2)]);
		near(solve(batch, stack([vector, vector])).slice(1), solve(a, vector).div(2));
		near(solve(batch, vector).slice(0), expected);
		refuses(
			() => solve(batch, b),
			ShapeError,
			"got (2×3×3) and (3×2); with one axis fewer it counts as vectors",
		);
		near(solve(batch, b.expandDims(0)).slice(0), solve(a, b));
		assert.equal(solve(batch.expandDims(1), zeros([1, 4, 3, 2])).shape, [2, 4, 3, 2]);
		near(solve(a, stack([b, b.neg()])).slice(1), solve(a, b).neg());
	});

	test("a singular matrix is refused, with its place in the batch", () => {
		refuses(
			() => inverse(singular),
			DomainError,
			"inverse: expected matrices with an inverse, but the matrix is singular",
		);
		const batch = stack([eye(2), eye(2), singular, eye(2)]).reshape([2, 2, 2, 2]);
		refuses(() => inverse(batch), DomainError, "matrix [1, 0] of the batch is singular");
		refuses(
			() => solve(batch, zeros([2])),
			DomainError,
			"solve: expected matrices with an inverse, but matrix [1, 0] of the batch is singular",
		);
		refuses(() => inverse(zeros([3, 3])), DomainError, "singular");
	});

	test("the determinant of a singular matrix is 0 and its gradient exact, whatever the rank", () => {
		same(determinant(singular), 0);
		same(grad(determinant)(singular), [
			[4, -2],
			[-2, 1],
		]);
		same(grad(determinant)(zeros([2, 2])), zeros([2, 2]));
		same(grad(determinant)(zeros([1, 1])), [[1]]);
		const rank1 = tensor([
			[1, 2, 3],
			[2, 4, 6],
			[3, 6, 9],
		]);
		same(grad(determinant)(rank1), zeros([3, 3]));
		// The cofactors of a matrix of rank 2, worked out by hand.
		const rank2 = tensor([
			[1, 2, 3],
			[4, 5, 6],
			[7, 8, 9],
		]);
		near(grad(determinant)(rank2), [
			[-3, 6, -3],
			[6, -12, 6],
			[-3, 6, -3],
		]);
	});

	test("second derivatives of the determinant are those of its definition", () => {
		const at = tensor([
			[1, 2],
			[3, 4],
		]);
		const v = tensor([
			[1, -2],
			[0.5, 3],
		]);
		near(hvp(determinant, at, v), hvp(determinantOf2, at, v));
		near(hvp(determinant, singular, v), hvp(determinantOf2, singular, v));
	});

	test("logDet is −∞ at a singular matrix, where it has no gradient, and does not overflow", () => {
		same(logDet(singular), -inf);
		refuses(() => grad(logDet)(singular), DomainError, "singular");
		near(logDet(eye(200).mul(1e5)), 200 * Math.log(1e5));
		near(logDet(tensor([[-2]])), Math.LN2);
		near(grad(logDet)(a), inverse(a).T);
	});

	test("the sign of a determinant is 0 where its logarithm is −∞, whatever rounding leaves", () => {
		const columns = [0, 1, 2, 3, 4, 2, ...Array.from({ length: 14 }, (_, i) => 6 + i)];
		let singulars = 0;
		for (let seed = 0; seed < 30; seed++) {
			const x = random.normal(random.key(seed), [20, 20]).mul(2).round();
			// Two equal columns: the last pivot is 0, or what rounding leaves.
			const [sign, log] = slogDet(take(x, tensor(columns, { dtype: "int32" }), 1));
			assert.is(sign.item() === 0, log.item() === -inf, `seed ${seed}`);
			if (sign.item() === 0) singulars++;
		}
		assert.ok(singulars > 3 && singulars < 27);
	});

	test("matrices without rows work: their determinant is 1", () => {
		const none = zeros([0, 0]);
		same(determinant(none), 1);
		same(logDet(none), 0);
		same(inverse(none), none);
		same(adjugate(none), none);
		same(solve(none, zeros([0, 3])), zeros([0, 3]));
		same(grad((t: Tensor) => determinant(t).sum())(zeros([0, 2, 2])), zeros([0, 2, 2]));
	});

	test("a NaN in a matrix is not taken for singular, and shows", () => {
		const bad = tensor([
			[nan, 0],
			[0, 0],
		]);
		same(determinant(bad), nan);
		assert.ok([...inverse(bad).data].some(Number.isNaN));
		assert.ok([...solve(bad, tensor([1, 1])).data].some(Number.isNaN));
	});

	test("int32 gives float64, float32 stays, and the two float dtypes do not mix", () => {
		const whole = tensor(
			[
				[2, 0],
				[0, 4],
			],
			{ dtype: "int32" },
		);
		same(inverse(whole), [
			[0.5, 0],
			[0, 0.25],
		]);
		assert.is(determinant(whole).dtype, "float64");
		assert.is(inverse(whole.astype("float32")).dtype, "float32");
		refuses(
			() => solve(a.astype("float32"), b),
			DTypeError,
			"solve: expected tensors of one float",
		);
	});

	test("what is not square, or does not fit, is refused", () => {
		for (const f of [inverse, determinant, adjugate, logDet]) {
			const text = `${f.op.name}: expected a square matrix or a batch of them, got shape (2×3)`;
			refuses(() => f(zeros([2, 3])), ShapeError, text);
			refuses(() => f(zeros([3])), ShapeError, "got shape (3)");
		}
		refuses(
			() => solve(a, zeros([2, 3])),
			ShapeError,
			"solve: expected as many rows on the right as the matrix has, got (3×3) and (2×3)",
		);
		refuses(() => solve(a, 1), ShapeError, "got (3×3) and ()");
	});
});
