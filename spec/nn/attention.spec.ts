import * as assert from "uvu/assert";
import {
	arange,
	DomainError,
	grad,
	logicalAnd,
	random,
	ShapeError,
	type Tensor,
	tensor,
	where,
} from "../../lib/index.ts";
import { attention, multiHeadAttention, transformerBlock } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

/** cos(a·i) for the elements i of a shape: the numbers of the reference runs. */
const wave = (a: number, ...shape: number[]) =>
	arange(shape.reduce((x, y) => x * y))
		.mul(a)
		.cos()
		.reshape(shape);

const [q, k, v] = [wave(1.7, 5, 4), wave(0.9, 5, 4), wave(1.3, 5, 2)];

// Reference values are those of torch.nn of PyTorch 2.15.
suite("nn/attention", (test) => {
	test("attention gives what PyTorch gives, causal or not", () => {
		near(attention(q.slice([0, 3]), k, v), [
			[0.1883914326835098, 0.353717020934321],
			[0.014346055060764668, 0.24570589221075706],
			[-0.15773209495591345, 0.06129683019118426],
		]);
		near(attention(q, k, v, { causal: true }), [
			[1, 0.26749882862458735],
			[0.13341831237255874, -0.19612034407112977],
			[-0.013601911709195502, 0.05091691801684384],
			[-0.18802398821659977, -0.3905992257658557],
			[-0.3210005801031994, -0.2879102529664044],
		]);
	});

	test("fewer queries than keys are the last ones: what comes one by one sees what came before", () => {
		const whole = attention(q, k, v, { causal: true });
		near(attention(q.slice([3, 5]), k, v, { causal: true }), whole.slice([3, 5]), 1e-15);
	});

	test("a masked key counts for nothing, and has a gradient of zeros", () => {
		const mask = tensor([true, true, false, true, false]);
		const f = (keys: Tensor) => attention(q, keys, v, { mask });
		near(f(k), attention(q, k.take([0, 1, 3], 0), v.take([0, 1, 3], 0)), 1e-15);
		const g = grad((keys: Tensor) => f(keys).square().sum())(k);
		same(g.slice(2), [0, 0, 0, 0]);
		assert.ok(g.slice(1).abs().min().item() > 0);
	});

	test("a query that may look nowhere gets zeros, and gradients of zeros to second order", () => {
		const mask = tensor([[true], [false], [true], [true], [false]]);
		const out = attention(q, k, v, { mask });
		same(out.slice(1), [0, 0]);
		const f = (u: Tensor) => attention(u, k, v, { mask }).square().sum();
		same(grad(f)(q).slice(4), [0, 0, 0, 0]);
		same(grad((u: Tensor) => grad(f)(u).sum())(q).slice(4), [0, 0, 0, 0]);
		const none = tensor([false, false, false, false, false]);
		same(attention(q, k, v, { mask: none }), v.mul(0));
		same(grad((u: Tensor) => attention(q, k, u, { mask: none }).sum())(v), v.mul(0));
	});

	test("a NaN in a masked key, value or query shows nowhere, in any gradient, to second order", () => {
		const hole = (x: Tensor, row: number) =>
			where(arange(5).equal(row).expandDims(1), Number.NaN, x);
		const keys = tensor([true, true, true, false, true]);
		const grid = logicalAnd(keys, arange(5).notEqual(1).expandDims(1));
		const masks = [
			{ mask: grid, row: 1 },
			{ mask: keys, row: null },
			{ mask: grid.expandDims(0), row: 1, causal: true },
		];
		for (const { mask, row, causal = false } of masks) {
			const f = ([q, k, v]: Tensor[]) => attention(q!, k!, v!, { mask, causal });
			const total = (x: Tensor[]) => f(x).square().sum();
			const second = (x: Tensor[]) =>
				grad((x: Tensor[]) =>
					grad(total)(x).reduce((sum, g) => sum.add(g.square().sum()), tensor(0)),
				)(x);
			const broken = [row === null ? q : hole(q, row), hole(k, 3), hole(v, 3)];
			for (const road of roads(f)) near(road(broken), f([q, k, v]), 1e-15);
			for (const g of [grad(total), second]) {
				const expected = g([q, k, v]);
				for (const road of roads(g)) {
					for (const [i, found] of road(broken).entries()) near(found, expected[i]!, 1e-14);
				}
			}
		}
	});

	test("a NaN in a key that is seen shows", () => {
		const broken = where(arange(5).equal(3).expandDims(1), Number.NaN, k);
		assert.ok(
			attention(q, broken, v, { mask: tensor(true) })
				.isNaN()
				.all()
				.item(),
		);
	});

	test("scores of any size do no harm", () => {
		const sharp = attention(q.mul(1e4), k, v);
		assert.ok(sharp.isFinite().all().item());
		near(sharp, v.take(q.dot(k.T).argmax(-1), 0), 1e-12);
	});

	test("attention holds up", () => {
		const mask = tensor([
			[true, true, false],
			[false, false, false],
		]);
		const tree = { q: normal(1, [2, 2]), k: normal(2, [3, 2]), v: normal(3, [3, 2]), mask };
		holdsUp(({ q, k, v, mask }) => attention(q, k, v, { mask }), tree);
		holdsUp(({ q, k, v }) => attention(q, k, v, { causal: true }), tree);
	});
});

