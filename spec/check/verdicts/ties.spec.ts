import * as assert from "uvu/assert";
import { assertGradients, checkGradients } from "../../../lib/check/gradients.ts";
import { customGradient, hypot, type Tensor, tensor } from "../../../lib/index.ts";
import { someOf } from "../../runs.ts";
import { suite } from "../../suite.ts";

type Unary = (x: Tensor) => Tensor;
interface Pair {
	x: Tensor;
	y: Tensor;
}

/** The function of a row, giving at a tie a share of the cotangent to each equal element. */
const shared = (f: Unary, share: number, signs: Unary = (x) => x.mul(0).add(1)): Unary =>
	customGradient(f, (g, y, x) => {
		const equal = signs(x).mul(x).equal(y).astype("float64");
		return g.mul(signs(x)).mul(equal).mul(equal.sum().greater(1).where(share, 1));
	});
const largest: Unary = (x) => x.max();
const largestSize: Unary = (x) => x.abs().max();
const first = { order: 1 } as const;

/** The failures of a check, as what moved, what was given and what it should be. */
function failures(f: Unary, x: Tensor): [string, number, number][] {
	const { findings } = checkGradients(f, [x], first);
	const fails = findings.filter(({ verdict }) => verdict === "fail");
	return fails.map(({ argument, given, numeric }) => [argument, given, Math.round(numeric.left)]);
}

suite("check/verdicts/ties", (test) => {
	test("a maximum that gives all of the gradient to each of equal elements fails", () => {
		const args = "args[0][1] + args[0][2]";
		const each = failures(shared(largest, 1), tensor([1, 3, 3, 2]));
		assert.equal(each, [
			[args, 2, 1],
			[args, 2, 1],
		]);
		const none = failures(shared(largest, 0), tensor([1, 3, 3, 2]));
		assert.equal(none[0], [args, 0, 1]);
		const negative = failures(shared(largest, 1), tensor([-1, -3, -1, -2]));
		assert.equal(negative[0], ["args[0][0] + args[0][2]", 2, 1]);
	});

	test("shares of a tie that add up pass", () => {
		for (const x of [tensor([1, 3, 3, 2]), tensor([0, 0]), tensor([-1, -1, -2])]) {
			assertGradients(shared(largest, 0.5), [x], first);
			assertGradients(largest, [x]);
		}
		assertGradients(shared(largest, 1 / 3), [tensor([2, 2, 2])], first);
	});

	test("a tie across arguments is one too", () => {
		const maximum = (share: number) =>
			customGradient(
				({ x, y }: Pair) => x.maximum(y),
				(g, _, { x, y }) => ({
					x: g.mul(x.greater(y).where(1, x.equal(y).where(share, 0))),
					y: g.mul(y.greater(x).where(1, x.equal(y).where(share, 0))),
				}),
			);
		const args: Pair = { x: tensor([1, 3, 2]), y: tensor([2, 3, 1]) };
		const { counts, findings } = checkGradients(maximum(1), [args], first);
		assert.is(counts.fail, 4);
		assert.is(findings[0]!.argument, "args[0].x[1] + args[0].y[1]");
		assert.is(findings[0]!.together, true);
		assertGradients(maximum(0.5), [args], first);
	});

	test("elements of equal size tie in the maximum of sizes", () => {
		const x = tensor([1, 3, -3, 2]);
		const sign: Unary = (v) => v.sign();
		assert.equal(failures(shared(largestSize, 1, sign), x)[0], ["args[0][1] - args[0][2]", 2, 1]);
		assertGradients(shared(largestSize, 0.5, sign), [x], first);
		assertGradients(largestSize, [x]);
	});

	test("a tie in an argument too large to try each element is found", () => {
		const x = tensor(Array.from({ length: 3000 }, (_, i) => Math.min(i, 2998)));
		assert.is(failures(shared(largest, 1), x)[0]![0], "args[0][2998] + args[0][2999]");
		assertGradients(largest, [x], first);
	});

	test("many equal elements are not all named", () => {
		const [argument] = failures(shared(largest, 1), tensor([2, 2, 2, 2, 2, 2]))[0]!;
		assert.is(argument, "args[0][0] + args[0][1] + args[0][2] + args[0][3] + 2 more");
		const report = String(checkGradients(shared(largest, 1), [tensor([1, 1])], first));
		assert.match(report, "fail: d result / d args[0][0] + args[0][1] together (order 1, forward)");
	});

	test("what is right by itself passes at ties, to second order", () => {
		const functions: Unary[] = [
			(x) => x.min(),
			(x) => x.sort(),
			(x) => x.relu().sub(x.neg().relu()),
			(x) => x.relu().sub(x.maximum(0)),
			(x) => x.max().sub(x.min()),
			(x) => x.norm(),
			(x) => x.maximum(x.mul(0.1)),
			(x) => x.expandDims(0).sub(x.expandDims(1)).abs().sum(),
			(x) => x.sub(x.max()).exp().sum(),
			(x) => hypot(x, x.mul(2)),
		];
		const points = [
			[0, 0, 1, -1],
			[2, -2, 2, 1],
			[0, 0],
		];
		const cases = points.flatMap((values) => functions.map((f) => ({ f, values })));
		for (const { f, values } of someOf(cases)) {
			const report = checkGradients(f, [tensor(values)]);
			assert.ok(report.ok, `${f} at ${values}: ${report}`);
		}
	});
});
