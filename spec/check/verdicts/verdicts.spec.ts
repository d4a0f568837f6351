import * as assert from "uvu/assert";
import {
	type CheckOptions,
	checkGradients,
	type GradientReport,
} from "../../../lib/check/gradients.ts";
import {
	apply,
	customGradient,
	elementwise,
	type Op,
	random,
	type Tensor,
	tensor,
	zeros,
} from "../../../lib/index.ts";
import * as s from "../../../lib/scalar/index.ts";
import { suite } from "../../suite.ts";

type Unary = (x: Tensor) => unknown;

/** The verdicts of a check, those that occur. */
function verdicts(report: GradientReport): string[] {
	return Object.entries(report.counts).flatMap(([verdict, count]) => (count > 0 ? [verdict] : []));
}

/** Checks a function of one tensor and asserts which verdicts occur. */
function gives(expected: string[], f: Unary, x: Tensor, options: CheckOptions = {}): void {
	const report = checkGradients(f, [x], options);
	assert.equal(verdicts(report).sort(), [...expected].sort(), `${f}: ${report}`);
}

/** `f` with a gradient of `slope` times the cotangent where x is 0, and 1 elsewhere. */
const slopeAtZero = (f: (x: Tensor) => Tensor, slope: number) =>
	customGradient(f, (g, _, x) => x.equal(0).where(slope, x.sign().maximum(0)).mul(g));

