import * as assert from "uvu/assert";
import { drawFrom, numbersFrom } from "../../../lib/check/sampling.ts";
import { compile } from "../../../lib/compile/index.ts";
import type { Op } from "../../../lib/core/op.ts";
import type { Data } from "../../../lib/core/params.ts";
import * as adjoint from "../../../lib/index.ts";
import { apply, type DType, einsum, type Tensor } from "../../../lib/index.ts";
import {
	crossEntropy,
	dropout,
	embedding,
	init,
	linear,
	type ParamsOf,
	transformerBlock,
} from "../../../lib/nn/index.ts";
import { adam } from "../../../lib/optim/index.ts";
import { descent } from "../../../lib/train/index.ts";
import { near, same } from "../../near.ts";
import { sampled } from "../../runs.ts";
import { suite } from "../../suite.ts";

/** What the compiled function runs as, each kind of step once. */
function kindsOf<Args extends unknown[]>(f: (...args: Args) => unknown, ...args: Args): string[] {
	const { steps } = compile(f).explain(...args);
	return [...new Set(steps.map(({ runs }) => runs))].sort();
}

/** What float32 added up in float32 differs by; all else is the same to the bit. */
const SINGLE_SUMS = 2e-6;

/**
 * Samples of an op, in each of these dtypes: compiled it gives what it gives by itself, and no
 * evaluation takes part. Its arguments are read through views, so that the arena holds them in
 * another order.
 */
function runsNatively(
	op: Op,
	samples: number,
	dtypes: readonly DType[] = ["float64", "float32", "int32", "bool"],
	float32Tolerance = 0,
): void {
	const draw = drawFrom(numbersFrom(3));
	const turned = (x: Tensor) => x.T.flip();
	const f = (params: Data) => (inputs: Tensor[]) =>
		apply(
			op,
			inputs.map((x) => x.flip().T),
			params,
		);
	for (let i = 0; i < samples; i++) {
		const { inputs, params } = op.sample!(draw);
		const isIndex = (at: number) => at > 0 && inputs[at]!.dtype === "int32";
		for (const dtype of dtypes) {
			const given = inputs.map((x, at) => turned(isIndex(at) ? x : x.astype(dtype)));
			const kinds = kindsOf(f(params), given);
			assert.not(kinds.includes("evaluation"), `${op.name} of ${dtype}: ${kinds}`);
			near(compile(f(params))(given), f(params)(given), dtype === "float32" ? float32Tolerance : 0);
		}
	}
}

