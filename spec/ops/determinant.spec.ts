import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	adjugate,
	DTypeError,
	determinant,
	diagonalMatrix,
	eye,
	grad,
	jvp,
	logDet,
	mul,
	random,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	triangularSolve,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { exactDerivative } from "../reference/exact-determinant.ts";
import { suite } from "../suite.ts";

/**
 * The determinant as a sum of products of elements: minors of the first rows, by the set of their
 * columns, from smaller ones.
 */
function expanded(t: Tensor): Tensor {
	const [n, batch] = [t.shape.at(-1)!, new Array<null>(t.rank - 2).fill(null)];
	let minors = new Map([[0, tensor(1, { dtype: t.dtype })]]);
	for (let row = 0; row < n; row++) {
		const next = new Map<number, Tensor>();
		for (const [columns, minor] of minors) {
			for (let j = 0; j < n; j++) {
				if (((columns >> j) & 1) === 1) continue;
				// The sign counts the columns that j has to pass.
				const isOdd = (columns >> j).toString(2).replaceAll("0", "").length % 2 === 1;
				const element = t.slice(...batch, row, j);
				const product = minor.mul(isOdd ? element.neg() : element);
				const others = next.get(columns | (1 << j));
				next.set(columns | (1 << j), others === undefined ? product : others.add(product));
			}
		}
		minors = next;
	}
	return minors.get(2 ** n - 1)!;
}

const keys = random.split(random.key(7), 40);
let drawn = 0;
const normal = (shape: readonly number[]) => random.normal(keys[drawn++ % keys.length]!, shape);

/** A matrix of this rank, with elements that are not round. */
function ofRank(n: number, rank: number): Tensor {
	return normal([n, rank]).matmul(normal([rank, n]));
}

type Scalar = (t: Tensor) => Tensor;

/** Derivatives of a function of matrices along directions, each by reverse or by forward mode. */
function along(f: Scalar, directions: readonly Tensor[], modes: readonly ("r" | "f")[]): Scalar {
	return directions.reduce<Scalar>((g, v, i) => {
		if (modes[i] === "f") return (t) => jvp(g, t, v)[1];
		return (t) =>
			grad((u: Tensor) => g(u).sum())(t)
				.mul(v)
				.sum([-2, -1]);
	}, f);
}

const allModes = [
	["r", "r", "r"],
	["f", "r", "f"],
	["r", "f", "r"],
	["f", "f", "f"],
] as const;

/** Matrices to differentiate at, by name. */
const matrices: [string, Tensor][] = [
	[
		"the rank 2 matrix of 1 to 9, whose last pivot is not quite 0",
		tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]).reshape([3, 3]),
	],
	["a 3×3 matrix of rank 2 with a pivot of 0", tensor([2, 0, 0, 0, 3, 0, 0, 0, 0]).reshape([3, 3])],
	...[1, 2, 3, 5].flatMap((n) =>
		[n, n - 1, n - 2, 0]
			.filter((rank, i, all) => rank >= 0 && all.indexOf(rank) === i)
			.map((rank): [string, Tensor] => [`a ${n}×${n} matrix of rank ${rank}`, ofRank(n, rank)]),
	),
	[
		"a batch of a regular matrix, one of rank 1 and zeros",
		stack([ofRank(2, 2), ofRank(2, 1), ofRank(2, 0)]),
	],
];

