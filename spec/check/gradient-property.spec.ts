import * as fc from "fast-check";
import * as assert from "uvu/assert";
import {
	assertGradientProperty,
	type GradientPropertyOptions,
	tensors,
} from "../../lib/check/index.ts";
import { customGradient, GradientError, type Tensor } from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

/** Layer normalization; its gradient lacks the term of the mean unless it is right. */
const layerNorm = (isRight: boolean) =>
	customGradient(
		(x: Tensor) =>
			x
				.sub(x.mean(-1, { keepDims: true }))
				.div(x.variance(-1, { keepDims: true }).add(1e-5).sqrt()),
		(g, y, x) => {
			const centred = isRight ? g.sub(g.mean(-1, { keepDims: true })) : g;
			return centred
				.sub(y.mul(g.mul(y).mean(-1, { keepDims: true })))
				.div(x.variance(-1, { keepDims: true }).add(1e-5).sqrt());
		},
	);
interface Net {
	readonly w1: Tensor;
	readonly b1: Tensor;
	readonly w2: Tensor;
}
const net =
	(isRight: boolean) =>
	({ w1, b1, w2 }: Net, x: Tensor) =>
		layerNorm(isRight)(x.dot(w1).add(b1)).relu().dot(w2);

/** Nets of up to 3, 4 and 2 units, and a batch of up to 3. */
const points = fc
	.tuple(
		fc.integer({ min: 1, max: 3 }),
		fc.integer({ min: 1, max: 3 }),
		fc.integer({ min: 2, max: 4 }),
		fc.integer({ min: 1, max: 2 }),
	)
	.chain(([n, d, h, out]) =>
		fc.tuple(
			fc.record({
				w1: tensors({ shape: [d, h] }),
				b1: tensors({ shape: [h] }),
				w2: tensors({ shape: [h, out] }),
			}),
			tensors({ shape: [n, d] }),
		),
	);
/** What is thrown for the wrong net. */
function thrown(options: GradientPropertyOptions): string {
	try {
		assertGradientProperty(net(false), points, options);
	} catch (error) {
		assert.instance(error, GradientError);
		return (error as Error).message;
	}
	throw new Error("it passes");
}

suite("check/gradient-property", (test) => {
	test("right gradients pass at every point", () => {
		const layer = ({ w1, b1 }: Net, x: Tensor) => x.dot(w1).add(b1).tanh();
		assert.is(assertGradientProperty(layer, points, { runs: 5, seed: 1, timeLimit: 60_000 }), 5);
	});

	test("what fails is made simpler only while the same failure stays", () => {
		for (const seed of Array.from({ length: sampled(6) }, (_, i) => 12 - i)) {
			const message = thrown({ seed, timeLimit: 60_000 });
			assert.match(
				message,
				/^the gradients are not confirmed at point \d+ of 30, made simpler \d+ times/,
			);
			assert.match(message, `(seed ${seed})`);
			assert.match(message, 'args[0] = {"w1":Tensor (');
			// The wrong term is one of first order, where the net is smooth.
			assert.match(message, /fail: d result\[.*\(order 1, .*\n {2}given \S+, differences \S+ ± /);
			assert.not.match(message, "at-kink: ");
		}
	});

	test("the time limit ends the search, and what was found is told", () => {
		const { now } = performance;
		let time = 0;
		const f = (params: Net, x: Tensor) => {
			time++;
			return net(false)(params, x);
		};
		performance.now = () => time;
		try {
			const options = { seed: 1, timeLimit: 3000 };
			refuses(() => assertGradientProperty(f, points, options), GradientError, "fail: d result");
			assert.ok(time < 3100, String(time));
			time = 0;
			const slow = (params: Net, x: Tensor) => {
				time += 40;
				return x.dot(params.w1).tanh();
			};
			refuses(
				() => assertGradientProperty(slow, points, { seed: 1, timeLimit: 300 }),
				GradientError,
				"the time limit of 300 ms does not suffice",
			);
			const done = assertGradientProperty(slow, points, { seed: 1, timeLimit: 40_000 });
			assert.ok(done >= 1 && done < 30, String(done));
		} finally {
			performance.now = now;
		}
	});

	test("an error of the model is shown with the point at which it comes", () => {
		const f = (params: Net, x: Tensor) => {
			if (x.size > 1) throw new RangeError("too many rows");
			return x.dot(params.w1);
		};
		const options = { seed: 1, order: 1, timeLimit: 60_000 };
		const throwing = () => assertGradientProperty(f, points, options);
		refuses(throwing, GradientError, "the model throws RangeError: too many rows");
	});

	test("options that say nothing are refused", () => {
		const check = (options: object) => () => assertGradientProperty(net(true), points, options);
		refuses(check({ runs: 0 }), GradientError, "at least one run");
		refuses(check({ numRuns: 3 }), GradientError, "there is no option numRuns; there are order");
		refuses(check({ accept: ["fail"] }), GradientError, 'got "fail"');
		refuses(check({ timeLimit: -1 }), GradientError, "timeLimit in milliseconds above 0");
	});
});
