import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { callOf } from "../../lib/backends/wasm/lazy-result.ts";
import { compile } from "../../lib/compile/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

interface State {
	w: Tensor;
	v: Tensor;
}

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/**
 * A step of gradient descent with momentum, in miniature; its tensors are too large to be copied
 * out at once.
 */
function step({ w, v }: State, x: Tensor): State {
	const next = v.mul(0.5).add(w.sub(x).maximum(0));
	return { v: next, w: w.sub(next.mul(0.25)) };
}

const SIZE = [30, 20];
const start: State = { w: normal(1, SIZE), v: normal(2, SIZE) };
const inputs = [normal(3, SIZE), normal(4, SIZE)];

/**
 * What to do next: a step from one of the states so far with one of the inputs, or reading one of
 * them.
 */
const action = fc.record({
	state: fc.integer({ min: 0, max: 7 }),
	input: fc.integer({ min: 0, max: 1 }),
	read: fc.boolean(),
	other: fc.boolean(),
});

suite("compile/state", (test) => {
	test("a tensor that was handed out never changes, whatever runs and is read later, in whatever order", () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
				const compiled = compile(step);
				const other = compile((state: State, x: Tensor) => step(step(state, x), x));
				const [states, expected] = [[start], [start]];
				for (const { state, input, read, other: twice } of actions) {
					const at = Math.max(0, states.length - 1 - state);
					const x = inputs[input]!;
					if (read) {
						same(states[at]!.w, expected[at]!.w);
						continue;
					}
					states.push((twice ? other : compiled)(states[at]!, x));
					const once = step(expected[at]!, x);
					expected.push(twice ? step(once, x) : once);
				}
				for (const [i, { w, v }] of states.entries()) {
					same(w, expected[i]!.w);
					same(v, expected[i]!.v);
				}
			}),
			{ numRuns: 60 },
		);
	});

	test("hundreds of states are still what they were, read backwards", () => {
		const compiled = compile(step);
		const states = [start];
		for (let t = 0; t < 300; t++) states.push(compiled(states[t]!, inputs[t % 2]!));
		const expected = [start];
		for (let t = 0; t < 300; t++) expected.push(step(expected[t]!, inputs[t % 2]!));
		for (let t = 300; t >= 0; t--) same(states[t]!.w, expected[t]!.w);
	});

	test("views, transforms and other compiled functions see the values of an unread tensor", () => {
		const { w } = compile(step)(start, inputs[0]!);
		const expected = step(start, inputs[0]!).w;
		same(w.T.slice([1, 3]), expected.T.slice([1, 3]));
		near(compile((x: Tensor) => x.sum(0))(w), expected.sum(0));
		assert.is(w.data.length, 600);
	});

	test("views of an unread tensor do not read it, and an unread tensor can be waited for", async () => {
		const compiled = compile(step);
		const { w } = compiled(start, inputs[0]!);
		const view = w.T.slice([1, 3]);
		assert.is.not(callOf(view), null);
		for (const x of inputs) compiled(start, x);
		const expected = step(start, inputs[0]!).w;
		assert.equal(await view.read(), expected.T.slice([1, 3]).data);
		assert.is(callOf(w), null);
		assert.is(w.storage.byteLength, w.data.byteLength);
	});

	test("a view of a result is an argument like others, whether the result is still in the arena or not", () => {
		const views: readonly ((y: Tensor) => Tensor)[] = [
			(y) => y,
			(y) => y.T,
			(y) => y.flip(0),
			(y) => y.reshape([-1]).reshape(y.shape),
			(y) => y.slice([0, 1]).broadcastTo(y.shape),
		];
		const f = (x: Tensor, w: Tensor) => [x.mul(2).add(w), x.sub(w)];
		for (const n of [3, 40]) {
			const compiled = compile(f);
			const [x, w] = [normal(1, [n, n]), normal(2, [n, n])];
			for (const view of views) {
				for (const runs of [0, 1, 3]) {
					const [y] = compiled(x, w);
					for (let i = 0; i < runs; i++) compiled(w, x);
					const expected = f(x, w)[0]!;
					const [got, meant] = [compiled(view(y!), y!), f(view(expected), expected)];
					for (const [i, value] of meant.entries()) same(got[i]!, value);
				}
			}
		}
	});

	test("results that share elements, are arguments or have no elements are right", () => {
		const f = compile((x: Tensor) => [
			x,
			x.add(1),
			x.add(1).reshape([-1]),
			x.add(1).T,
			x.slice([0, 0]),
		]);
		const [a, b, c, d, e] = f(start.w);
		assert.is(a, start.w);
		const expected = start.w.add(1);
		same(d!, expected.T);
		same(c!, expected.reshape([-1]));
		same(b!, expected);
		assert.equal(e!.shape, [0, 20]);
	});
});
