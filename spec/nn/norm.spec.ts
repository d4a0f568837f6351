import * as assert from "uvu/assert";
import {
	arange,
	DomainError,
	grad,
	random,
	ShapeError,
	type Tensor,
	zeros,
} from "../../lib/index.ts";
import { batchNorm, groupNorm, layerNorm, rmsNorm } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

/** cos(1.7·i) for the elements i of a shape: the numbers of the reference runs. */
const wave = (...shape: number[]) =>
	arange(shape.reduce((a, b) => a * b))
		.mul(1.7)
		.cos()
		.reshape(shape);

const x = wave(2, 4, 3);
const affine = (size: number) => ({ scale: wave(size).add(1), bias: wave(size) });

// Reference values are those of torch.nn of PyTorch 2.15.
suite("nn/norm", (test) => {
	test("layerNorm gives what PyTorch gives, and holds up", () => {
		const layer = layerNorm(3);
		near(
			layer.apply(affine(3), x).slice(0).reshape([12]),
			[
				3.5609108252038135, -0.23366332228172013, -1.0053167318668514, 1.5325183568450091,
				0.8030270816243262, -1.0111543197491373, -1.7863810135928055, 0.6612102004351471,
				-0.950652612376729, -1.1458216426976824, -0.3565916284520906, -0.9224956293774715,
			],
		);
		const tree = { params: affine(3), x: normal(1, [2, 3]) };
		holdsUp(({ params, x }) => layer.apply(params, x), tree);
	});

	test("rmsNorm gives what PyTorch gives, and holds up", () => {
		const layer = rmsNorm(3);
		const params = { scale: affine(3).scale };
		near(
			layer.apply(params, x).slice(0).reshape([12]),
			[
				2.479849366899748, -0.13917359852569974, -0.0398008971620005, 1.165924597291884,
				1.1681222862649412, -0.030827694470597404, -2.0986999193408593, 1.0060455754268227,
				0.024959800846283565, -2.309219591809906, -0.3015168308902685, 0.04129637109467603,
			],
		);
		holdsUp(({ params, x }) => layer.apply(params, x), { params, x: normal(1, [2, 3]) });
	});

	test("groupNorm gives what PyTorch gives, and holds up", () => {
		const layer = groupNorm(2, 4);
		near(
			layer.apply(affine(4), x).slice(1).reshape([12]),
			[
				1.6144463556168909, -1.467202597256937, 2.2689786939866585, 1.3468297164141456,
				-0.5183980045327292, -0.9606846823955378, -0.9415373933048715, -0.9441841857586,
				-1.0208448736213074, -0.9353990246647003, 2.006676130741904, 0.318808029673856,
			],
		);
		const tree = { params: affine(4), x: normal(1, [1, 4, 2]) };
		holdsUp(({ params, x }) => layer.apply(params, x), tree);
		refuses(() => groupNorm(3, 4), ShapeError, "4 channels to fall into 3 groups");
	});

	test("norms change no scale at first, and take a constant row without NaN, gradient included", () => {
		for (const layer of [layerNorm(3), groupNorm(1, 3)]) {
			const params = layer.init(random.key(0));
			const flat = zeros([2, 3]);
			same(layer.apply(params, flat), flat);
			same(grad((u: Tensor) => layer.apply(params, u).square().sum())(flat), flat);
		}
		const y = layerNorm(50).apply(layerNorm(50).init(random.key(0)), normal(1, [3, 50]));
		near(y.mean(-1), [0, 0, 0], 1e-14);
		near(y.square().mean(-1), [1, 1, 1], 1e-4);
	});

	test("norms refuse another width", () => {
		refuses(() => layerNorm(4).apply(affine(4), x), ShapeError, "layerNorm: expected (…×4)");
		refuses(() => rmsNorm(4).apply(affine(4), x), ShapeError, "rmsNorm: expected (…×4)");
		refuses(
			() => groupNorm(1, 3).apply(affine(3), x),
			ShapeError,
			"groupNorm: expected (samples×3",
		);
	});
});

suite("nn/batch-norm", (test) => {
	const layer = batchNorm(4);
	const params = affine(4);
	const before = layer.initialState();

	test("in training it gives what PyTorch gives, and the state that PyTorch has then", () => {
		const [y, state] = layer.apply(params, before, x, { train: true });
		near(
			y.slice(0).reshape([12]),
			[
				4.287926200686372, 1.0291060273500559, -1.3899520715191176, 0.2767757515514408,
				0.8820039013068139, -0.9301706984350291, -1.010080770303749, -0.9371126111084324,
				-0.9504562920018823, -1.5854216364740694, -0.32607370489431103, 2.150431074130169,
			],
		);
		near(
			state.mean,
			[-0.013892672558700705, 0.004863119970919263, 0.01756897477700171, 0.008418242885065427],
		);
		near(
			state.variance,
			[0.9575943173240001, 0.9600386485433265, 0.9559249532311097, 0.9593571645406269],
		);
		same(before.mean, [0, 0, 0, 0]);
	});

	test("else it gives what PyTorch gives with the running statistics, and keeps them", () => {
		const [, state] = layer.apply(params, before, x, { train: true });
		const [y, after] = layer.apply(params, state, x, { train: false });
		near(
			y.slice(0).reshape([12]),
			[
				3.072186940665694, 0.7650622494315479, -0.9475418135650346, 0.20289053676197366,
				0.6398102802084142, -0.6684151576192701, -0.9916501447842738, -0.9407010971314423,
				-0.9500181450219445, -0.9252623308919571, -0.020980825944644312, 1.757286650761524,
			],
		);
		assert.is(after, state);
	});

	test("it holds up in training and else, for rows and for images", () => {
		const small = batchNorm(2);
		const state = { mean: normal(3, [2]), variance: normal(4, [2]).square().add(0.5) };
		for (const train of [true, false]) {
			for (const shape of [
				[4, 2],
				[2, 2, 1, 2],
			]) {
				const tree = { params: affine(2), state, x: normal(1, shape) };
				holdsUp((t) => small.apply(t.params, t.state, t.x, { train })[0], tree);
			}
		}
	});

	test("no gradient flows through the running statistics of training", () => {
		const through = (u: Tensor) => layer.apply(params, before, u, { train: true })[1].mean.sum();
		same(grad(through)(x), x.mul(0));
	});

	test("it refuses to guess whether this is training, and to train on one element a channel", () => {
		refuses(() => layer.apply(params, before, x), DomainError, "batchNorm: expected to be told");
		refuses(
			() => layer.apply(params, before, normal(1, [1, 4]), { train: true }),
			ShapeError,
			"more than one element",
		);
		refuses(
			() => layer.apply(params, before, normal(1, [4, 3]), { train: true }),
			ShapeError,
			"samples×4",
		);
	});
});