const product = (a: number, c: number) => ({ w: wave(a, 4, 4), b: wave(c, 4) });
const weights = {
	query: product(0.3, 0.2),
	key: product(0.5, 0.4),
	value: product(0.7, 0.6),
	output: product(0.8, 1.9),
};
const x = wave(1.7, 2, 3, 4);
const mask = tensor([
	[true, true, true],
	[true, true, false],
]);

suite("nn/multi-head attention", (test) => {
	test("it gives what PyTorch gives with a padding mask, causal or not", () => {
		const rows = (y: Tensor) => y.reshape([6, 4]);
		near(rows(multiHeadAttention(4, 2).apply(weights, x, { mask })).take([0, 2, 5], 0), [
			[2.739522777366422, 0.7907910780134084, -0.9781155692017168, -0.5401421956617669],
			[2.701093435634411, 0.7650121923860826, -0.975606872621808, -0.5108676585565639],
			[2.2145633896723274, 0.4726329786717531, -0.8964819463965676, -0.10823471088678682],
		]);
		const causal = multiHeadAttention(4, 2, { causal: true });
		near(rows(causal.apply(weights, x, { mask })).take([0, 2, 5], 0), [
			[2.375756722258215, 0.5563539394207606, -0.9410173688488082, -0.2540119268879655],
			[2.701093435634411, 0.7650121923860826, -0.975606872621808, -0.5108676585565639],
			[2.2145633896723274, 0.4726329786717531, -0.8964819463965676, -0.10823471088678682],
		]);
	});

	test("what is padding changes nothing elsewhere, and causal attention sees no future", () => {
		const layer = multiHeadAttention(4, 2, { causal: true });
		const params = layer.init(random.key(1));
		const other = x.add(
			tensor([
				[[0], [0], [0]],
				[[0], [0], [9]],
			]),
		);
		same(
			layer.apply(params, other, { mask }).slice(1, [0, 2]),
			layer.apply(params, x, { mask }).slice(1, [0, 2]),
		);
		const later = x.add(tensor([[0], [0], [9]]));
		same(
			layer.apply(params, later).slice(null, [0, 2]),
			layer.apply(params, x).slice(null, [0, 2]),
		);
	});

	test("to attend to its own input is to apply it; another sequence may have another length", () => {
		const layer = multiHeadAttention(4, 2);
		const params = layer.init(random.key(1));
		same(layer.attend(params, x, x, { mask }), layer.apply(params, x, { mask }));
		const memory = normal(5, [2, 7, 4]);
		assert.equal(layer.attend(params, x, memory).shape, [2, 3, 4]);
		const single = layer.attend(params, x.slice(1), memory.slice(1));
		near(single, layer.attend(params, x, memory).slice(1), 1e-14);
	});

	test("a NaN in a memory, where it is masked, shows in no gradient of weights", () => {
		const layer = multiHeadAttention(4, 2);
		const params = layer.init(random.key(5));
		const mask = arange(3).less(2);
		const memory = normal(6, [3, 4]);
		const slopes = (fill: number) =>
			grad((p: typeof params) =>
				layer
					.attend(p, x, where(mask.expandDims(1), memory, fill), { mask })
					.square()
					.sum(),
			)(params);
		const [expected, got] = [slopes(7), slopes(Number.NaN)];
		for (const name of ["query", "key", "value", "output"] as const) {
			assert.not(got[name].w.isNaN().any().item());
			near(got[name].w, expected[name].w, 1e-14);
		}
	});

	test("with rotary positions only distances matter", () => {
		const layer = multiHeadAttention(4, 2, { rotary: true });
		const params = layer.init(random.key(1));
		const padded = normal(6, [1, 5, 4]);
		const seen = layer.apply(params, padded, { mask: tensor([[false, false, true, true, true]]) });
		const moved = layer.apply(params, padded.slice(null, [2, 5]));
		near(seen.slice(null, [2, 5]), moved, 1e-13);
	});

	test("it holds up", () => {
		const layer = multiHeadAttention(4, 2, { causal: true, rotary: true, bias: false });
		const params = layer.init(random.key(1));
		assert.equal(Object.keys(params.query), ["w"]);
		const tree = { params, x: normal(2, [2, 3, 4]), mask };
		holdsUp(({ params, x, mask }) => layer.apply(params, x, { mask }), tree);
	});

	test("a width that does not fall into heads is refused", () => {
		refuses(() => multiHeadAttention(5, 2), ShapeError, "5 to fall into 2 heads");
		refuses(() => multiHeadAttention(6, 2, { rotary: true }), ShapeError, "even width");
		refuses(
			() => multiHeadAttention(4, 2).apply(weights, normal(1, [3, 5])),
			ShapeError,
			"multiHeadAttention: expected (…×4)",
		);
	});
});

