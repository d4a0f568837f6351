import * as assert from "uvu/assert";
import {
	arange,
	DomainError,
	grad,
	ShapeError,
	type Tensor,
	tensor,
	where,
	zeros,
} from "../../lib/index.ts";
import { type CtcOptions, ctcLoss } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";
import { differentiates, holdsUp, normal } from "./checks.ts";

const { POSITIVE_INFINITY } = Number;
const none = { reduction: "none" } as const;
const int32 = (values: number[] | number[][]) => tensor(values, { dtype: "int32" });

/** −log of the sum over all sequences of classes that are the labels when they are read. */
function byAllWays(logits: number[][], labels: number[], blank: number): number {
	const shares = logits.map((row) => {
		const total = row.reduce((sum, u) => sum + Math.exp(u), 0);
		return row.map((u) => Math.exp(u) / total);
	});
	const read = (way: number[]) => way.filter((c, t) => c !== blank && c !== way[t - 1]);
	const sum = (way: number[], p: number): number => {
		if (way.length === shares.length) return String(read(way)) === String(labels) ? p : 0;
		return shares[way.length]!.reduce((all, q, c) => all + sum([...way, c], p * q), 0);
	};
	return -Math.log(sum([], 1));
}

/** (3×6×4), as the reference values have it. */
const logits = tensor(
	Array.from({ length: 72 }, (_, i) => {
		const [b, t, c] = [Math.floor(i / 24), Math.floor(i / 4) % 6, i % 4];
		return ((7 * t + 3 * c + 5 * b * t) % 11) / 4 - 1;
	}),
	{ shape: [3, 6, 4] },
);
const labels = int32([
	[1, 2, 2],
	[3, 1, -5],
	[99, 0, 0],
]);
const lengths = { inputLengths: int32([6, 4, 5]), labelLengths: int32([3, 2, 0]) };

