import * as assert from "uvu/assert";
import { checkOp } from "../../lib/check/check-op.ts";
import {
	DomainError,
	DTypeError,
	type Op,
	random,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { block, threefry } from "../../lib/random/threefry.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { correlation, within } from "./statistics.ts";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
const key = random.key(42);
const N = 40_000;

suite("random/keys", (test) => {
	test("Threefry-2x32 gives the known answers that Random123 publishes", () => {
		const answers = [
			[0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
			[-1, -1, -1, -1, 0x1cb996fc, 0xbb002be7],
			[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
		] as const;
		for (const [counter0, counter1, key0, key1, out0, out1] of answers) {
			threefry(key0, key1, counter0, counter1);
			assert.equal([block[0]! >>> 0, block[1]! >>> 0], [out0, out1]);
		}
	});

	// The numbers of the next three come from another program of the same definition, in Python.
	test("a key gives the same numbers everywhere", () => {
		same(
			random.uniform(key, [4]),
			[0.42672756361231334, 0.10015824296670306, 0.19643803754070277, 0.3914102647530826],
		);
		same(random.uniform(key, [2, 2], { dtype: "float32" }), [
			[0.4267275333404541, 0.1001582145690918],
			[0.1964380145072937, 0.391410231590271],
		]);
		const z = [-0.18471175182983557, -1.2806504160859569, -0.8544132417120566, -0.2756452692983566];
		near(random.normal(key, [4]), z, 2e-15);
		same(random.normal(key, [4], { dtype: "float32" }), z.map(Math.fround));
		same(random.randint(key, [4], -5, 5), [-1, -4, -4, -2]);
		same(random.permutation(key, 6), [4, 5, 0, 1, 3, 2]);
		same(random.bernoulli(key, tensor([0.42, 0.11, 0.19, 0.4])), [false, true, false, true]);
		const logits = tensor([0.2, 0.3, 0.5]).log();
		same(random.categorical(key, logits, { shape: [6] }), [2, 1, 2, 2, 2, 2]);
	});

	test("a key is the two words of its seed", () => {
		same(random.key(-1), [-1, -1]);
		same(random.key(2 ** 53 - 1), [2097151, -1]);
		same(random.key(2 ** 32), [1, 0]);
		same(random.key(1 - 2 ** 53), [-2097152, 1]);
		assert.is(random.key(0).dtype, "int32");
		for (const seed of [0.5, 2 ** 53, NAN, INF]) {
			refuses(() => random.key(seed), DomainError, "key: expected a seed");
		}
	});

	test("split and foldIn give the same keys everywhere", () => {
		const [first, second] = random.split(key);
		same(first, [64467757, -1378843660]);
		same(second, [1154097635, 473298049]);
		same(random.foldIn(key, 7), [631749419, -208348204]);
		same(random.foldIn(key, tensor(7, { dtype: "int32" })), [631749419, -208348204]);
	});

	test("split gives as many keys as asked for, the first ones the same", () => {
		const keys: Tensor[] = random.split(key, 20);
		const three: [Tensor, Tensor, Tensor] = random.split(key, 3);
		assert.is(keys.length, 20);
		for (const [i, one] of three.entries()) same(one, keys[i]!);
		assert.equal(random.split(key, 0), []);
		refuses(() => random.split(key, -1), ShapeError, "split: sizes");
	});

	test("keys made of a key differ from it and from each other", () => {
		const made = [key, ...random.split(key, 100)];
		for (let i = -100; i < 100; i++) made.push(random.foldIn(key, i));
		assert.is(new Set(made.map((one) => `${one.data}`)).size, 301);
	});

	test("keys made of one key draw independently of it and of each other", () => {
		const [first, second] = random.split(key);
		const keys = [key, first, second, random.foldIn(key, 0), random.foldIn(key, 1)];
		const drawn = keys.map((one) => random.normal(one, [N]));
		for (const [i, x] of drawn.entries()) {
			for (const y of drawn.slice(0, i)) within(correlation(x, y), 0, 1 / Math.sqrt(N));
		}
	});

	test("neighbouring seeds and neighbouring elements are not correlated", () => {
		const x = random.normal(random.key(1), [N]);
		within(correlation(x, random.normal(random.key(2), [N])), 0, 1 / Math.sqrt(N));
		const shifted = tensor([...x.data.slice(1), x.data[0]!]);
		within(correlation(x, shifted), 0, 1 / Math.sqrt(N));
	});

	test("anything but a key is refused, with the way to one", () => {
		const wrong: unknown[] = [42, undefined, tensor([1, 2]), zeros([3], { dtype: "int32" })];
		const uses: ((key: Tensor) => unknown)[] = [
			(key) => random.split(key),
			(key) => random.foldIn(key, 1),
			(key) => random.uniform(key, [2]),
			(key) => random.normal(key, [2]),
			(key) => random.bernoulli(key, 0.5, [2]),
			(key) => random.randint(key, [2], 0, 2),
			(key) => random.permutation(key, 3),
			(key) => random.categorical(key, zeros([2])),
			(key) => random.choice(key, 3),
			(key) => random.gumbel(key, [2]),
			(key) => random.exponential(key, [2]),
			(key) => random.laplace(key, [2]),
			(key) => random.logGamma(key, 1),
			(key) => random.gamma(key, 1),
			(key) => random.beta(key, 1, 1),
			(key) => random.poisson(key, 1),
			(key) => random.binomial(key, 1, 0.5),
			(key) => random.multivariateNormal(key, zeros([1]), tensor([[1]])),
		];
		for (const use of uses) {
			for (const one of wrong) refuses(() => use(one as Tensor), DTypeError, "random.key(seed)");
		}
		refuses(() => random.foldIn(key, 0.5), DTypeError, "0.5 is not an int32");
		refuses(() => random.foldIn(key, tensor(1)), DTypeError, "an int32 to fold in");
		refuses(() => random.foldIn(key, key), ShapeError, "a scalar to fold in");
	});

	const ops: Op[] = Object.values(random).flatMap((f) => ("op" in f ? [f.op as Op] : []));
	const general = [
		"its value has the shape and dtype of its rule",
		"a view gives what a copy gives",
	];
	for (const op of ops) {
		test(`${op.name} obeys the laws that do not ask for a derivative`, () => {
			checkOp(op, { laws: general });
		});
	}
});
