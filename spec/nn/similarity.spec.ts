import { grad, ShapeError, type Tensor, tensor, zeros } from "../../lib/index.ts";
import { infoNce, tripletLoss } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

const none = { reduction: "none" } as const;

const anchor = tensor([
	[1, 2, 3],
	[0, -1, 2],
]);
const positive = tensor([
	[1.5, 2, 2],
	[1, 1, 1],
]);
const negative = tensor([
	[1.25, 2.5, 2.5],
	[4, 1, -2],
]);

suite("nn/similarity", (test) => {
	test("tripletLoss is PyTorch's without its 10⁻⁶, on every road", () => {
		const f = (a: Tensor) => tripletLoss(a, positive, negative, { margin: 4, ...none });
		for (const road of roads(f)) near(road(anchor), [4.368033988749895, 0.4494897427831779]);
		const swapped = { margin: 3, swap: true };
		near(
			tripletLoss(anchor, positive, negative, { ...swapped, ...none }),
			[3.368033988749895, 1.206849055663892],
		);
		near(tripletLoss(anchor, positive, negative, swapped), 2.2874415222068936);
	});

	test("tripletLoss holds up", () => {
		const tree = { a: normal(1, [3, 4]), p: normal(2, [3, 4]), n: normal(3, [3, 4]) };
		for (const swap of [false, true]) {
			holdsUp(({ a, p, n }) => tripletLoss(a, p, n, { margin: 5, swap }), tree);
		}
	});

	test("a triplet that is far enough apart, or of equal vectors, has no gradient and no NaN", () => {
		const f = (a: Tensor) => tripletLoss(a, positive, negative, { margin: 0.5, ...none });
		same(grad((a: Tensor) => f(a).sum())(anchor).slice(1), [0, 0, 0]);
		const equal = (a: Tensor) => tripletLoss(a, anchor, anchor);
		near(equal(anchor), 1);
		same(grad(equal)(anchor), zeros([2, 3]));
	});

	test("infoNce is the cross-entropy of cosines in PyTorch, on every road", () => {
		const temperature = 0.5;
		for (const road of roads((q: Tensor) => infoNce(q, positive, { temperature, ...none }))) {
			near(road(anchor), [0.6595498972256107, 0.7145445451782988]);
		}
		near(
			infoNce(anchor, positive, { temperature, symmetric: true, ...none }),
			[0.443875490707795, 1.1416757696363686],
		);
		near(
			infoNce(anchor, positive, { temperature: tensor(0.5) }),
			(0.6595498972256107 + 0.7145445451782988) / 2,
		);
	});

	test("infoNce holds up, also in a temperature that is learned", () => {
		const tree = { q: normal(1, [3, 4]), k: normal(2, [3, 4]), temperature: tensor(0.5) };
		for (const symmetric of [false, true]) {
			holdsUp(({ q, k, temperature }) => infoNce(q, k, { temperature, symmetric }), tree);
		}
	});

	test("of vectors of zeros nothing is known: log n, and no gradient", () => {
		const f = (q: Tensor) => infoNce(q, positive);
		near(f(zeros([2, 3])), Math.log(2));
		same(grad(f)(zeros([2, 3])), zeros([2, 3]));
	});

	test("shapes that do not fit are refused by name", () => {
		refuses(() => infoNce(anchor, positive.slice([0, 1])), ShapeError, "infoNce: expected queries");
		refuses(
			() => infoNce(anchor.slice(0), anchor.slice(0)),
			ShapeError,
			"(samples×width), got (3)",
		);
		const short = negative.slice([0, 1]);
		refuses(() => tripletLoss(anchor, positive, short), ShapeError, "tripletLoss: expected");
	});
});
