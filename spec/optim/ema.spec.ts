import { compile } from "../../lib/compile/index.ts";
import { DomainError, GradientError, mapTree, type Tensor, tensor } from "../../lib/index.ts";
import { ema } from "../../lib/optim/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { someGradient as someParams, start } from "./problem.ts";

suite("optim/ema", (test) => {
	test("it is the mean of what was given, the newest with the greatest weight; weights add up to 1", () => {
		const average = ema(0.75);
		let state = average.init(start);
		let mean = start;
		const given = [1, 2, 3].map(someParams);
		for (const params of given) [mean, state] = average.update(params, state);
		const weights = [0.75 ** 2, 0.75, 1].map((w) => w / (0.75 ** 2 + 0.75 + 1));
		const expected = (of: (p: typeof start) => Tensor) =>
			given.map((p, i) => of(p).mul(weights[i]!)).reduce((a, b) => a.add(b));
		near(
			mean.w,
			expected((p) => p.w),
		);
		near(
			mean.rest[0]!.b,
			expected((p) => p.rest[0]!.b),
		);
		same(state.step, 3);
	});

	test("after the first it is what was given, and with a decay of 0 the last", () => {
		const average = ema(0.999);
		near(average.update(start, average.init(start))[0].w, start.w, 1e-12);
		const last = ema(0);
		const [, state] = last.update(start, last.init(start));
		same(last.update(someParams(1), state)[0].w, someParams(1).w);
	});

	test("it compiles, and keeps float32", () => {
		const narrow = mapTree((x) => x.astype("float32"), start);
		const average = ema(0.9);
		const update = compile((p: typeof start, s: ReturnType<typeof average.init<typeof start>>) =>
			average.update(p, s),
		);
		const [mean, state] = update(narrow, average.init(narrow));
		near(mean.w, narrow.w, 1e-6);
		const [next] = update(
			mapTree((x) => x.mul(2), narrow),
			state,
		);
		near(next.w, narrow.w.mul((0.9 + 2) / 1.9), 1e-6);
		if (next.w.dtype !== "float32") throw new Error(next.w.dtype);
	});

	test("another structure, and a decay that is none, are refused", () => {
		const average = ema(0.9);
		const state = average.init({ w: tensor(1) });
		refuses(
			() => average.update(start, state as never),
			GradientError,
			"ema: expected the state.mean",
		);
		refuses(() => ema(1), DomainError, "ema: expected the decay");
	});
});
