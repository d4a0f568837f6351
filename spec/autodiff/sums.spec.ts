import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/verdicts/check-gradients.ts";
import { debugState } from "../../lib/core/debug-state.ts";
import { linearMap } from "../../lib/core/linear-map.ts";
import {
	apply,
	checkpoint,
	gather,
	grad,
	hvp,
	jvp,
	neg,
	type Op,
	random,
	ShapeError,
	stack,
	type Tensor,
	take,
	takeAlongAxis,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { gru, lstm, rnn } from "../../lib/nn/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { elementsWritten, over } from "./walks.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const times = (x: Tensor) => Array.from({ length: x.shape[1]! }, (_, t) => t);

/** Walks over the second axis of a tensor (2×time×3). */
const walks: Readonly<Record<string, (x: Tensor) => Tensor>> = {
	slice: (x) => over(times(x).map((t) => x.slice(null, t))),
	unstack: (x) => over(x.unstack(1)),
	split: (x) => over(x.split(x.shape[1]!, 1)),
	"slice of several axes": (x) => over(times(x).map((t) => x.slice(1, t, [null, null, -1]))),
	"slice of windows": (x) => over(times(x).map((t) => x.slice(null, [t - 1, t + 2]).sum(1))),
	"slice but the first": (x) => over(times(x).map((t) => x.slice(null, Math.max(1, t)))),
	take: (x) => over(times(x).map((t) => take(x, t, 1))),
	"take of several": (x) => over(times(x).map((t) => take(x, [[t, 0]], 1).sum([1, 2]))),
	takeAlongAxis: (x) => over(times(x).map((t) => takeAlongAxis(x, [[[t]]], 1))),
	gather: (x) => over(times(x).map((t) => gather(x, [[1, t]]))),
};

const parts: Readonly<Record<string, (x: Tensor) => Tensor>> = {
	...walks,
	"slices among other uses": (x) =>
		x.slice(0).mul(x.slice(1)).sum().add(x.square().sum()).mul(x.slice(1, 2).sum()),
	"negative steps that meet": (x) =>
		x
			.slice(null, [null, null, -1])
			.mul(x)
			.slice(null, [null, null, 2])
			.mul(x.slice(null, [null, null, -2]))
			.sum(),
	"one slice twice": (x) => x.slice(1).mul(x.slice(1)).sum(),
	"several kinds": (x) =>
		[x.slice(0, 1), take(x, [1, 2, 1], 1).sum([0, 1]), x.slice(1, 1), gather(x, [0, 1]).exp()]
			.map((part) => part.square().sum())
			.reduce((a, b) => a.mul(b).add(a)),
	"along several axes": (x) =>
		take(x, 1, 0)
			.sum()
			.mul(take(x, 1, 1).sum())
			.mul(take(x, -1, 2).sum()),
	"tuples of several lengths": (x) =>
		gather(x, [1])
			.mul(gather(x, [[1, 2]]).sum())
			.sum(),
	checkpoint: (x) =>
		checkpoint((t: Tensor) => t.unstack(1).map((part) => part.exp()))(x)
			.reduce((a, b) => a.mul(b))
			.sum(),
};

suite("autodiff/sums", (test) => {
	for (const [name, f] of Object.entries(walks)) {
		test(`${name}: a walk over a sequence twice as long has a gradient of twice the work`, () => {
			const [short, long] = [12, 24].map((time) => {
				const x = normal(1, [2, time, 3]);
				return {
					value: elementsWritten(() => f(x)),
					gradient: elementsWritten(() => grad(f)(x)),
					product: elementsWritten(() => hvp(f, x, x)),
				};
			});
			assert.ok(long!.gradient <= 2.1 * short!.gradient, JSON.stringify([short, long]));
			assert.ok(long!.gradient <= 5 * long!.value, JSON.stringify(long));
			assert.ok(long!.product <= 2.1 * short!.product, JSON.stringify([short, long]));
		});
	}

	for (const [name, make] of Object.entries({ rnn, gru, lstm })) {
		test(`${name}: a sequence twice as long has a gradient of twice the work`, () => {
			const layer = make(2, 3);
			const params = layer.init(random.key(1));
			const loss = (p: typeof params, x: Tensor) =>
				layer
					.apply(p as never, x)
					.square()
					.sum();
			const [short, long] = [12, 24].map((time) => {
				const x = normal(2, [2, time, 2]);
				return elementsWritten(() => grad(loss)(params, x));
			});
			assert.ok(long! <= 2.1 * short!, `${short} ${long}`);
		});
	}

	test("forward mode puts tangents together in one, too", () => {
		const f = (x: Tensor) =>
			stack(
				x.unstack(1).map((part) => part.mul(2)),
				1,
			);
		const [short, long] = [12, 24].map((time) => {
			const x = normal(1, [2, time, 3]);
			return elementsWritten(() => jvp(f, x, x));
		});
		assert.ok(long! <= 2.1 * short!, `${short} ${long}`);
	});

	for (const [name, f] of Object.entries(parts)) {
		test(`${name}: the gradient agrees with differences in both modes, to second order`, () => {
			assertGradients(f, [normal(3, [2, 3, 2])], { order: 2, elements: 4, directions: 1 });
		});
		test(`${name}: the third derivative is the same by reverse and by forward mode`, () => {
			const [x, v] = [normal(3, [2, 4, 3]), normal(4, [2, 4, 3])];
			const along = (g: (x: Tensor) => Tensor) => (y: Tensor) => jvp(g, y, v)[1];
			const back = (g: (x: Tensor) => Tensor) => (y: Tensor) => grad(g)(y).mul(v).sum();
			near(back(along(back(f)))(x), along(along(along(f)))(x), 1e-10);
		});
		test(`${name}: the gradient, traced on tensors without values, gives the same bits`, () => {
			const x = normal(3, [2, 4, 3]);
			const { program } = trace([x], ([t]) => [grad(f)(t!)]);
			same(interpret(program, [x])[0]!, grad(f)(x));
		});
	}

	test("slices that meet are added in the order in which reverse mode comes by them", () => {
		const x = tensor([1, 2, 3]);
		const [a, b, c] = [0.1, 1e16, -1e16];
		// The last one first: (c + b) + a at the element in the middle.
		const f = (t: Tensor) =>
			t
				.slice([0, 2])
				.mul(a)
				.sum()
				.add(t.slice([1, 3]).mul(b).sum())
				.add(t.slice(1).mul(c));
		same(grad(f)(x), [a, c + b + a, b]);
	});

	test("slices are added to other contributions where they come among them", () => {
		const f = (t: Tensor) => t.slice(0).mul(3).add(t.sum()).add(t.slice(1).mul(5));
		same(grad(f)(tensor([1, 2, 3])), [4, 6, 1]);
	});

	test("a −0 stays one where slices do not meet, and is 0 where they do", () => {
		const signs = (f: (t: Tensor) => Tensor) =>
			[...grad(f)(zeros([3])).data].map((value) => (Object.is(value, -0) ? "−0" : String(value)));
		const apart = (t: Tensor) => t.slice(0).mul(-0).add(t.slice(1));
		assert.equal(signs(apart), ["−0", "1", "0"]);
		const meeting = (t: Tensor) =>
			t
				.slice([0, 2])
				.add(t.slice([1, 3]))
				.mul(-0)
				.sum();
		assert.equal(signs(meeting), ["0", "0", "0"]);
	});

	test("float32 stays float32", () => {
		const x = normal(1, [2, 3, 3]).astype("float32");
		for (const f of Object.values(walks)) assert.is(grad(f)(x).dtype, "float32");
	});

	test("a sum of placed terms that has a wrong shape is refused by the name of the op", () => {
		const placement = { sum: () => zeros([2]), at: null };
		const map = linearMap(
			"half",
			(dx) => dx,
			(g) => g,
			{ transpose: placement },
		);
		const half: Op = { ...neg.op, name: "half", differential: () => map };
		const f = (x: Tensor) =>
			apply(half, [x], null)
				.add(apply(half, [x], null))
				.sum();
		refuses(() => grad(f)(zeros([3])), ShapeError, "half: expected its derivative by argument 1");
	});

	test("no node counts as being differentiated once tangents and cotangents have arrived", () => {
		// What a test before this one may have left when it threw.
		debugState.differentiating = null;
		const f = (x: Tensor) => stack([x, x.exp()]);
		jvp(f, zeros([2]), zeros([2]));
		grad((x: Tensor) => x.slice(0).mul(x.slice(1)))(zeros([2]));
		assert.is(debugState.differentiating, null);
	});
});
