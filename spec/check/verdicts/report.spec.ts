import * as assert from "uvu/assert";
import { checkGradients } from "../../../lib/check/gradients.ts";
import { customGradient, random, type Tensor, tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** Layer normalization with a gradient in which the term of the mean is missing. */
const layerNorm = customGradient(
	(x: Tensor) => x.sub(x.mean(-1, { keepDims: true })).div(x.std(-1, { keepDims: true })),
	(g, y, x) =>
		g.sub(y.mul(g.mul(y).mean(-1, { keepDims: true }))).div(x.std(-1, { keepDims: true })),
);

suite("check/verdicts/report", (test) => {
	test("where first derivatives are wrong, second ones are not compared", () => {
		const { findings, counts } = checkGradients((x: Tensor) => layerNorm(x), [normal(1, [2, 4])]);
		assert.ok(counts.fail > 0);
		assert.ok(findings.every(({ order }) => order === 1));
	});

	test("a report that does not agree counts kinks, but tells only of what is worse", () => {
		const wrong = customGradient(
			(x: Tensor) => x.square(),
			(g, _, x) => g.mul(x),
		);
		const report = checkGradients(
			(x: Tensor) => ({ kinks: x.relu(), wrong: wrong(x) }),
			[tensor([0, 1])],
		);
		assert.ok(report.counts["at-kink"] > 0);
		assert.ok(report.findings.some(({ verdict }) => verdict === "at-kink"));
		assert.match(String(report), /^gradients are not confirmed: .* \d+ at-kink/);
		assert.not.match(String(report), "at-kink: d result");
	});

	test("the plainest failure is told first: of one element, where the function is smooth", () => {
		const wrong = customGradient(
			(x: Tensor) => x.relu().add(x.square()),
			(g, _, x) => g.mul(x.equal(0).where(50, x)),
		);
		const [first] = checkGradients((x: Tensor) => wrong(x), [tensor([0, 1, 2])], {
			order: 1,
		}).findings;
		assert.is(first?.numeric.kind, "smooth");
	});

	test("of many findings the first few are told, and how many more there are", () => {
		const wrong = customGradient(
			(x: Tensor) => x.sin(),
			(g, y) => g.mul(y),
		);
		const many = Array.from({ length: 9 }, (_, i) => normal(i, [2]));
		const report = checkGradients((x: Tensor[]) => x.map((xi) => wrong(xi)), [many]);
		const lines = String(report).split("\n");
		assert.is(lines.filter((line) => line.startsWith("fail: ")).length, 6);
		assert.is(lines.at(-1), `and ${report.findings.length - 6} more findings`);
	});

	test("one uncertain derivative among many certain ones does not spoil a float32 model", () => {
		const keys = random.split(random.key(14), 7);
		const draw = (i: number, shape: number[]) =>
			random.normal(keys[i]!, shape, { dtype: "float32" });
		const params = {
			w1: draw(0, [3, 6]),
			b1: draw(1, [6]),
			w2: draw(2, [6, 4]),
			b2: draw(3, [4]),
			w3: draw(4, [4, 2]),
			b3: draw(5, [2]),
		};
		const net = (p: typeof params, x: Tensor) => {
			const h = x.dot(p.w1).add(p.b1).relu().dot(p.w2).add(p.b2).relu();
			return h.dot(p.w3).add(p.b3);
		};
		const report = checkGradients(net, [params, draw(6, [4, 3])], { order: 1 });
		assert.ok(report.counts["ill-conditioned"] > 0, "none is uncertain, so nothing is tried");
		assert.ok(report.ok, String(report));
		assert.match(String(report), /^gradients agree: .*\n.*\n.*\n.* certain for \d+ others/);
	});

	test("where most of an argument is uncertain, the others do not make up for it", () => {
		const drowned = (x: Tensor, y: Tensor) => [x.add(1e12).sub(1e12), y.sin()];
		const args = [tensor([2, 3]), normal(1, [20])] as const;
		const report = checkGradients(drowned, args, { order: 1 });
		assert.is(report.ok, false);
		assert.ok(report.counts["ill-conditioned"] > 0);
	});

	test("a doubt where numbers disagree is not put down to uncertain differences", () => {
		const rippled = customGradient(
			(x: Tensor) => x.square(),
			(g, _, x) => g.mul(x.mul(2).add(x.mul(1000).sin())),
		);
		const options = { order: 1, modes: ["reverse"] } as const;
		const report = checkGradients((x: Tensor) => rippled(x), [tensor([1.3])], options);
		assert.is(report.ok, false);
		assert.is(report.counts["ill-conditioned"], 3);
		assert.match(
			String(report),
			"goes up and down within such a step, so this is not called wrong",
		);
		assert.not.match(String(report), "too uncertain");
	});
});
