import * as assert from "uvu/assert";
import {
	assertGradients,
	type CheckOptions,
	checkGradients,
} from "../../../lib/check/gradients.ts";
import {
	customGradient,
	GradientError,
	random,
	stopGradient,
	type Tensor,
	tensor,
} from "../../../lib/index.ts";
import { refuses } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[], dtype: "float64" | "float32" = "float64") =>
	random.normal(random.key(seed), shape, { dtype });

/** Checks, and asserts that all derivatives pass, to this relative agreement. */
function passes<Args extends readonly unknown[]>(
	f: (...args: Args) => unknown,
	args: readonly [...Args],
	agreement = 1e-9,
	options: CheckOptions = {},
): void {
	const report = checkGradients(f, args, options);
	assert.ok(report.ok && report.findings.length === 0, String(report));
	assert.ok(report.counts.pass > 0, "nothing was compared");
	assert.ok(report.agreement <= agreement, `agreement ${report.agreement}`);
}

/** Checks, and returns the first finding, which has to be a failure. */
function firstFailure<Args extends readonly unknown[]>(
	f: (...args: Args) => unknown,
	args: readonly [...Args],
	options: CheckOptions = {},
) {
	const report = checkGradients(f, args, options);
	assert.is(report.ok, false);
	const [finding] = report.findings;
	assert.is(finding?.verdict, "fail", String(report));
	return finding!;
}

/** x² with a gradient that is wrong by a factor. */
const wrongSquare = (factor: number) =>
	customGradient(
		(x: Tensor) => x.square(),
		(g, _, x) => g.mul(x).mul(2 * factor),
	);

