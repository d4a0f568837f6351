import * as assert from "uvu/assert";
import { type CheckOptions, checkGradients } from "../../../lib/check/gradients.ts";
import { customGradient, random, stopGradient, type Tensor, zeros } from "../../../lib/index.ts";
import { someOf } from "../../runs.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** How often a check calls the function, and its report. */
function calls(f: (...x: Tensor[]) => Tensor, args: Tensor[], options: CheckOptions = {}) {
	let count = 0;
	const counted = (...x: Tensor[]) => {
		count++;
		return f(...x);
	};
	return { report: checkGradients(counted, args, options), count };
}

/** x³ with a gradient that is right, and constant for whoever differentiates it. */
const frozenCube = customGradient(
	(x: Tensor) => x.power(3),
	(g, _, x) => g.mul(stopGradient(x.square().mul(3))),
);

suite("check/verdicts/check-problem", (test) => {
	test("a 3×3 matrix takes about a hundred calls to second order, and fewer to first", () => {
		const functions: ((x: Tensor) => Tensor)[] = [
			(x) => x.tanh(),
			(x) => x.exp(),
			(x) => x.softmax(-1),
			(x) => x.square().sum(),
			(x) => x.dot(x.T),
		];
		for (const f of functions) {
			const { report, count } = calls(f, [normal(1, [3, 3])]);
			assert.ok(report.ok, String(report));
			assert.ok(count < 110, `${f}: ${count} calls`);
			const first = calls(f, [normal(1, [3, 3])], { order: 1 }).count;
			assert.ok(first < 85, `${f}: ${first} calls`);
		}
	});

	test("second derivatives of a large net take few calls and few comparisons", () => {
		const net = (w1: Tensor, w2: Tensor, x: Tensor) => x.dot(w1).tanh().dot(w2).sin().sum();
		const args = [normal(1, [40, 30]).div(6), normal(2, [30, 10]).div(6), normal(3, [4, 40])];
		const first = calls(net, args, { order: 1, elements: 64 });
		const second = calls(net, args, { elements: 64 });
		assert.ok(second.report.ok, String(second.report));
		assert.ok(second.count - first.count < 60, `${second.count - first.count} calls`);
		assert.ok(second.report.counts.pass - first.report.counts.pass < 20);
	});

	test("a wrong second derivative fails, of few elements and of many", () => {
		const few = checkGradients((x: Tensor) => frozenCube(x), [normal(1, [2])]);
		const many = checkGradients((x: Tensor) => frozenCube(x).sum(), [normal(1, [17, 16])], {
			elements: 64,
		});
		for (const { counts, findings } of [few, many]) {
			assert.ok(counts.fail > 0);
			assert.ok(findings.every(({ order }) => order === 2));
		}
		const [name] = many.findings.map(({ result }) => result);
		assert.is(name, "the gradient of args[0] · weights");
	});

	test("a wrong second derivative by a small argument does not hide beside a large one", () => {
		for (const dtype of someOf(["float64", "float32"] as const)) {
			const scale = dtype === "float64" ? 1e-10 : 0.1;
			const loss = (a: Tensor, b: Tensor) => frozenCube(a).sum().mul(scale).add(b.exp().sum());
			const a = normal(1, [2]).astype(dtype);
			const b = normal(2, [2500]).mul(2).astype(dtype);
			const { findings } = checkGradients(loss, [a, b]);
			assert.is(findings[0]?.verdict, "fail", dtype);
			assert.is(findings[0]?.result, "the gradient of args[0] · weights");
			assert.is(findings[0]?.order, 2);
		}
	});

	test("one wrong element of a second derivative is found in the direction of all", () => {
		const almost = customGradient(
			(x: Tensor) => x.power(3),
			(g, _, x) => {
				const square = x.square().mul(3);
				const last = x
					.slice([-1, 2 ** 31 - 1])
					.mul(0)
					.add(1)
					.pad([[x.size - 1, 0]]);
				return g.mul(square.add(last.mul(stopGradient(x).sub(x).mul(1e-4))));
			},
		);
		const { counts, findings } = checkGradients((x: Tensor) => almost(x), [normal(1, [6])]);
		assert.ok(counts.fail > 0);
		assert.is(findings[0]!.order, 2);
	});

	test("a gradient that keeps what it computed at its first call fails at a second point", () => {
		const options: CheckOptions = { order: 1, modes: ["reverse"] };
		for (const x of [normal(1, [3]), zeros([3])]) {
			let kept: Tensor | null = null;
			const stale = customGradient(
				(v: Tensor) => v.exp(),
				(g, _, v) => {
					kept ??= v.exp();
					return g.mul(kept);
				},
			);
			const { counts, findings } = checkGradients((v: Tensor) => stale(v), [x], options);
			assert.ok(counts.fail > 0);
			assert.match(
				findings[0]!.cause!,
				"a second point nearby: something is kept from an earlier call",
			);
		}
	});
});