suite("check/verdicts/verdicts", (test) => {
	test("a derivative between those of the two sides of a kink is no false alarm", () => {
		const functions: Unary[] = [
			(x) => x.relu(),
			(x) => x.maximum(0),
			(x) => x.minimum(0),
			(x) => x.abs(),
			(x) => x.clip(0, 1),
			(x) => x.relu().sum(),
		];
		for (const f of functions) gives(["pass", "at-kink"], f, tensor([0, 0.7, -2]));
		gives(["pass", "at-kink"], (x) => x.max(), tensor([1, 1, 0.5]));
		gives(["pass", "at-kink"], (x) => x.sort(), tensor([[2, 1, 2]]));
		gives(["pass", "at-kink"], (x) => x.norm(), tensor([0, 0]));
	});

	test("at a kink the report shows both sides", () => {
		const { findings } = checkGradients((x: Tensor) => x.relu(), [tensor([0])], { order: 1 });
		assert.is(findings[0]?.numeric.kind, "kink");
		assert.is(findings[0]?.numeric.left, 0);
		assert.ok(Math.abs(findings[0]!.numeric.right - 1) < 1e-12);
	});

	test("several kinks in one sum are bracketed element by element", () => {
		gives(
			["pass", "at-kink"],
			(x) =>
				x
					.relu()
					.mul(tensor([1, -1]))
					.sum(),
			tensor([0, 0]),
		);
		gives(["at-kink", "pass"], (x) => [x.relu(), x.maximum(0)], tensor([0, 0, 1]));
	});

	test("where several kinks meet, each op may choose its side", () => {
		const functions: Unary[] = [
			(x) => x.relu().sub(x.neg().relu()),
			(x) => x.relu().sub(x.neg().relu().mul(0.1)),
			(x) => x.relu().sub(x.maximum(0)),
		];
		for (const f of functions) gives(["pass", "at-kink"], f, tensor([0, 1]));
		const w = random.normal(random.key(1), [3, 4]);
		const v = random.normal(random.key(2), [4, 2]);
		const net = (x: Tensor) => x.dot(w).maximum(0).dot(v).square().sum();
		gives(["pass", "at-kink"], (x) => x.dot(w).relu().dot(v), tensor([[0, 0, 0]]));
		gives(["pass", "at-kink"], (x) => [net(x), x.max(1)], tensor([[1, 1, 1]]).mul(0));
		const report = checkGradients(
			(x: Tensor, u: Tensor) => x.dot(u).maximum(0).dot(v).square().sum(),
			[tensor([[0, 0, 0]]), w],
		);
		assert.ok(report.ok, String(report));
	});

	test("where several kinks meet in a large argument, each op is tried where it differs", () => {
		let work = 0;
		const ramp = (slopeAtZero: number) => {
			const { op } = elementwise(1, {
				name: "ramp",
				formula: (x) => s.max(x, 0),
				partials: [(x) => x.equal(0).where(slopeAtZero, x.greater(0).where(1, 0))],
				print: (x) => `np.maximum(${x}, 0)`,
			});
			const evaluate: Op["evaluate"] = (inputs, ...others) => {
				work += inputs[0]!.size;
				return op.evaluate(inputs, ...others);
			};
			const one = (x: Tensor) => apply({ ...op, evaluate }, [x], null);
			return (x: Tensor) => one(x).sub(one(x.neg())).sum();
		};
		const options: CheckOptions = { order: 1 };
		assert.ok(checkGradients(ramp(0.25), [zeros([300])], options).ok);
		assert.ok(work < 4e6, `it was tried at ${work} elements`);
		assert.is(checkGradients(ramp(7), [zeros([300])], options).ok, false);
	});

	test("where several kinks meet, a wrong value of one of them still fails", () => {
		const w = random.normal(random.key(1), [3, 4]);
		const wrong = slopeAtZero((h) => h.maximum(0), 7);
		gives(["fail"], (x) => wrong(x.dot(w)), tensor([[0, 0, 0]]));
	});

	test("a wrong value at a kink fails", () => {
		const relu = (x: Tensor) => x.maximum(0);
		for (const slope of [7, -1e-3, 1.001]) {
			gives(["pass", "fail"], slopeAtZero(relu, slope), tensor([0, 1]), { order: 1 });
		}
		for (const slope of [0, 0.5, 1]) {
			gives(["pass", "at-kink"], slopeAtZero(relu, slope), tensor([0, 1]), { order: 1 });
		}
	});

	test("close to a kink the derivative of that side is asked for", () => {
		for (const x of [1e-3, 1e-5, -1e-4]) {
			gives(["pass"], (v) => v.relu(), tensor([x, 1]), { order: 1 });
			const wrong = slopeAtZero((v) => v.maximum(0).mul(2), 1);
			gives(["pass", "fail"], wrong, tensor([x, -1, 1]), { order: 1 });
		}
	});

	test("a jump is one of the verdicts at a kink, with the derivatives beside it", () => {
		gives(["pass", "at-kink"], (x) => x.floor(), tensor([2, 0.5]));
		const { findings } = checkGradients((x: Tensor) => x.floor(), [tensor([2])]);
		assert.is(findings[0]?.numeric.kind, "jump");
		const stairs = customGradient(
			(x: Tensor) => x.floor(),
			(g) => g,
		);
		gives(["fail"], stairs, tensor([0.5]));
	});

	test("where the function ends, the side that is there decides", () => {
		const power = (slope: number) =>
			customGradient(
				(x: Tensor) => x.power(2.5),
				(g, _, x) => x.equal(0).where(slope, x.power(1.5).mul(2.5)).mul(g),
			);
		gives(["at-kink"], power(0), tensor([0]), { order: 1 });
		gives(["fail"], power(1), tensor([0]), { order: 1 });
		const { findings } = checkGradients(power(0), [tensor([0])], { order: 1 });
		assert.is(findings[0]?.numeric.kind, "edge");
	});

	test("NaN and infinities are reported, and fail where the derivative is known", () => {
		gives(["pass", "non-finite"], (x) => x.mul(2), tensor([1, Number.NaN]));
		gives(["non-finite"], (x) => x.log(), tensor([-1]), { order: 1 });
		gives(["non-finite"], (x) => x.exp(), tensor([1000]), { order: 1 });
		gives(["non-finite"], (x) => x.sqrt(), tensor([0]), { order: 1 });
		const poisoned = customGradient(
			(x: Tensor) => x.mul(2),
			(g) => g.mul(Number.NaN),
		);
		gives(["pass", "fail"], poisoned, tensor([1, 0]), { order: 1 });
	});

	test("functions with poles, steps and scales of their own pass", () => {
		const functions: [Unary, number[]][] = [
			[(x) => x.sqrt(), [1e-12, 1e-6, 1]],
			[(x) => x.log(), [1e-8, 1e8]],
			[(x) => x.mul(1e6).tanh(), [1e-7, 2]],
			[(x) => x.mul(1e12).sigmoid(), [0, 0]],
			[(x) => x.mul(1000).sin(), [1, 0.3]],
			[(x) => x.mul(30).exp(), [1, 2]],
			[(x) => x.square().neg().exp(), [1, 1e8]],
			[(x) => x.sub(1).div(x.add(1)), [-0.999, 3]],
			[(x) => x.power(-4), [1e-3, 20]],
			[(x) => x.add(1e20), [1, 2]],
		];
		for (const [f, values] of functions) {
			const report = checkGradients(f, [tensor(values)]);
			assert.is(report.counts.fail, 0, `${f}: ${report}`);
			assert.is(report.counts["at-kink"], 0, `${f}: ${report}`);
		}
	});

	test("what rounding drowns is called ill-conditioned, not right or wrong", () => {
		const drowned = (x: Tensor) => x.add(1e12).sub(1e12);
		gives(["pass", "ill-conditioned"], drowned, tensor([1, 2]));
		const wrong = customGradient(drowned, (g) => g.mul(1.01));
		gives(["pass", "ill-conditioned"], wrong, tensor([1, 2]));
		const veryWrong = customGradient(drowned, (g) => g.mul(2));
		gives(["pass", "fail"], veryWrong, tensor([1, 2]));
	});

	test("cancellation inside of a derivative, and saturation, are no false alarms", () => {
		const functions: Unary[] = [
			// The weights of equal elements are rounded alike at every point nearby.
			(x) => x.sum().broadcastTo([8]).logSoftmax(-1),
			(x) => x.mul(40).softmax(-1),
			(x) => x.mul(30).tanh().dot(x.tanh()),
			(x) => x.mul(300).cumsum(0).sin(),
		];
		for (const dtype of ["float64", "float32"] as const) {
			for (let seed = 0; seed < 4; seed++) {
				const x = random.normal(random.key(seed), [4], { dtype });
				for (const f of functions) {
					const report = checkGradients(f, [x]);
					assert.is(report.counts.fail, 0, `${f} in ${dtype}: ${report}`);
				}
			}
		}
	});

	test("float32 is judged by the rounding of float32", () => {
		const single = { dtype: "float32" } as const;
		const x = random.normal(random.key(1), [3, 4], single);
		const w = random.normal(random.key(2), [4, 2], single);
		const report = checkGradients((a: Tensor, b: Tensor) => a.dot(b).tanh().sum(), [x, w]);
		assert.equal(verdicts(report), ["pass"], String(report));
		const off = (factor: number) =>
			customGradient(
				(v: Tensor) => v.exp(),
				(g, y) => g.mul(y).mul(factor),
			);
		gives(["pass"], off(1 + 1e-6), x, { order: 1 });
		gives(["fail"], off(1.003), tensor([1], single), { order: 1 });
		gives(["pass"], (v) => v.log(), tensor([1e-3, 1e-2, 1], single));
		gives(["pass", "at-kink"], (v) => v.relu(), tensor([0, 1e-2, 1], single));
	});
});