suite("check/verdicts/check-gradients", (test) => {
	test("right gradients pass, over nested arguments, in every mode and to third order", () => {
		const model = ({ layers, bias }: { layers: Tensor[]; bias: { b: Tensor } }, x: Tensor) =>
			x.dot(layers[0]!).tanh().dot(layers[1]!).add(bias.b);
		const layers = [normal(1, [3, 4]), normal(2, [4, 2])];
		passes(model, [{ layers, bias: { b: normal(3, [2]) } }, normal(4, [5, 3])]);
		passes((x: Tensor) => x.sin().mul(x), [normal(5, [2])], 1e-9, { order: 3 });
	});

	test("every entry of the two-layer net at a tenth of its size passes to 1e−9", () => {
		const [x, y] = [normal(1, [6, 100]), normal(2, [6, 1])];
		const loss = ({ w1, w2 }: { w1: Tensor; w2: Tensor }) =>
			x.dot(w1).maximum(0).dot(w2).sub(y).square().sum();
		const args = [{ w1: normal(3, [100, 10]), w2: normal(4, [10, 1]) }] as const;
		const report = checkGradients(loss, args, { order: 1 });
		assert.ok(report.ok && report.agreement <= 1e-9, String(report));
		// In both modes, in reverse mode for three cotangents.
		assert.is(report.counts.pass, 1010 * 4);
		passes(loss, args);
	});

	test("a variance of equal elements, whose derivative is nothing but rounding, passes", () => {
		for (const [value, size] of [
			[0.25, 11],
			[0.7, 11],
			[0.7, 13],
		] as const) {
			const f = (x: Tensor) => {
				const equal = x
					.tanh()
					.mul(0.03125)
					.take(new Array<number>(3 * size).fill(0), 0);
				return equal.reshape([3, size]).variance(1, { ddof: 1 }).erf();
			};
			passes(f, [tensor([value])], 1e-9, { order: 1 });
		}
	});

	test("a result may be any tree of float tensors, of any rank, also empty", () => {
		passes(
			(x: Tensor) => ({ loss: x.square().sum(), parts: [x.exp(), x.T], labels: x.argmax(0) }),
			[normal(1, [2, 3])],
		);
		const report = checkGradients((x: Tensor) => x.mul(2), [tensor([], { shape: [0, 3] })]);
		assert.ok(report.ok);
		assert.is(String(report), "gradients agree: no elements (seed 0)");
	});

	test("indices, and arguments that are no tensors, are held fixed", () => {
		const rows = tensor([2, 0], { dtype: "int32" });
		passes((x: Tensor, i: Tensor, axis: number) => x.take(i, axis), [normal(1, [3, 2]), rows, 0]);
		refuses(
			() => checkGradients((i: Tensor) => i, [rows]),
			GradientError,
			"no float tensor among the arguments",
		);
		refuses(
			() => checkGradients((x: Tensor) => x.argmax(0), [normal(1, [3])]),
			GradientError,
			"no float tensor among the results",
		);
	});

	test("an argument without influence has a derivative of 0, and passes", () => {
		passes((x: Tensor, _: Tensor) => x.mul(2), [tensor([1, 2]), tensor([3, 4])]);
		passes((x: Tensor) => x.softmax(-1).sum(), [normal(1, [3, 4])]);
	});

	test("a failure says which argument, element, order and mode, with both values", () => {
		const wrong = wrongSquare(1.001);
		const f = ({ a }: { a: Tensor[] }) => ({ y: wrong(a[1]!) });
		const finding = firstFailure(f, [{ a: [tensor([1]), tensor([[1, 2, -4]])] }]);
		assert.is(finding.argument, "args[0].a[1]");
		assert.equal(finding.index, [0, 2]);
		assert.is(finding.result, "result.y");
		assert.equal(finding.resultIndex, [0, 2]);
		assert.is(finding.order, 1);
		assert.ok(Math.abs(finding.given + 8.008) < 1e-12);
		assert.ok(Math.abs(finding.numeric.left + 8) < finding.numeric.bound);
		assert.ok(finding.numeric.bound < 1e-9);
		assert.match(String(checkGradients(f, [{ a: [tensor([1]), tensor([[1]])] }])), "args[0].a[1]");
	});

	test("errors of a millionth are found, of every size of arguments and values", () => {
		for (const size of [1e-8, 1, 1e8]) {
			for (const scale of [1e-8, 1e8]) {
				const f = (x: Tensor) => wrongSquare(1 + 1e-6)(x).mul(scale);
				firstFailure(f, [normal(1, [2, 2]).mul(size)], { order: 1 });
				passes((x: Tensor) => wrongSquare(1)(x).mul(scale), [normal(1, [2, 2]).mul(size)]);
			}
		}
	});

	test("one wrong element of a large argument is found and named", () => {
		const spot = normal(1, [30, 40]).mul(0).data;
		spot[821] = 1e-3;
		const spotted = customGradient(
			(x: Tensor) => x.square(),
			(g, _, x) =>
				g
					.mul(x)
					.mul(2)
					.add(g.mul(tensor(spot, { shape: x.shape }))),
		);
		const finding = firstFailure((x: Tensor) => spotted(x).sum(), [normal(2, [30, 40])]);
		assert.equal(finding.index, [20, 21]);
	});

	test("a derivative that is right as a value only fails at second order", () => {
		const frozen = customGradient(
			(x: Tensor) => x.power(3),
			(g, _, x) => g.mul(stopGradient(x.square().mul(3))),
		);
		passes((x: Tensor) => frozen(x), [normal(1, [3])], 1e-9, { order: 1 });
		const finding = firstFailure((x: Tensor) => frozen(x), [normal(1, [3])]);
		assert.is(finding.order, 2);
		assert.match(finding.mode, "over");
	});

	test("a rule that a cotangent of ones does not show to be wrong fails", () => {
		const softmax = customGradient(
			(x: Tensor) => x.softmax(-1),
			(g, y) => y.mul(g.sub(g.mean(-1, { keepDims: true }))),
		);
		firstFailure((x: Tensor) => softmax(x), [normal(1, [2, 3])]);
		passes((x: Tensor) => softmax(x).sum(), [normal(1, [2, 3])], 1e-9, { order: 1 });
	});

	test("a call that would check nothing is refused", () => {
		const [f, x] = [(v: Tensor) => v.square(), normal(1, [2])];
		refuses(() => checkGradients(f, [x], { order: 0 }), GradientError, "an order of at least 1");
		refuses(() => checkGradients(f, [x], { modes: [] }), GradientError, "and a mode");
		refuses(() => checkGradients(f, x as never), GradientError, "in an array, as [x]");
		const options: [unknown, string][] = [
			[{ modes: ["backward"] }, 'a mode, "reverse" or "forward"'],
			[{ elements: Number.NaN }, "a number of elements"],
			[{ directions: 0 }, "at least 1 direction"],
			[{ tolerance: 1e-3 }, "there is no option tolerance"],
		];
		for (const [given, message] of options) {
			refuses(() => checkGradients(f, [x], given as CheckOptions), GradientError, message);
			refuses(() => assertGradients(f, [x], given as CheckOptions), GradientError, message);
		}
	});

	test("what is wrong, or not deterministic, cannot be accepted", () => {
		for (const verdict of ["fail", "not-deterministic", "at-kink"]) {
			const options = { accept: [verdict] } as unknown as CheckOptions;
			const accepting = () => assertGradients(wrongSquare(2), [tensor([1])], options);
			refuses(accepting, GradientError, `got "${verdict}"`);
		}
	});

	test("random directions depend on the seed alone", () => {
		const check = (seed: number) =>
			checkGradients((x: Tensor) => x.exp().sum(), [normal(1, [60, 60])], { seed, order: 1 });
		assert.is(check(1).agreement, check(1).agreement);
		assert.is.not(check(1).agreement, check(2).agreement);
		assert.match(String(check(7)), "seed 7");
	});

	test("assertGradients throws the report, and lets pass what it is told to accept", () => {
		assertGradients((x: Tensor) => x.relu(), [tensor([0, 1])]);
		const report = /are not confirmed.*\nfail: d result/;
		const wrong = () => assertGradients((x: Tensor) => wrongSquare(2)(x), [tensor([1])]);
		assert.throws(
			wrong,
			(error: Error) => error instanceof GradientError && report.test(error.message),
		);
		const infinite = (x: Tensor) => x.exp();
		refuses(() => assertGradients(infinite, [tensor([1e4])]), GradientError, "non-finite");
		assertGradients(infinite, [tensor([1e4])], { accept: ["non-finite"] });
	});
});
