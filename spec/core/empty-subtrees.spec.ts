import { join } from "node:path";
import * as assert from "uvu/assert";
import { checkGradients } from "../../lib/check/gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import { batchExamples, batches } from "../../lib/data/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import {
	checkpoint,
	customGradient,
	grad,
	hessian,
	hvp,
	jacobian,
	jvp,
	linearize,
	type Tensor,
	tensor,
	valueAndGrad,
	vjp,
} from "../../lib/index.ts";
import { load, save } from "../../lib/io/index.ts";
import { summary } from "../../lib/nn/index.ts";
import {
	accumulate,
	adagrad,
	adam,
	adamW,
	clipByGlobalNorm,
	lbfgs,
	lion,
	type Optimizer,
	rmsProp,
	sgd,
} from "../../lib/optim/index.ts";
import { descent, train } from "../../lib/train/index.ts";
import { inFolder } from "../io/support.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";

/** Parameters some of which there need not be. */
interface Params {
	w: Tensor;
	b?: Tensor | undefined;
	layers: (Tensor | null)[];
}

const some = (): Params => ({ w: tensor([1, 2]), b: undefined, layers: [null, tensor([3, 4])] });
const loss = ({ w, b, layers }: Params) => {
	const y = w.square().mul(layers[1]!);
	return (b === undefined ? y : y.add(b)).sum();
};
const gradient = { w: [6, 16], last: [1, 4] };

/** Asserts that what should be there is, and that nothing is where nothing was. */
function holds(given: Params, w: number[], last: number[]): void {
	assert.equal(Object.keys(given), ["w", "b", "layers"]);
	near(given.w, w);
	assert.is(given.b, undefined);
	assert.is(given.layers[0], null);
	near(given.layers[1]!, last);
}

suite("core/empty-subtrees", (test) => {
	test("transforms leave null and undefined as they are, in arguments, results and vectors", () => {
		const p = some();
		holds(grad(loss)(p), gradient.w, gradient.last);
		holds(valueAndGrad(loss)(p)[1], gradient.w, gradient.last);
		holds(grad(compile(loss))(p), gradient.w, gradient.last);
		holds(compile(grad(loss))(p), gradient.w, gradient.last);
		const [value, pull] = vjp((q: Params) => q, p);
		holds(value, [1, 2], [3, 4]);
		holds(pull(p), [1, 2], [3, 4]);
		// A vector may leave out what is not there.
		holds(pull({ w: p.w, layers: p.layers }), [1, 2], [3, 4]);
		holds(jvp((q: Params) => q, p, p)[1], [1, 2], [3, 4]);
		near(linearize(loss, p)[1](p), 6 * 1 + 16 * 2 + 1 * 3 + 4 * 4);
		holds(hvp(loss, p, p), [12, 32], [2, 8]);
		holds(grad(checkpoint(loss))(p), gradient.w, gradient.last);
		const doubled = customGradient(loss, (g, _, q) => ({
			...q,
			w: g.mul(q.w),
			layers: [null, g.mul(q.layers[1]!)],
		}));
		holds(grad(doubled)(p), [1, 2], [3, 4]);
		near(jvp(doubled, p, p)[1], 1 + 4 + 9 + 16);
	});

	test("a Jacobian and a Hessian have them in both structures", () => {
		const p = some();
		for (const mode of ["forward", "reverse"] as const) {
			const j = jacobian((q: Params) => ({ y: q.w.mul(2), none: null, gone: undefined }), { mode })(
				p,
			);
			assert.is(j.none, null);
			assert.is(j.gone, undefined);
			near(j.y.w, [
				[2, 0],
				[0, 2],
			]);
			assert.is(j.y.b, undefined);
			assert.is(j.y.layers[0], null);
		}
		const h = hessian(loss)(p);
		near(h.w.w, [
			[6, 0],
			[0, 8],
		]);
		assert.is(h.w.b, undefined);
		assert.is(h.b, undefined);
		assert.is(h.layers[0], null);
	});

	test("optimizers, their states and clipping do", () => {
		const p = some();
		const options = { learningRate: 0.1 };
		const all: Optimizer<string>[] = [
			...[sgd(options), sgd({ ...options, momentum: 0.9 }), adam(options), adamW(options)],
			...[rmsProp(options), adagrad(options), lion(options), accumulate(adam(options), 2)],
		];
		for (const { init, update } of all) {
			let [q, state] = [p, init(p)];
			for (let step = 0; step < 2; step++) [q, state] = update(grad(loss)(q), state, q);
			const { b, ...dense } = p;
			let [r, other] = [dense as Params, init(dense as Params)];
			for (let step = 0; step < 2; step++) [r, other] = update(grad(loss)(r), other, r);
			assert.is(b, undefined);
			holds(q, [...r.w.data] as number[], [...r.layers[1]!.data] as number[]);
		}
		const { init, update } = lbfgs();
		const f = valueAndGrad((q: Params) =>
			q.w.square().sum().add(q.layers[1]!.sub(1).square().sum()),
		);
		let [q, state] = [p, init(f, p)];
		for (let step = 0; step < 5; step++) [q, state] = update(f, state, q);
		holds(q, [0, 0], [1, 1]);
		holds(clipByGlobalNorm(p, Math.sqrt(30)), [1, 2], [3, 4]);
	});

	test("files, training and data do", () =>
		inFolder(async (folder) => {
			const p = some();
			const path = join(folder, "params.safetensors");
			await save(path, p);
			holds(await load<Params>(path), [1, 2], [3, 4]);
			const { begin, step } = descent(
				(q: Params, x: { x: Tensor; mask: null }) => q.w.mul(x.x).sum().add(q.layers[1]!.sum()),
				adam({ learningRate: 0.1 }),
			);
			const data = () => batches({ x: tensor([[1], [2]]), mask: null }, { batchSize: 1 });
			const checkpointPath = join(folder, "checkpoint.safetensors");
			const options = { step, data, output: null, checkpoint: checkpointPath };
			await train({ ...options, state: begin(p), epochs: 1 });
			const resumed = await train({ ...options, state: begin(p), epochs: 2 });
			const whole = await train({ step, data, output: null, state: begin(p), epochs: 2 });
			const numbers = (x: Tensor) => [...x.data] as number[];
			const { params } = whole.state;
			holds(resumed.state.params, numbers(params.w), numbers(params.layers[1]!));
			for await (const batch of batchExamples([p, p], 2)) {
				assert.equal(batch.w.shape, [2, 2]);
				assert.is(batch.layers[0], null);
			}
		}));

	test("a derivation, a check of gradients and a summary pass them over", () => {
		const p = some();
		const derivation = derive((params: Params) => loss(params), { params: p });
		assert.ok(derivation.verify().checks.every(({ ok }) => ok));
		assert.ok(checkGradients(loss, [p]).ok);
		assert.match(summary(p), "layers[1]");
	});
});
