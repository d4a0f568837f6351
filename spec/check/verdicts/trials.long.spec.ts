import * as assert from "uvu/assert";
import { assertGradients, checkGradients } from "../../../lib/check/gradients.ts";
import { customGradient, full, random, type Tensor, tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

type Unary = (x: Tensor) => Tensor;

const float32 = (values: readonly number[]) => tensor(values, { dtype: "float32" });
const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
/** `f` with the slope of what is given here times the cotangent. */
const withSlope = (f: Unary, slope: Unary): Unary =>
	customGradient(f, (g, _, x) => g.mul(slope(x)));
/** The slope, but for another value where x has this one. */
const otherwiseAt = (at: number, value: Tensor | number, slope: Unary): Unary => {
	return (x) => x.equal(at).where(value, slope(x));
};
const square: Unary = (x) => x.square();
const twice: Unary = (x) => x.mul(2);
const clip: Unary = (x) => x.clip(-1, 1);
const within: Unary = (x) => x.abs().less(1).where(1, 0);
const hinge: Unary = (x) => x.neg().add(1).maximum(0);
const hingeSlope: Unary = (x) => x.less(1).where(-1, 0);
const wrongSine = (factor: number) =>
	withSlope(
		(x) => x.sin(),
		(x) => x.cos().mul(factor),
	);
/** log(x)/(x − 1), which is 1 at 1, where its slope is −½. */
const removable = (slopeAt1: number) => {
	const safe = (x: Tensor) => x.sub(1).add(x.equal(1).astype("float64"));
	return withSlope(
		(x) => x.equal(1).where(1, x.log().div(safe(x))),
		otherwiseAt(1, slopeAt1, (x) =>
			x
				.power(-1)
				.sub(x.log().div(safe(x)))
				.div(safe(x)),
		),
	);
};
/**
 * x ↦ r·x·(1 − x), so many times from 0.3, as a function of r: from 15 on, chaos at the size of the
 * first step.
 */
const logistic =
	(times: number): Unary =>
	(r) => {
		let y = full([1], 0.3);
		for (let i = 0; i < times; i++) y = r.mul(y).mul(y.neg().add(1));
		return y;
	};

/** Wrong at one point, at which the backward pass takes another branch than beside it. */
const wrongThere: Record<string, [Unary, number[]]> = {
	"x² giving 0 at 3": [withSlope(square, otherwiseAt(3, 0, twice)), [1, 3, -2]],
	"x² a millionth off at 3": [withSlope(square, otherwiseAt(3, 6 + 6e-6, twice)), [1, 3, -2]],
	"x² giving 0 from 3 on": [
		withSlope(square, (x) => x.greaterEqual(3).where(0, twice(x))),
		[1, 3, -2],
	],
	"log(x)/(x − 1) giving 7 at 1": [removable(7), [1, 2, 3]],
	"a squared hinge giving 7 up to its margin": [
		withSlope(
			(x) => hinge(x).square(),
			(x) => x.lessEqual(1).where(x.sub(1).mul(2).add(x.equal(1).where(7, 0)), 0),
		),
		[1, 0.5, 3],
	],
	"clip giving 7 at its bound": [withSlope(clip, otherwiseAt(1, 7, within)), [1, 0.5, 3]],
	"clip giving 2 at its bound": [withSlope(clip, otherwiseAt(1, 2, within)), [1, 0.5, 3]],
	"clip giving 1.001 at its bound": [withSlope(clip, otherwiseAt(1, 1.001, within)), [1, 0.5, 3]],
	"clip giving −0.001 at its bound": [withSlope(clip, otherwiseAt(1, -1e-3, within)), [1, 0.5, 3]],
	"a hinge giving 5 at its margin": [withSlope(hinge, otherwiseAt(1, 5, hingeSlope)), [1, 0.5, 3]],
	"max giving 5 at a tie": [
		customGradient(
			(x: Tensor) => x.max(),
			(g, y, x) => g.mul(x.equal(y).where(5, 0)),
		),
		[1, 3, 3, 2],
	],
	"floor giving 2x": [withSlope((x) => x.floor(), twice), [2]],
};

const wrongEverywhere: Record<string, [Unary, Tensor]> = {
	"sin, 1e−10 off": [wrongSine(1 + 1e-10), normal(3, [5])],
	"sin of 1e5 with the wrong sign": [wrongSine(-1), normal(1, [3]).mul(1e5)],
	"sin of 1e5, 1 % off": [wrongSine(1.01), normal(1, [3]).mul(1e5)],
	"sin of 1e5 giving 0": [wrongSine(0), normal(1, [3]).mul(1e5)],
	"sin of 1e8 giving 0": [wrongSine(0), normal(1, [3]).mul(1e8)],
	"x² + 1e14 − 1e14 with the wrong sign": [
		withSlope(
			(x) => x.square().add(1e14).sub(1e14),
			(x) => x.mul(-2),
		),
		tensor([1.5, 3, 2]),
	],
};

/** Right at a kink, wherever that is. */
const rightAtKinks: Record<string, [Unary, number[]]> = {
	"relu at 0": [(x) => x.relu(), [0, 1, -1]],
	"maximum at 1": [(x) => x.maximum(1), [0, 1, -1]],
	"maximum at 1/3": [(x) => x.maximum(1 / 3), [0, 1 / 3, -1]],
	"clip at its bounds": [clip, [0, 1, -1]],
	"clip giving 0 at its bound": [withSlope(clip, otherwiseAt(1, 0, within)), [1, 0.5, 3]],
	"clip giving ½ at its bound": [withSlope(clip, otherwiseAt(1, 0.5, within)), [1, 0.5, 3]],
	"clip giving 1 at its bound": [withSlope(clip, otherwiseAt(1, 1, within)), [1, 0.5, 3]],
	"a hinge giving −1 at its margin": [
		withSlope(hinge, otherwiseAt(1, -1, hingeSlope)),
		[1, 0.5, 3],
	],
	"max at a tie of thirds": [(x) => x.div(3).max(), [1, 3, 3, 2]],
	"|x − 0.7| at 0.7": [(x) => x.sub(0.7).abs(), [0.7, 3]],
	"floor at 2": [(x) => x.floor(), [2, 0.5]],
};

/** Smooth, but not at the size of the first step, or a thousandth or a millionth of it. */
const fast: Record<string, [Unary, Tensor]> = {
	"sin of 1e4": [(x) => x.sin(), normal(1, [3]).mul(1e4)],
	"sin of 1e5": [(x) => x.sin(), normal(1, [3]).mul(1e5)],
	"sin of 1e8": [(x) => x.sin(), normal(1, [3]).mul(1e8)],
	"sin of 1e6 and less": [(x) => x.sin(), tensor([1e-9, 1, 1e6, -1e-3])],
	"sin of 1e5·x": [(x) => x.mul(1e5).sin(), tensor([1, 2])],
	"sin of 4096π·x": [(x) => x.mul(4096 * Math.PI).sin(), normal(2, [4])],
	"logistic map, 15 times": [logistic(15), tensor([3.9])],
	"logistic map, 20 times": [logistic(20), tensor([3.9])],
	"logistic map, 30 times": [logistic(30), tensor([3.9])],
	"log(x)/(x − 1) at 1": [removable(-0.5), tensor([1, 2, 3])],
};

const weierstrass =
	(base: number, terms: number): Unary =>
	(x) => {
		let y = x.mul(0);
		for (let k = 0; k < terms; k++)
			y = y.add(
				x
					.mul(base ** k * Math.PI)
					.cos()
					.mul(0.6 ** k),
			);
		return y;
	};
/** x² and a small wave on it, which is as fine as noise at the first steps. */
const rippled =
	(size: number, frequency: number): Unary =>
	(x) =>
		x.square().add(x.mul(frequency).sin().mul(size));

/** Right, where only steps far smaller than the first ones show it. */
const fine: Record<string, [Unary, Tensor]> = {
	"a Weierstrass sum": [weierstrass(6, 11), tensor([6232.53726400435, -1189.2737029120326])],
	"a fine ripple on x²": [
		rippled(4.248089771646022e-6, 633786.5582463037),
		tensor([-5804.245537146926, -7081.360029987991]),
	],
	"a ripple that single precision hardly resolves": [
		rippled(0.06008536675139591, 3990344.4150259728),
		float32([-7516.174074262381, 5070.397867821157]),
	],
	"a ripple of a few units in the last place": [
		rippled(0.05546932694726356, 1012.55129095062),
		float32([-23447.15594965434, -1.4817072259558835e-9]),
	],
	"a Weierstrass sum in single precision": [
		weierstrass(3, 12),
		float32([0.9768082718364894, 0.2608145782724023]),
	],
	"jumps finer than numbers lie in single precision": [
		(x) => x.mul(30250.714918226888).floor().mul(x),
		float32([-7130.678980611265, -8708.842508494854]),
	],
	"a triangle wave that single precision has lost": [
		(x) => x.mul(62666.344603175814).mod(2).sub(1).abs(),
		float32([6688.777673989534, 2379.156886599958]),
	],
	"the rest after a number near 0 in single precision": [
		(x) => full([], 0.49953556897956064, { dtype: "float32" }).mod(x),
		float32([-0.8697263166383836, -3.53183318888471e-8]),
	],
	"a saw on exp": [
		(x) => x.exp().mul(x.mul(92200.375).mod(1).add(1)),
		tensor([-6.0211178562819905, -63827.143578611416]),
	],
	"the rest after a small number, beside a large one": [
		(x) => full([], 54.999278933267924).mod(x),
		tensor([-0.000010725639659976777, -260345.55536271463]),
	],
};

/** Right, where rounding leaves little to see it by. */
const hopeless: Record<string, [Unary, Tensor]> = {
	"sin of 1e12": [(x) => x.sin(), normal(1, [3]).mul(1e12)],
	"logistic map, 60 times": [logistic(60), tensor([3.9])],
	"logistic map, 200 times": [logistic(200), tensor([3.9])],
};

suite("check/verdicts/trials", (test) => {
	test("a gradient that is wrong at exactly one point fails there, in both modes", () => {
		for (const [name, [f, values]] of Object.entries(wrongThere)) {
			const { counts } = checkGradients(f, [tensor(values)], { order: 1 });
			assert.ok(counts.fail >= 4, `${name}: ${JSON.stringify(counts)}`);
		}
	});

	test("a wrong gradient fails, of however fast or drowned a function", () => {
		for (const [name, [f, x]] of Object.entries(wrongEverywhere)) {
			const { counts } = checkGradients(f, [x], { order: 1 });
			assert.ok(counts.fail > 0, `${name}: ${JSON.stringify(counts)}`);
		}
	});

	test("at a kink any value between the sides is right, wherever the kink is", () => {
		for (const [name, [f, values]] of Object.entries(rightAtKinks)) {
			const report = checkGradients(f, [tensor(values)], { order: 1 });
			assert.ok(report.ok && report.counts["at-kink"] > 0, `${name}: ${report}`);
		}
	});

	test("a right gradient passes where the function changes faster than the first steps resolve", () => {
		for (const [name, [f, x]] of Object.entries(fast)) {
			const report = checkGradients(f, [x], { order: 1 });
			assert.ok(report.ok && report.findings.length === 0, `${name}: ${report}`);
			assert.ok(report.agreement < 1e-6, `${name}: ${report.agreement}`);
		}
	});

	test("where scales disagree a right gradient does not fail", () => {
		for (const [name, [f, x]] of Object.entries(fine)) {
			const report = checkGradients(f, [x], { order: 1 });
			assert.is(report.counts.fail, 0, `${name}: ${report}`);
		}
	});

	test("among many small kinks a right gradient does not fail in single precision", () => {
		for (const seed of [0, 2, 4, 5]) {
			const [b, h, v] = [[20], [32, 20], [20, 4]].map((shape, i) =>
				random.normal(random.key(seed + 100 * i), shape, { dtype: "float32" }),
			) as [Tensor, Tensor, Tensor];
			const net = (x: Tensor) => x.add(h).relu().dot(v.mul(0.1)).logSoftmax(-1).square().mean();
			const report = checkGradients(net, [b], { order: 1 });
			assert.ok(report.ok, `${seed}: ${report}`);
		}
	});

	test("what double precision confirms does not fail in single precision, and what it refutes does", () => {
		const held = full([], 30250.714918226888, { dtype: "float32" });
		const steps: Unary = (x) => x.mul(held).floor().mul(x);
		const x = float32([-8708.842508494854]);
		const right = checkGradients(steps, [x], { order: 1 });
		assert.is(right.counts.fail, 0, String(right));
		assert.is(right.ok, false);
		const third = withSlope(steps, (v) => v.mul(held).floor().mul(1.03));
		const wrong = checkGradients(third, [x], { order: 1 });
		assert.ok(wrong.counts.fail > 0, String(wrong));
	});

	test("a loss that is 0 as far as its digits go has the gradient that is left", () => {
		const points = [
			tensor([[40, 0]]),
			tensor([[272, 0, 5]]),
			float32([20, 0]),
			float32([40, 0, 9]),
		];
		for (const x of points) {
			assertGradients((v: Tensor) => v.logSoftmax(-1).take(0, -1).neg().sum(), [x]);
		}
	});

	test("functions with fine jumps have right gradients between the jumps", () => {
		for (let seed = 0; seed < 20; seed++) {
			assertGradients((x: Tensor) => x.sub(x.mul(256).round().div(256)), [normal(seed, [2])]);
		}
		assertGradients((y: Tensor) => full([], 5).mod(y), [tensor([-0.07])]);
		assertGradients((x: Tensor) => x.mod(1), [tensor([1234.56, 5000.3, 0.4])]);
	});

	test("a right gradient does not fail where differences cannot tell", () => {
		for (const [name, [f, x]] of Object.entries(hopeless)) {
			const { counts } = checkGradients(f, [x], { order: 1 });
			assert.is(counts.fail, 0, name);
			assert.ok(counts["ill-conditioned"] > 0, name);
		}
	});
});
