import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { grad, random, type Tensor, tensor, zeros } from "../../lib/index.ts";
import { adamW, schedules } from "../../lib/optim/index.ts";
import { suite } from "../suite.ts";
import { backend } from "./backend.ts";
import { nearSingle } from "./near-single.ts";

const singles = (seed: number, ...shape: number[]) =>
	random.normal(random.key(seed), shape).astype("float32");
const x = singles(1, 5, 7);

suite("webgpu, float64", (test) => {
	test("float64 is refused with the way out, as an argument and as a result", async () => {
		const gpu = await backend();
		const f = compile((a: Tensor) => a.add(1), { backend: gpu });
		assert.throws(() => f(zeros([30])), /an argument is float64.*astype\("float32"\)/);
		const g = compile((a: Tensor) => a.astype("float64"), { backend: gpu });
		assert.throws(() => g(x), /a result is float64/);
	});

	test("numbers of float64 that rest on the number of the step are the host's", async () => {
		const gpu = await backend();
		const optimizer = adamW({
			learningRate: schedules.cosine({ initial: 0.1, steps: 20 }),
			weightDecay: 0.1,
		});
		const loss = (w: Tensor) => x.dot(w).square().mean();
		const step = (w: Tensor, state: ReturnType<typeof optimizer.init<Tensor>>) =>
			optimizer.update(grad(loss)(w), state, w);
		const there = compile(step, { backend: gpu });
		const here = compile(step);
		const start = singles(3, 7, 2);
		let [a, b] = [
			[start, optimizer.init(start)],
			[start, optimizer.init(start)],
		] as [ReturnType<typeof step>, ReturnType<typeof step>];
		assert.match(String(there.explain(...a)), "numbers of float64 are computed on the host");
		for (let i = 0; i < 20; i++) [a, b] = [there(...a), here(...b)];
		assert.is(a[1].step.item(), 20);
		nearSingle(await gpu.read(a[0]), b[0], "after twenty steps");
	});

	test("the device goes on with the host's numbers of float64 in float32", async () => {
		const gpu = await backend();
		const f = (a: Tensor, step: Tensor) =>
			a.astype("float64").mul(step.astype("float64").div(3)).astype("float32");
		const step = tensor(7, { dtype: "int32" });
		nearSingle(await gpu.read(compile(f, { backend: gpu })(x, step)), f(x, step), "a product");
	});

	test("float64 that rests on what the device has is float32 there", async () => {
		const gpu = await backend();
		const f = (a: Tensor) => a.sum(1).astype("float64").square().sum().sqrt().astype("float32");
		nearSingle(await gpu.read(compile(f, { backend: gpu })(x)), f(x), "a norm");
	});
});