suite("nn/transformer", (test) => {
	test("a block gives what PyTorch's TransformerEncoderLayer gives with norm_first", () => {
		const block = transformerBlock(4, 2, { hidden: 3 });
		const params = {
			norm1: { scale: wave(1.7, 4).add(1), bias: wave(0.5, 4) },
			attention: weights,
			norm2: { scale: wave(0.2, 4).add(1), bias: wave(0.6, 4) },
			expand: { w: wave(0.9, 4, 3), b: wave(1.7, 3) },
			contract: { w: wave(1.2, 3, 4), b: wave(1.4, 4) },
		};
		near(block.apply(params, x, { mask }).reshape([6, 4]).take([0, 3, 5], 0), [
			[9.588045381872114, 3.841750215847758, -4.889748349153596, -5.201121326686412],
			[8.318290215954354, 2.7988965200142033, -4.345504036527203, -4.849570920551506],
			[8.334115214657999, 5.155508124317392, -3.4579723578635186, -7.225419585093175],
		]);
	});

	test("a block holds up, with a mask and with dropout", () => {
		const block = transformerBlock(2, 1, { hidden: 3, causal: true, dropout: 0.5 });
		const params = block.init(random.key(1));
		const tree = { params, x: normal(2, [1, 3, 2]), mask: tensor([[true, true, false]]) };
		const key = random.key(3);
		holdsUp(({ params, x, mask }) => block.apply(params, x, { train: true, key, mask }), tree);
	});

	test("both dropouts of a block draw from keys of their own, and need to know whether this is training", () => {
		const block = transformerBlock(4, 2, { dropout: 0.5 });
		const params = block.init(random.key(1));
		refuses(() => block.apply(params, x), DomainError, "dropout: expected to be told");
		const [a, b] = [1, 2].map((seed) =>
			block.apply(params, x, { train: true, key: random.key(seed) }),
		);
		assert.not.equal([...a!.data], [...b!.data]);
		same(block.apply(params, x, { train: false }), transformerBlock(4, 2).apply(params, x));
	});
});