suite("nn/ctc", (test) => {
	test("ctcLoss is PyTorch's, with its gradient, on every road", () => {
		const f = (x: Tensor) => ctcLoss(x, labels, { ...lengths, ...none });
		for (const road of roads(f)) {
			near(road(logits), [4.6964824921121116, 2.770023766363421, 10.558939249342341]);
		}
		const gradient = grad((x: Tensor) => f(x).sum());
		for (const road of roads((x: Tensor) => gradient(x).slice(1))) {
			near(road(logits), [
				[-0.019548948016527463, 0.12389952995519075, 0.26229530697344144, -0.3666458889121047],
				[-0.009657510706566128, -2.158687189881378e-5, 0.26229530697344144, -0.2526162093949765],
				[-0.08177914161589427, -0.4335593881684894, 0.5461997617017543, -0.030861231917370727],
				[-0.11630365016989311, -0.5038162109855389, 0.5461997617017547, 0.07392009945367735],
				[0, 0, 0, 0],
				[0, 0, 0, 0],
			]);
		}
		const all = [4.6964824921121116, 2.770023766363421, 10.558939249342341];
		near(ctcLoss(logits, labels, lengths), (all[0]! + all[1]! + all[2]!) / 3);
	});

	test("it is the sum over all ways to write the labels, wherever the blank stands", () => {
		const x = normal(1, [1, 5, 3]);
		const rows = Array.from({ length: 5 }, (_, t) => [...x.slice(0, t).data]);
		for (const blank of [0, 1, 2]) {
			const [a, b] = [0, 1, 2].filter((c) => c !== blank) as [number, number];
			for (const word of [[], [a], [a, b], [a, a], [b, a, b], [a, a, b], [a, a, a]]) {
				const given = tensor(word, { dtype: "int32", shape: [1, word.length] });
				near(ctcLoss(x, given, { blank }), byAllWays(rows, word, blank), 1e-13);
			}
		}
	});

	test("it holds up", () => {
		const some = { inputLengths: int32([4, 3]), labelLengths: int32([2, 1]) };
		const two = int32([
			[1, 1],
			[2, 0],
		]);
		// A recorded loop adds up gradients in another order.
		holdsUp((x) => ctcLoss(x, two, some), normal(1, [2, 4, 3]), 2, 1e-13);
	});

	test("without a way the loss is ∞, and the gradient is 0 there alone", () => {
		const two = int32([
			[1, 1],
			[1, 2],
		]);
		const f = (x: Tensor) => ctcLoss(x, two, none);
		const x = normal(1, [2, 2, 3]);
		for (const road of roads(f)) assert.is(road(x).slice(0).item(), POSITIVE_INFINITY);
		const g = grad((u: Tensor) => f(u).slice(1).add(f(u).slice(0)))(x);
		same(g.slice(0), zeros([2, 3]));
		assert.ok(g.slice(1).abs().min().item() > 0);
		same(f(zeros([2, 0, 3])), [POSITIVE_INFINITY, POSITIVE_INFINITY]);
		same(ctcLoss(zeros([1, 0, 3]), zeros([1, 0], { dtype: "int32" })), 0);
	});

	test("what lies beyond the lengths shows nowhere, were it NaN", () => {
		const hole = (u: Tensor) => where(arange(4).greaterEqual(3).reshape([4, 1]), Number.NaN, u);
		const one = int32([[1, 2]]);
		const f = (u: Tensor) => ctcLoss(u, one, { inputLengths: int32([3]) });
		const x = normal(1, [1, 4, 3]);
		same(f(hole(x)), f(x));
		for (const road of roads(grad(f))) same(road(hole(x)), road(x));
	});

	test("far logits, and classes that cannot be, overflow nowhere, in float32 either", () => {
		const x = tensor([
			[
				[1e4, 0, -1e4],
				[0, 1e4, Number.NEGATIVE_INFINITY],
				[-1e4, 0, 1e4],
			],
		]);
		const one = int32([[1, 2]]);
		for (const dtype of ["float64", "float32"] as const) near(ctcLoss(x.astype(dtype), one), 0);
		near(ctcLoss(x, int32([[2]])), 1e4);
		same(ctcLoss(x, int32([[1, 2, 1]])), POSITIVE_INFINITY);
		differentiates(
			(u) => ctcLoss(u, one, none),
			tensor([
				[
					[1e3, 0, -1e3],
					[0, 1e3, 5],
					[-1e3, 0, 1e3],
				],
			]),
		);
		same(ctcLoss(tensor([[[Number.NaN, 0]]]), int32([[1]])), Number.NaN);
	});

	test("labels that cannot be are refused, and lengths that do not fit give NaN", () => {
		const f = (options: CtcOptions, y = labels) => ctcLoss(logits, y, { ...options, ...none });
		refuses(() => f({}), DomainError, "ctcLoss: ");
		refuses(
			() =>
				f(
					{},
					int32([
						[1, 0],
						[1, 2],
						[1, 2],
					]),
				),
			DomainError,
			"ctcLoss: ",
		);
		refuses(
			() =>
				f(
					{},
					int32([
						[1, 2],
						[1, -1],
						[1, 2],
					]),
				),
			DomainError,
			"ctcLoss: ",
		);
		refuses(
			() =>
				f(
					{},
					int32([
						[1, 2],
						[1, 2],
					]),
				),
			ShapeError,
			"expected labels as int32 (3×2)",
		);
		refuses(
			() => f({ inputLengths: int32([1]) }),
			ShapeError,
			"expected inputLengths as int32 (3)",
		);
		refuses(() => f({ blank: 4 }), ShapeError, "expected a blank below 4");
		const y = int32([[1], [1], [1]]);
		const bad = f({ inputLengths: int32([7, -1, 3]) }, y).isNaN();
		same(bad, [true, true, false]);
		same(f({ labelLengths: int32([2, -1, 1]) }, y).isNaN(), [true, true, false]);
	});
});
