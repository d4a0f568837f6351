import * as assert from "uvu/assert";
import {
	assertGradients,
	type CheckOptions,
	checkGradients,
} from "../../../lib/check/gradients.ts";
import { customGradient, GradientError, random, type Tensor, tensor } from "../../../lib/index.ts";
import { refuses } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** Rounds, and gives the gradient as if it did not: a straight-through estimator. */
const quantize = customGradient(
	(w: Tensor) => w.mul(4).round().div(4),
	(g) => g,
);
const quantized = ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) =>
	x.dot(quantize(w)).add(b).tanh();
const params = { w: normal(1, [3, 2]), b: normal(2, [2]) };
const x = normal(3, [2, 3]);

/** Runs a check of a function that takes so many milliseconds by a clock of its own. */
function timed<T>(
	f: (v: Tensor) => Tensor,
	cost: (call: number) => number,
	run: (f: (v: Tensor) => Tensor) => T,
): T {
	const { now } = performance;
	let [time, calls] = [0, 0];
	performance.now = () => time;
	try {
		return run((v) => {
			time += cost(calls++);
			return f(v);
		});
	} finally {
		performance.now = now;
	}
}

suite("check/verdicts/options", (test) => {
	test("a parameter that is differentiated another way on purpose is left out", () => {
		assert.is(checkGradients(quantized, [params, x], { order: 1 }).ok, false);
		const report = checkGradients(quantized, [params, x], { except: ["args[0].w"] });
		assert.ok(report.ok, String(report));
		assert.equal(report.fixed, ["args[0].w"]);
		assert.match(String(report), "(seed 0; args[0].w held fixed)");
	});

	test("only the arguments that are chosen are moved, a path standing for all below it", () => {
		const moved = (options: CheckOptions) => {
			const wrong = customGradient(
				(v: { w: Tensor; b: Tensor; u: Tensor }) => v.u.dot(v.w).add(v.b),
				(g, _, v) => ({ w: v.w.mul(0), b: g.sum(0), u: g.dot(v.w.T) }),
			);
			const f = (v: typeof params, u: Tensor) => wrong({ ...v, u });
			return checkGradients(f, [params, x], { order: 1, ...options });
		};
		assert.is(moved({}).ok, false);
		assert.is(moved({ only: ["args[0]"] }).ok, false);
		assert.is(moved({ only: ["args[0].b"] }).ok, true);
		assert.is(moved({ only: ["args[0]"], except: ["args[0].w"] }).ok, true);
		const none = { only: ["args[0].w"], except: ["args[0]"] };
		refuses(() => moved(none), GradientError, "to leave an argument");
		refuses(() => moved({ only: ["w"] }), GradientError, "there are args[0].w, args[0].b");
		const noNames = "leave an argument to move; there are args[0].w, args[0].b";
		refuses(() => moved({ only: [] }), GradientError, noNames);
		for (const wrong of ["args[0]", [3], [{}], [Symbol("w")], [undefined], null]) {
			for (const name of ["only", "except"]) {
				const message = `expected ${name} to be an array of paths, as "args[0].w1", got `;
				refuses(() => moved({ [name]: wrong } as never), GradientError, message);
			}
		}
	});

	test("a time limit ends the check, and the report says where", () => {
		const options: CheckOptions = { timeLimit: 500, progress: false };
		const sine = (v: Tensor) => v.sin();
		timed(
			sine,
			() => 5,
			(slow) => {
				const report = checkGradients(slow, [normal(1, [60])], options);
				assert.is(report.ok, false);
				assert.match(report.stoppedAt!, /^order 1, args\[0\], element \d+$/);
				assert.match(String(report), "the time limit ended the check at order 1, args[0], element");
				assert.ok(report.counts.pass > 0);
				assert.equal(report.findings, []);
				const assertion = (accept: "unfinished"[]) =>
					assertGradients(slow, [normal(1, [60])], { ...options, accept });
				refuses(() => assertion([]), GradientError, "the time limit");
				assertion(["unfinished"]);
			},
		);
	});

	test("what fails before the time is over fails, and an end without a comparison is no pass", () => {
		const wrong = customGradient(
			(v: Tensor) => v.sin(),
			(g) => g,
		);
		const accept = ["unfinished"] as const;
		const check = (timeLimit: number) => () =>
			timed(
				wrong,
				(call) => (call < 600 ? 0 : 5),
				(slow) => assertGradients(slow, [tensor([1, 2, 3])], { timeLimit, accept }),
			);
		refuses(check(100), GradientError, "fail: d result[0] / d args[0][0]");
		refuses(check(100), GradientError, "the time limit ended");
		const right = (v: Tensor) => v.sin();
		const atOnce = () =>
			timed(
				right,
				() => 5,
				(slow) => assertGradients(slow, [x], { timeLimit: 1, accept }),
			);
		refuses(atOnce, GradientError, "no elements");
		for (const bad of [0, Number.NaN, "500" as never]) {
			refuses(check(bad), GradientError, "timeLimit in milliseconds above 0");
		}
	});

	test("progress is told what is compared, when a check takes long", () => {
		const told: string[] = [];
		const progress = (text: string) => told.push(text);
		timed(
			(v) => v.sin(),
			() => 10,
			(slow) => {
				checkGradients(slow, [normal(1, [9])], { progress });
				assert.is(told.length, 0);
				checkGradients(slow, [normal(1, [90])], { progress });
			},
		);
		assert.ok(told.length > 5);
		assert.match(told[0]!, "order 1, args[0], element");
		refuses(
			() => checkGradients((v: Tensor) => v.sin(), [x], { progress: true } as never),
			GradientError,
			"a function or false",
		);
	});
});