suite("ops/determinant", (test) => {
	for (const [name, at] of matrices) {
		test(`the derivatives of the determinant are exact, to third order and in every mode, at ${name}`, () => {
			const directions = [0, 1, 2].map(() => normal(at.shape));
			for (const order of [1, 2, 3]) {
				const chosen = directions.slice(0, order);
				const truth = along(expanded, chosen, ["f", "f", "f"])(at);
				for (const modes of allModes) near(along(determinant, chosen, modes)(at), truth, 1e-12);
			}
			const second = (f: Scalar) => along(f, directions.slice(0, 2), ["r", "r"]);
			const gradient = grad((t: Tensor) => second(determinant)(t).sum());
			near(gradient(at), grad((t: Tensor) => second(expanded)(t).sum())(at), 1e-12);
			near(compile(second(determinant))(at), second(expanded)(at), 1e-12);
		});
	}

	for (const n of [1, 2, 3, 4, 5, 6]) {
		test(`derivatives of ${n}×${n} matrices at and near each rank are right to 8 units of the sum of the sizes of their terms`, () => {
			for (const lost of [0, 1, 2, 3].filter((rows) => rows <= n)) {
				for (const gap of lost === 0 ? [0] : [0, 1e-3, 1e-7, 1e-12]) {
					const at = ofRank(n, n - lost).add(normal([n, n]).mul(gap));
					for (const order of [0, 1, 2, 3]) {
						const directions = [0, 1, 2].slice(0, order).map(() => normal([n, n]));
						const { value, size } = exactDerivative(
							[at, ...directions].map((t) => [...t.data]),
							n,
						);
						const got = along(determinant, directions, allModes[order % 2]!)(at).item();
						if (Math.abs(got - value) <= 8 * 2 ** -52 * size) continue;
						assert.unreachable(`order ${order} at rank ${n - lost} + ${gap}: ${got}, not ${value}`);
					}
				}
			}
		});
	}

	test("logDet has the sign of the determinant nowhere but in it: its derivatives are those of log|det|", () => {
		for (const sign of [1, -1]) {
			const at = normal([4, 4]).add(eye(4).mul(tensor([3 * sign, 3, 3, 3])));
			const [v, w] = [normal([4, 4]), normal([4, 4])];
			const exact = (...directions: Tensor[]) =>
				exactDerivative(
					[at, ...directions].map((t) => [...t.data]),
					4,
				).value;
			const det = exact();
			assert.is(Math.sign(det), sign);
			assert.is(Math.sign(determinant(at).item()), sign);
			near(logDet(at), Math.log(Math.abs(det)));
			near(along(logDet, [v], ["r"])(at), exact(v) / det);
			const second = exact(v, w) / det - (exact(v) / det) * (exact(w) / det);
			for (const modes of allModes) near(along(logDet, [v, w], modes)(at), second);
		}
	});

	test("a product of pivots that over- or underflows on the way does not matter", () => {
		const at = diagonalMatrix(tensor([1e200, 1e200, 1e-200, -1e-200]));
		near(determinant(at), -1);
		near(mul(grad(determinant)(at), at), eye(4).neg());
		near(adjugate(at).mul(at), eye(4).neg());
		// adj is of degree 3.
		near(adjugate(at, at).mul(at), eye(4).mul(-3));
	});

	test("and in float32", () => {
		const at = ofRank(3, 2);
		const [v, w] = [normal([3, 3]), normal([3, 3])];
		const narrow = (t: Tensor) => t.astype("float32");
		const second = along(determinant, [narrow(v), narrow(w)], ["r", "r"])(narrow(at));
		assert.is(second.dtype, "float32");
		near(second, along(expanded, [v, w], ["r", "r"])(at), 1e-5);
	});

	test("directions of very different sizes do not disturb each other", () => {
		const at = ofRank(4, 1);
		const directions = [normal([4, 4]), normal([4, 4]).mul(1e-12), normal([4, 4]).mul(1e12)];
		const third = (f: Scalar) => along(f, directions, ["f", "f", "f"])(at);
		near(third(determinant), third(expanded), 1e-11);
	});

	test("where elements of the adjugate overflow, they are infinite and the zeros beside them stay 0", () => {
		const [big, inf, nan] = [1e200, Number.POSITIVE_INFINITY, Number.NaN];
		const slope = (a: number[][]) => grad((t: Tensor) => determinant(t))(tensor(a));
		const upper = [
			[big, 1, 0],
			[0, big, 0],
			[0, 0, 1],
		];
		same(slope(upper), [
			[big, 0, 0],
			[-1, big, 0],
			[0, 0, inf],
		]);
		same(adjugate(mul(big, eye(3))), [
			[inf, 0, 0],
			[0, inf, 0],
			[0, 0, inf],
		]);
		same(
			adjugate(
				tensor([
					[1, nan],
					[0, 1],
				]),
			),
			[
				[nan, nan],
				[nan, nan],
			],
		);
		// And a solution of a triangular system is infinite only where it is.
		same(triangularSolve(eye(2), tensor([inf, 1])), [inf, 1]);
		same(triangularSolve(eye(2), tensor([nan, 1])), [nan, nan]);
	});

	test("the adjugate along directions is its derivative along them, and refuses another shape or float dtype", () => {
		const [a, v, w] = [ofRank(4, 2), normal([4, 4]), normal([4, 4])];
		const first = (t: Tensor) => jvp(adjugate, t, v)[1];
		near(adjugate(a, v), first(a));
		near(adjugate(a, v, w), jvp(first, a, w)[1]);
		near(adjugate(a, v, w), adjugate(a, w, v));
		refuses(
			() => adjugate(a, v.astype("float32")),
			DTypeError,
			"adjugate: expected tensors of one float dtype",
		);
		refuses(
			() => adjugate(a, tensor([1, 2])),
			ShapeError,
			"adjugate: expected directions of shape (4×4), as the matrix is, got (2)",
		);
	});
});
