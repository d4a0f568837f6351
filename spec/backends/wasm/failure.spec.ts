import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	concat,
	DomainError,
	gather,
	oneHot,
	random,
	type Tensor,
	take,
	takeAlongAxis,
	tensor,
} from "../../../lib/index.ts";
import { ungather, untake, untakeAlongAxis } from "../../../lib/ops/internal.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

type Function = (...args: Tensor[]) => Tensor;

/** The message of what it throws. */
function messageOf(f: () => unknown): string {
	try {
		f();
	} catch (error) {
		assert.instance(error, Error);
		return (error as Error).message;
	}
	return assert.unreachable("expected an error") as never;
}

const x = random.normal(random.key(1), [5, 4]);
const indices = (...values: number[]) => tensor(values, { dtype: "int32" });
/** Inputs for which an op throws, and others for which it does not. */
const cases: [Function, bad: Tensor[], good: Tensor[]][] = [
	[(t, i) => take(t!, i!, 0), [x, indices(1, 5)], [x, indices(1, -5)]],
	[(t, i) => take(t!, i!, 1), [x, indices(-5)], [x, indices(3)]],
	[
		(t, i) => takeAlongAxis(t!, i!, 1),
		[x, indices(7).reshape([1, 1])],
		[x, indices(0).reshape([1, 1])],
	],
	[(t, i) => gather(t!, i!), [x, indices(4, 4)], [x, indices(4, -1)]],
	[(t, i) => untake(t!, i!, 0, 3), [x, indices(0, 1, 2, 3, 0)], [x, indices(0, 1, 2, 2, 0)]],
	[(t, i) => untakeAlongAxis(t!, i!.broadcastTo([5, 4]), 0, 2), [x, indices(2)], [x, indices(1)]],
	[
		(t, i) => ungather(t!, i!, [0, 4]),
		[x, indices(0, 0, 0, 0, 0).reshape([5, 1])],
		[x.slice([0, 0]), indices().reshape([0, 1])],
	],
	[(i) => oneHot(i!, 3), [indices(0, -1)], [indices(0, 2)]],
	[(i) => i!.add(i!), [indices(2 ** 30)], [indices(3)]],
	[(i) => i!.neg(), [indices(-(2 ** 31))], [indices(-1)]],
	[(i) => i!.mul(2).sum(), [indices(2 ** 29, 2 ** 29, 1)], [indices(7)]],
	[
		(key, p) => random.bernoulli(key!, p!),
		[random.key(0), tensor([0.5, Number.NaN])],
		[random.key(0), tensor([0.5, 1])],
	],
	[(i) => i!.prod(), [indices(2 ** 20, 2 ** 20)], [indices(2, 3)]],
	[
		(i, at) => untake(i!, at!, 0, 1),
		[indices(2 ** 30, 2 ** 30), indices(0, 0)],
		[indices(1, 2), indices(0, 0)],
	],
	[(t) => t!.astype("int32"), [tensor([0, 2 ** 31])], [tensor([-1.5, 2.5])]],
	[
		(t) => t!.astype("int32"),
		[tensor([0, Number.NaN], { dtype: "float32" })],
		[tensor([1, 2], { dtype: "float32" })],
	],
];

suite("compile/failure", (test) => {
	test("what cannot be computed is the error that the op throws by itself, and the next call is right", () => {
		for (const [f, bad, good] of cases) {
			const compiled = compile(f);
			assert.ok(compiled.explain(...bad).steps.every(({ runs }) => runs !== "evaluation"));
			for (let run = 0; run < 2; run++) {
				assert.is(
					messageOf(() => compiled(...bad)),
					messageOf(() => f(...bad)),
				);
				same(compiled(...good), f(...good));
			}
		}
	});

	test("a sum that overflows on the way and comes back is right", () => {
		const at = indices(0, 0, 0);
		const f = (t: Tensor) => untake(t, at, 0, 1);
		const t = indices(2 ** 31 - 1, 1, -5);
		assert.is(compile(f)(t).item(), 2 ** 31 - 5);
	});

	test("what was handed out before is still there after an error, and goes on", () => {
		const step = (w: Tensor, i: Tensor) => take(w.mul(0.5), i, 0).add(w.softmax(1)).sort(0).add(w);
		const compiled = compile(step);
		const start = random.normal(random.key(2), [30, 40]);
		const order = tensor(
			Array.from({ length: 30 }, (_, i) => (7 * i) % 30),
			{ dtype: "int32" },
		);
		const wrong = order.add(1);
		const [states, expected] = [[start], [start]];
		for (let t = 0; t < 6; t++) {
			states.push(compiled(states[t]!, order));
			expected.push(step(expected[t]!, order));
			refuses(() => compiled(states[t]!, wrong), DomainError, "take: index 30 is out of range");
			refuses(() => compiled(states[t + 1]!, wrong), DomainError, "axis 0 of size 30");
		}
		for (let t = 6; t >= 0; t--) near(states[t]!, expected[t]!, 1e-12);
	});

	test("threads that do parts of it see the same, and the same error", async () => {
		const f = (w: Tensor, i: Tensor) => {
			const rows = take(w, i, 0);
			const sums = untake(rows.square(), i, 0, 100).add(untake(rows.T, i, 1, 100).T);
			const kept = random.bernoulli(random.key(5).add(i.slice(0)), 0.5, [700, 64]);
			return concat([sums.cumsum(0), kept.where(rows, 0).tril(-9)]);
		};
		const w = random.normal(random.key(3), [100, 64]);
		const i = random.randint(random.key(4), [700], -100, 100);
		const wrong = i.add(i.equal(i.max()));
		const [alone, together] = [compile(f), compile(f, { threads: 2 })];
		const { steps } = together.explain(w, i);
		assert.equal(
			steps.filter(({ runs }) => runs === "indexed").map(({ threads }) => threads),
			[2, 2, 2],
		);
		for (let run = 0; run < 20; run++) {
			same(together(w, i), alone(w, i));
			assert.is(
				messageOf(() => together(w, wrong)),
				messageOf(() => f(w, wrong)),
			);
			await setTimeout(5);
		}
	});
});
