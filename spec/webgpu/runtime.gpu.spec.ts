import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	cond,
	DeviceError,
	DomainError,
	DTypeError,
	grad,
	random,
	scan,
	type Tensor,
	tensor,
	whileLoop,
	zeros,
} from "../../lib/index.ts";
import { webgpu } from "../../lib/webgpu.ts";
import { rejected } from "../io/support.ts";
import { suite } from "../suite.ts";
import { gpu as gpuHere } from "./adapter.ts";
import { backend } from "./backend.ts";
import { nearSingle } from "./near-single.ts";

const singles = (seed: number, ...shape: number[]) =>
	random.normal(random.key(seed), shape).astype("float32");
const x = singles(1, 5, 7);
const y = singles(2, 5, 7);

/** A backend of its own, with so many bytes for arguments and results. */
const small = async (memory: number) => webgpu({ gpu: await gpuHere(), memory });

suite("webgpu, running", (test) => {
	test("a call returns tensors whose elements are on the device, until they are read", async () => {
		const gpu = await backend();
		const f = compile((a: Tensor, b: Tensor) => a.mul(b).add(1), { backend: gpu });
		const result = f(x, y);
		assert.equal(result.shape, [5, 7]);
		assert.is(result.dtype, "float32");
		assert.throws(() => result.data, /await x\.read\(\)/);
		assert.throws(
			() => result.add(1),
			(error: unknown) => error instanceof DeviceError,
		);
		assert.equal(await result.read(), x.mul(y).add(1).data);
		assert.equal(result.toArray(), x.mul(y).add(1).toArray());
		nearSingle(result.add(1), x.mul(y).add(2), "an op on what was read");
	});

	test("read takes a tree, and gives it back", async () => {
		const gpu = await backend();
		const f = compile((a: Tensor) => ({ sum: a.sum(), more: [a.abs(), a.greater(0)] }), {
			backend: gpu,
		});
		const tree = f(x);
		assert.is(await gpu.read(tree), tree);
		nearSingle(tree.sum, x.sum(), "the sum");
		assert.equal(tree.more[1]!.toArray(), x.greater(0).toArray());
		assert.equal((await gpu.read([x, null]))[0]!.data, x.data);
	});

	test("results are arguments again, as they are, as views and beside those of the host", async () => {
		const gpu = await backend();
		const twice = compile((a: Tensor) => a.mul(2), { backend: gpu });
		const product = compile((a: Tensor, b: Tensor) => a.dot(b), { backend: gpu });
		const doubled = twice(x);
		for (const view of [doubled.T, doubled.slice([1, 3]).T, doubled.slice(null, [6, null])]) {
			const again = await gpu.read(twice(view));
			await view.read();
			nearSingle(again, view.mul(2), "of a view");
		}
		assert.equal(twice(twice(x).T.slice([0, 0])).shape, [0, 5]);
		const fresh = twice(x);
		nearSingle(await gpu.read(product(fresh.T, y)), x.mul(2).T.dot(y), "of a view");
	});

	test("a constant, an argument and the same result twice are handed out as they are", async () => {
		const gpu = await backend();
		const one = tensor([1, 2], { dtype: "float32" });
		const f = compile((a: Tensor) => [a, one, a.neg(), a.neg(), a.neg().T], { backend: gpu });
		const results = await gpu.read(f(x));
		assert.is(results[0], x);
		assert.equal(results[1]!.data, one.data);
		for (const i of [2, 3]) assert.equal(results[i]!.data, x.neg().data);
		assert.equal(results[4]!.toArray(), x.neg().T.toArray());
	});

	test("an error of an op comes with the read, and with that of all that is made of it", async () => {
		const gpu = await backend();
		const big = tensor([2 ** 30, 1], { dtype: "int32" });
		const double = compile((a: Tensor) => a.add(a), { backend: gpu });
		const fine = double(tensor([1, 2], { dtype: "int32" }));
		const wrong = double(big);
		const after = double(wrong);
		const later = double(after);
		const error = await rejected(after.read());
		assert.instance(error, DTypeError);
		assert.match((error as Error).message, "add: the result 2147483648 is not an int32");
		for (const one of [later, wrong]) assert.instance(await rejected(one.read()), DTypeError);
		assert.equal([...(await fine.read())], [2, 4]);
	});

	test("what only leaves int32 on the way is right in the end", async () => {
		const gpu = await backend();
		const sums = tensor([[2 ** 30, 2 ** 30, 2 ** 30, -(2 ** 30), -(2 ** 30)]], { dtype: "int32" });
		const f = compile((a: Tensor) => a.sum(1).add(1), { backend: gpu });
		assert.equal([...(await f(sums).read())], [2 ** 30 + 1]);
	});

	test("an index out of range is told with the read", async () => {
		const gpu = await backend();
		const f = compile((a: Tensor, i: Tensor) => a.take(i, 0), { backend: gpu });
		const at = (...i: number[]) => tensor(i, { dtype: "int32" });
		nearSingle(await gpu.read(f(x, at(4, 0))), x.take(at(4, 0), 0), "in range");
		assert.match(String(await rejected(f(x, at(5)).read())), "DomainError: take");
	});

	test("what has no shader runs on the host: later calls wait, errors come with the read", async () => {
		const gpu = await backend();
		const f = compile((a: Tensor) => a.cholesky().mul(2), { backend: gpu });
		const square = x.dot(x.T).add(tensor(5, { dtype: "float32" }));
		assert.match(String(f.explain(square)), "cholesky runs on the host");
		const double = compile((a: Tensor) => a.mul(2), { backend: gpu });
		const result = double(f(square));
		nearSingle(await gpu.read(result), square.cholesky().mul(4), "twice the factor");
		const bad = double(f(square.neg()));
		const good = double(x);
		assert.instance(await rejected(bad.read()), DomainError);
		assert.equal(await good.read(), x.mul(2).data);
	});

	test("branches and loops, with tests that are on the device", async () => {
		const gpu = await backend();
		const branch = (a: Tensor) =>
			cond(
				a.sum().greater(0),
				(b: Tensor) => b.mul(2),
				(b: Tensor) => b.sub(1),
				a,
			);
		const loop = (a: Tensor) =>
			whileLoop(
				(b: Tensor) => b.square().sum().less(1000),
				(b: Tensor) => b.mul(1.5),
				a,
			);
		const walk = (a: Tensor) =>
			scan(
				(carry: Tensor, row: Tensor) => [carry.mul(0.5).add(row), carry.sum()],
				zeros([7], { dtype: "float32" }),
				a,
			);
		for (const [name, f] of Object.entries({ branch, loop, walk })) {
			for (const given of [x, x.neg()]) {
				const all = (a: Tensor) => [f(a)].flat();
				const actual = await gpu.read(compile(all, { backend: gpu })(given));
				for (const [i, expected] of all(given).entries()) nearSingle(actual[i]!, expected, name);
			}
		}
		const gradient = (a: Tensor) => grad((b: Tensor) => (walk(b)[1] as Tensor).square().sum())(a);
		const actual = await gpu.read(compile(gradient, { backend: gpu })(x));
		nearSingle(actual, gradient(x), "the gradient of a loop");
	});

	test("nothing of empty tensors is the host's, but for what is wrong", async () => {
		const gpu = await backend();
		const f = (a: Tensor) => [a.sum(), a.prod(0), a.softmax(1), a.mul(2), a.dot(a.T), a.T.dot(a)];
		for (const empty of [
			zeros([0, 3], { dtype: "float32" }),
			zeros([3, 0], { dtype: "float32" }),
		]) {
			const run = compile(f, { backend: gpu });
			assert.not.match(String(run.explain(empty)), "runs on the host");
			const actual = await gpu.read(run(empty));
			for (const [i, expected] of f(empty).entries()) nearSingle(actual[i]!, expected, `${i}`);
		}
	});

	test("a kernel of more arguments than a shader may have buffers", async () => {
		const gpu = await backend();
		const many = Array.from({ length: 12 }, (_, i) => singles(10 + i, 4, 3));
		const f = (...all: Tensor[]) => {
			const sum = all.reduce((a, b) => a.add(b));
			return all.map((a) => a.mul(sum));
		};
		const actual = await gpu.read(compile(f, { backend: gpu })(...many));
		for (const [i, expected] of f(...many).entries()) nearSingle(actual[i]!, expected, `${i}`);
	});

	test("results that made room are made again, from what made them", async () => {
		const gpu = await small(4096);
		const f = compile((a: Tensor) => a.mul(0.5).add(1), { backend: gpu });
		const expected: Tensor[] = [];
		const results: Tensor[] = [];
		let [a, b] = [x, x];
		for (let i = 0; i < 100; i++) {
			[a, b] = [f(a), b.mul(0.5).add(1)];
			results.push(a);
			expected.push(b);
		}
		for (const i of [99, 0, 50, 1, 98]) {
			nearSingle(await gpu.read(results[i]!), expected[i]!, `result ${i}`);
		}
		await gpu.read(results);
		for (const [i, result] of results.entries()) nearSingle(result, expected[i]!, `result ${i}`);
		gpu.close();
	});

	test("ten thousand steps without a wait take no more memory than some", async () => {
		const gpu = await small(2 ** 16);
		const f = compile((a: Tensor, b: Tensor) => a.mul(0.5).add(b), { backend: gpu });
		let a = x;
		for (let i = 0; i < 10_000; i++) a = f(a, y);
		nearSingle(await gpu.read(a), y.mul(2), "the limit");
		gpu.close();
	});

	test("products are tried on the device, and the bits are the same whatever is chosen", async () => {
		const tuned = await webgpu({ gpu: await gpuHere(), tune: true });
		const product = (a: Tensor, b: Tensor) => a.dot(b).add(1);
		const [a, b] = [singles(1, 70, 90), singles(2, 90, 40)];
		const f = compile(product, { backend: tuned });
		const results = [f(a, b), f(a, b)];
		await tuned.read(results);
		assert.match(String(f.explain(a, b)), /product .* each: \S+ ms, of 4 tried/);
		const expected = await compile(product, { backend: await backend() })(a, b).read();
		for (const result of results) assert.equal(result.data, expected);
		tuned.close();
	});

	test("a lost device: an error, and all is there again with another", async () => {
		let device: GPUDevice | undefined;
		const own = await gpuHere();
		const watched = {
			requestAdapter: async (options?: GPURequestAdapterOptions) => {
				const adapter = (await own.requestAdapter(options))!;
				return {
					limits: adapter.limits,
					features: adapter.features,
					info: adapter.info,
					requestDevice: async (descriptor: GPUDeviceDescriptor) => {
						device = await adapter.requestDevice(descriptor);
						return device;
					},
				};
			},
		};
		const gpu = await webgpu({ gpu: watched as unknown as GPU });
		const f = compile((a: Tensor) => a.mul(2), { backend: gpu });
		const before = f(f(x));
		device!.destroy();
		await device!.lost;
		for (const ask of [() => before.read(), async () => f(x)]) {
			assert.match(String(await rejected(ask())), "DeviceError: webgpu: the device was lost");
		}
		await gpu.renew();
		assert.equal(await f(x).read(), x.mul(2).data);
		assert.equal(await before.read(), x.mul(4).data);
		gpu.close();
		assert.throws(() => f(x), /the device was closed/);
	});

	test("where there is no WebGPU: an error, or WebAssembly where that is asked for", async () => {
		const none = { requestAdapter: async () => null } as unknown as GPU;
		assert.match(
			String(await rejected(webgpu({ gpu: none }))),
			"DeviceError: webgpu: this machine",
		);
		const instead = await webgpu({ gpu: none, fallback: "wasm" });
		const f = compile((a: Tensor) => a.mul(2), { backend: instead });
		assert.equal((await instead.read(f(x))).data, x.mul(2).data);
	});
});