suite("compile/native", (test) => {
	test("ops that put elements in their places are loops over views, to the bit", () => {
		const { concat, pad, roll } = adjoint;
		const { addSlices, shift, undiagonal, unslice } = adjoint.internal;
		for (const { op } of [concat, pad, roll, shift, undiagonal, unslice])
			runsNatively(op, sampled(12));
		runsNatively(addSlices.op, sampled(30), ["float64", "float32"]);
	});

	test("a reshape that no strides can show is a copy", () => {
		const x = adjoint.arange(24).reshape([2, 3, 4]);
		for (const shape of [[24], [8, 3], [2, 2, 3, 2], [1, 6, 4]]) {
			const f = (t: Tensor) => t.permute([2, 0, 1]).reshape(shape);
			same(compile(f)(x), f(x));
			assert.equal(kindsOf(f, x), ["loop"]);
		}
	});

	test("a transformer learns without any op's own evaluation", () => {
		const model = {
			letters: embedding(7, 8),
			block: transformerBlock(8, 2, { causal: true, rotary: true }),
			next: linear(8, 7),
		};
		const loss = (params: ParamsOf<typeof model>, text: Tensor) => {
			const x = model.letters.apply(params.letters, text.slice(null, [0, -1]));
			const logits = model.next.apply(params.next, model.block.apply(params.block, x));
			return crossEntropy(logits, text.slice(null, [1, null]));
		};
		const { begin, step } = descent(loss, adam({ learningRate: 1e-2 }));
		const key = adjoint.random.key(1);
		const text = adjoint.random.randint(key, [2, 6], 0, 7);
		const state = begin(init(model, key));
		const compiled = compile(step);
		assert.not(kindsOf(step, state, text, key).includes("evaluation"));
		const [actual, expected] = [compiled, step].map((f) => {
			let now = f(state, text, key);
			for (let t = 0; t < 2; t++) now = f(now.state, text, key);
			return now.loss;
		});
		near(actual!, expected!, 1e-12);
	});

	test("parts of several dtypes meet in one", () => {
		const f = (x: Tensor, i: Tensor, b: Tensor) => adjoint.concat([x.T, i, b.add(x.sum())], 1);
		const x = adjoint.arange(6, { dtype: "float32" }).reshape([3, 2]);
		const i = adjoint.arange(8, { dtype: "int32" }).reshape([2, 4]);
		const b = i.greater(3).slice(null, [0, 1]);
		near(compile(f)(x, i, b), f(x, i, b), 0);
		assert.equal(kindsOf(f, x, i, b), ["loop", "reduction"]);
	});

	test("elements are read and added where indices say, to the bit in float64", () => {
		const { gather, oneHot, take, takeAlongAxis } = adjoint;
		const { ungather, untake, untakeAlongAxis } = adjoint.internal;
		for (const { op } of [gather, take, takeAlongAxis]) runsNatively(op, sampled(20));
		for (const { op } of [ungather, untake, untakeAlongAxis]) {
			runsNatively(op, sampled(20), undefined, SINGLE_SUMS);
		}
		runsNatively(oneHot.op, sampled(8), ["int32"]);
	});

	test("what is carried on along lines is the same to the bit", () => {
		const { cumprod, cumsum, linearRecurrence } = adjoint;
		for (const { op } of [cumprod, cumsum, linearRecurrence]) runsNatively(op, sampled(15));
		const x = adjoint.tensor([Number.POSITIVE_INFINITY, Number.NaN, -0, 2]);
		const f = (a: Tensor) => linearRecurrence(a, a.flip());
		same(compile(f)(x), f(x));
	});

	test("random keys, numbers and chances are the same to the bit, and dropout is one loop", () => {
		const { random } = adjoint;
		const draws = [
			(key: Tensor) => random.uniform(key, [3, 5, 7]),
			(key: Tensor) => random.uniform(key, [40], { dtype: "float32", low: -1 }),
			(key: Tensor) => random.uniform(key, []),
			(key: Tensor) => random.bernoulli(key, 0.3, [9, 4]),
			(key: Tensor) => random.bernoulli(key, adjoint.arange(6).div(5).T),
			(key: Tensor) => random.randint(key, [5, 6], -3, 2 ** 31),
			(key: Tensor) => random.bernoulli(random.split(key)[1], 0.5, [2]),
			(key: Tensor) => random.foldIn(random.foldIn(key, -7), 3),
			(key: Tensor) => random.uniform(key.add(1), [2]).sum(),
			(key: Tensor) => random.uniform(key, [0, 3]),
		];
		for (const seed of [0, -1, 123456789]) {
			const key = random.key(seed);
			for (const f of draws) {
				near(compile(f)(key), f(key), 1e-15);
				assert.not(kindsOf(f, key).includes("evaluation"), String(f));
			}
		}
		const dropped = (x: Tensor, key: Tensor) => dropout(0.2).apply({}, x, { train: true, key });
		const [x, key] = [adjoint.arange(30).reshape([5, 6]), random.key(5)];
		same(compile(dropped)(x, key), dropped(x, key));
		const { steps } = compile(dropped).explain(x, key);
		assert.equal(
			steps.map(({ ops }) => ops.join(" ")),
			["div bernoulli where"],
		);
	});

	test("contractions of floats, and their gradients, are products", () => {
		runsNatively(einsum.op, sampled(30), ["float64"], 1e-14);
		runsNatively(einsum.op, sampled(30), ["float32"], 2e-6);
		const f = (x: Tensor, w: Tensor) =>
			adjoint.grad((y: Tensor) => einsum("bthd,bshd->bhts", y, w).square().sum())(x);
		const [x, w] = [1, 2].map((seed) =>
			adjoint.random.normal(adjoint.random.key(seed), [2, 5, 3, 4]),
		);
		near(compile(f)(x!, w!), f(x!, w!), 1e-12);
		assert.not(kindsOf(f, x!, w!).includes("evaluation"));
	});

	test("integers are added up and multiplied, and floats cut off", () => {
		const f = (scores: Tensor, labels: Tensor) => {
			const counts = scores.argmax(1).equal(labels);
			return [
				counts.sum(),
				labels.mul(3).sub(1).sum(0),
				counts.add(1).prod(),
				scores.astype("int32"),
			];
		};
		const scores = adjoint.random.normal(adjoint.random.key(1), [40, 5]).mul(3);
		const labels = adjoint.random.randint(adjoint.random.key(2), [40], 0, 5);
		const few = (n: number) => [scores.slice([0, n]), labels.slice([0, n])] as const;
		const expected = f(...few(20));
		for (const [i, x] of compile(f)(...few(20)).entries()) same(x, expected[i]!);
		assert.equal(kindsOf(f, ...few(20)), ["loop", "reduction"]);
	});

	test("triangles are part of a loop", () => {
		for (const { op } of [adjoint.tril, adjoint.triu]) runsNatively(op, sampled(12));
		const scores = adjoint.arange(24).reshape([2, 3, 4]);
		const f = (x: Tensor) => x.mul(2).tril(1).exp().sum(-1);
		near(compile(f)(scores), f(scores), 1e-14);
		assert.equal(
			compile(f)
				.explain(scores)
				.steps.map(({ ops }) => ops.join(" ")),
			["mul tril exp sum"],
		);
		// They differ from row to row, which what follows a product in its tiles may not.
		for (const n of [3, 9]) {
			const x = adjoint.arange(n * n).reshape([n, n]);
			const g = (t: Tensor) => t.matmul(t.T).mul(2).tril(-1).add(1);
			same(compile(g)(x), g(x));
		}
	});

	test("a loop over slices twice as long has a gradient that moves twice the bytes", () => {
		const walk = (x: Tensor, window: number) => {
			let h = adjoint.zeros([2, 3]);
			for (let t = 0; t + window <= x.shape[1]!; t++) {
				h = h.mul(0.5).add(
					x
						.slice(null, [t, t + window])
						.sum(1)
						.tanh(),
				);
			}
			return h.square().sum();
		};
		for (const window of [1, 3]) {
			const gradient = adjoint.grad((x: Tensor) => walk(x, window));
			const compiled = compile(gradient);
			const [short, long] = [20, 40].map((places) => {
				const x = adjoint.random.normal(adjoint.random.key(1), [2, places + window - 1, 3]);
				near(compiled(x), gradient(x), 1e-12);
				const { steps, arenaBytes } = compiled.explain(x);
				assert.not(steps.some(({ runs }) => runs === "evaluation"));
				return { bytes: steps.reduce((sum, { bytes }) => sum + bytes, 0), arenaBytes };
			});
			assert.ok(long!.bytes <= 2.2 * short!.bytes, JSON.stringify([short, long]));
			assert.ok(long!.arenaBytes <= 2.2 * short!.arenaBytes, JSON.stringify([short, long]));
		}
	});

	test("a function that vectors have for small numbers only is right wherever a large one stands", () => {
		for (const dtype of ["float64", "float32"] as const) {
			const small = adjoint.arange(21, { dtype }).mul(0.3).sub(2);
			for (const large of [1e7, 1e9, dtype === "float32" ? 1e38 : 1e300]) {
				for (const place of [0, 3, 4, 13, 17, 20]) {
					const x = small.at(place).set(large);
					const wave = (x: Tensor) => x.sin().mul(2).add(x.cos());
					// The second one lies where what it is made of lay.
					const [one, chained] = compile((x: Tensor) => [wave(x), wave(x.mul(1)).exp()])(x);
					near(one!, wave(x), dtype === "float32" ? 1e-6 : 1e-15);
					near(chained!, wave(x).exp(), dtype === "float32" ? 1e-6 : 1e-14);
					const sums = (x: Tensor) => [x.sin().sum(), x.sin().softmax(0)];
					for (const [i, y] of compile(sums)(x).entries())
						near(y, sums(x)[i]!, dtype === "float32" ? 1e-6 : 1e-14);
					// Beside it no lane may be found not to fit.
					const whole = (x: Tensor) => x.sin().mul(2e9).round().astype("int32");
					same(compile((x: Tensor) => whole(x).sign())(x), whole(x).sign());
				}
			}
		}
	});
});
