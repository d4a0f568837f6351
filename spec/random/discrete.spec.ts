import * as assert from "uvu/assert";
import {
	arange,
	DomainError,
	grad,
	random,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { counts, even, moments, within } from "./statistics.ts";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
const key = random.key(42);
const N = 40_000;

suite("random/discrete", (test) => {
	test("bernoulli is true as often as p says", () => {
		for (const p of [0.1, 0.5, 0.99]) {
			const x = random.bernoulli(random.key(5), p, [N]);
			assert.is(x.dtype, "bool");
			within(x.astype("float64").mean().item(), p, Math.sqrt((p * (1 - p)) / N));
		}
		same(random.bernoulli(key, 0, [3]), [false, false, false]);
		same(random.bernoulli(key, 1, [3]), [true, true, true]);
		assert.equal(random.bernoulli(key, tensor([0.5, 0.5]), [3, 2]).shape, [3, 2]);
		assert.equal(random.bernoulli(key, 0.5).shape, []);
	});

	test("bernoulli refuses what is no probability", () => {
		for (const p of [-0.1, 1.1, NAN]) {
			refuses(() => random.bernoulli(key, tensor([0.5, p])), DomainError, `from 0 to 1, got ${p}`);
		}
		refuses(() => random.bernoulli(key, zeros([3]), [2]), ShapeError, "bernoulli: ");
	});

	test("randint gives each number of the range as often, and no other", () => {
		const x = random.randint(random.key(6), [N], -3, 4);
		assert.is(x.dtype, "int32");
		even(counts(x.add(3), 7));
		same(random.randint(key, [3], 5, 6), [5, 5, 5]);
	});

	test("randint reaches all of int32", () => {
		const x = random.randint(random.key(7), [N], -(2 ** 31), 2 ** 31).astype("float64");
		const [mean, variance] = moments(x.div(2 ** 32));
		within(mean, 0, Math.sqrt(1 / 12 / N));
		within(variance, 1 / 12, Math.sqrt(1 / 180 / N));
	});

	test("randint refuses an empty range and one beyond int32", () => {
		const ranges = [
			[3, 3],
			[4, 3],
			[0, 0.5],
			[0, 2 ** 31 + 1],
			[-(2 ** 31) - 1, 0],
			[NAN, 1],
		] as const;
		for (const [low, high] of ranges) {
			refuses(() => random.randint(key, [2], low, high), DomainError, "randint: expected whole");
		}
	});

	test("permutation gives every order as often", () => {
		const orders = new Map<string, number>();
		for (const one of random.split(random.key(8), 6000)) {
			const order = String(random.permutation(one, 4).data);
			orders.set(order, (orders.get(order) ?? 0) + 1);
		}
		assert.is(orders.size, 24);
		even([...orders.values()]);
	});

	test("permutation of a tensor moves its parts along the first axis, and its gradient back", () => {
		const order = random.permutation(key, 4);
		const x = arange(8).reshape([4, 2]);
		same(random.permutation(key, x), x.take(order, 0));
		same(random.permutation(key, 0), []);
		const weights = tensor([1, 2, 3, 4]);
		const g = grad((x: Tensor) => random.permutation(key, x).mul(weights).sum())(zeros([4]));
		same(g.take(order), weights);
		refuses(() => random.permutation(key, tensor(3)), ShapeError, "got a scalar");
		refuses(() => random.permutation(key, 1.5), ShapeError, "permutation: sizes");
	});

	test("categorical gives each class as often as softmax says", () => {
		const p = [0.1, 0.2, 0, 0.7];
		const logits = tensor(p).log().add(5);
		const found = counts(random.categorical(random.key(9), logits, { shape: [N] }), 4);
		for (const [i, pi] of p.entries()) {
			if (pi === 0) assert.is(found[i], 0);
			else within(found[i]! / N, pi, Math.sqrt((pi * (1 - pi)) / N));
		}
	});

	test("categorical takes any axis, and a shape before that of the logits", () => {
		const logits = tensor([
			[0, -INF],
			[-INF, 0],
			[-INF, -INF],
		]);
		const x = random.categorical(key, logits, { axis: 0, shape: [3, 2] });
		assert.is(x.dtype, "int32");
		same(x, [
			[0, 1],
			[0, 1],
			[0, 1],
		]);
		assert.equal(random.categorical(key, zeros([2, 3, 4])).shape, [2, 3]);
		assert.equal(random.categorical(key, zeros([0, 4])).shape, [0]);
	});

	test("categorical refuses logits of no distribution", () => {
		refuses(() => random.categorical(key, tensor([0, NAN])), DomainError, "got NaN");
		refuses(() => random.categorical(key, tensor([0, INF])), DomainError, "got Infinity");
		refuses(() => random.categorical(key, tensor([-INF, -INF])), DomainError, "a finite logit");
		refuses(() => random.categorical(key, zeros([2, 0])), ShapeError, "classes to choose from");
		refuses(() => random.categorical(key, tensor(0)), ShapeError, "axis -1 is out of range");
		refuses(
			() => random.categorical(key, zeros([3, 2]), { shape: [4] }),
			ShapeError,
			"categorical: ",
		);
	});

	test("no draw has a gradient of its own", () => {
		const f = (x: Tensor) => {
			const chosen = random.categorical(key, x).astype("float64");
			return chosen.add(random.bernoulli(key, x).astype("float64").sum());
		};
		same(grad(f)(tensor([0.25, 0.5])), [0, 0]);
	});
});
