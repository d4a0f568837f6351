import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { conv2d, grad, random, scan, type Tensor, tensor, zeros } from "../../lib/index.ts";
import { crossEntropy } from "../../lib/nn/index.ts";
import type { DeviceBackend } from "../../lib/webgpu.ts";
import { suite } from "../suite.ts";
import { limited } from "./limited.ts";
import { nearSingle } from "./near-single.ts";

const singles = (seed: number, ...shape: number[]) =>
	random.normal(random.key(seed), shape).astype("float32");
const whole = (seed: number, count: number, ...shape: number[]) =>
	random.randint(random.key(seed), shape, 0, count);

let made: Promise<DeviceBackend> | undefined;
/** Bindings of 1,024 elements. */
const small = () => {
	made ??= limited({ maxStorageBufferBindingSize: 4096 });
	return made;
};

type Ops = (...args: Tensor[]) => Tensor | readonly Tensor[];

/** Compares a program on the small device with the ops themselves; nothing runs on the host. */
async function check(name: string, f: Ops, ...args: Tensor[]): Promise<void> {
	await checkOn(await small(), name, f, ...args);
}

async function checkOn(gpu: DeviceBackend, name: string, f: Ops, ...args: Tensor[]) {
	const all = (...given: Tensor[]) => [f(...given)].flat();
	const run = compile(all, { backend: gpu });
	assert.not.match(String(run.explain(...args)), "runs on the host", name);
	const actual = await gpu.read(run(...args));
	for (const [i, expected] of all(...args).entries()) {
		nearSingle(actual[i]!, expected, `${name}, result ${i}`, 2e-5);
	}
}

suite("webgpu, buffers larger than a binding", (test) => {
	test("loops over elements, whatever lies in order and what does not", async () => {
		const [x, y] = [singles(1, 70, 53), singles(2, 70, 53)];
		await check("sum", (a, b) => a!.add(b!).mul(2), x, y);
		await check("rows", (a, b) => a!.add(b!), x, singles(3, 53));
		await check("columns", (a, b) => a!.T.mul(b!.T).add(1), x, y);
		await check("both", (a, b) => a!.sub(b!.T), singles(4, 61, 61), singles(5, 61, 61));
		await check("backwards", (a) => a!.slice([null, null, -1]).exp(), singles(6, 3001));
		await check(
			"two ends of one",
			(a) => a!.slice([0, 1500]).add(a!.slice([1501, 3001])),
			singles(6, 3001),
		);
		await check("parts of results", (a, b) => [a!.abs(), a!.greater(b!)], x, y);
	});

	test("reductions and norms of rows, of columns, and of all there is", async () => {
		const x = singles(1, 90, 47);
		await check("rows", (a) => [a!.sum(1), a!.max(1), a!.prod(1), a!.square().mean(1)], x);
		await check("columns", (a) => [a!.sum(0), a!.min(0)], x);
		await check("softmax", (a) => [a!.softmax(1), a!.softmax(0)], x);
		await check("all", (a) => [a!.sum(), a!.max(), a!.mean()], singles(2, 5003));
		await check("truth", (a) => [a!.greater(4).any(), a!.less(9).all()], singles(2, 5003));
		await check("where", (a) => [a!.argmax(), a!.argmin()], singles(3, 5003));
		await check(
			"several passes",
			(a) => [a!.logSumExp(), a!.softmax(), a!.variance()],
			singles(4, 5003),
		);
		await check("counts", (a) => a!.greater(0).sum(), singles(5, 5003));
	});

	test("products, by matrices, rows, columns and terms", async () => {
		await check(
			"rows",
			(a, w, b) => a!.dot(w!).add(b!).maximum(0),
			singles(1, 301, 20),
			singles(2, 20, 24),
			singles(3, 24),
		);
		await check("columns", (a, w) => a!.dot(w!), singles(1, 5, 20), singles(2, 20, 301));
		await check("terms", (a, b) => a!.T.dot(b!).mul(0.5), singles(1, 901, 7), singles(2, 901, 9));
		await check(
			"all of them",
			(a, b) => a!.dot(b!.T).sub(1),
			singles(1, 90, 57),
			singles(2, 83, 57),
		);
		await check("matrices", (a, b) => a!.matmul(b!), singles(1, 30, 9, 11), singles(2, 30, 11, 5));
		await check("one for all", (a, b) => a!.matmul(b!), singles(1, 30, 9, 11), singles(2, 11, 5));
		await check(
			"a vector",
			(a, b) => [a!.dot(b!), b!.dot(a!.T)],
			singles(1, 301, 20),
			singles(2, 20),
		);
		await check("long vectors", (a, b) => a!.dot(b!), singles(1, 3001), singles(2, 3001));
	});

	test("convolutions, by samples", async () => {
		const [x, w] = [singles(1, 9, 2, 13, 13), singles(2, 4, 2, 3, 3)];
		const loss = (a: Tensor, b: Tensor) => conv2d(a, b, { stride: 2, padding: 1 }).square().sum();
		await check("result", (a, b) => conv2d(a!, b!, { padding: 1 }).add(1), x, w);
		await check(
			"gradients",
			(a, b) => grad((t: readonly Tensor[]) => loss(t[0]!, t[1]!))([a!, b!]),
			x,
			w,
		);
	});

	test("indices into large tables, and what is added there", async () => {
		const [table, at] = [singles(1, 400, 11), whole(2, 400, 150)];
		await check("rows", (a, i) => a!.take(i!, 0), table, at);
		await check(
			"the gradient",
			(a, i) => grad((t: Tensor) => t.take(i!, 0).square().sum())(a!),
			table,
			at,
		);
		await check(
			"many indices",
			(a, i) => grad((t: Tensor) => t.take(i!, 0).sin().sum())(a!),
			singles(3, 7),
			whole(4, 7, 3001),
		);
		await check(
			"labels",
			(a, i) => grad((t: Tensor) => crossEntropy(t, i!))(a!),
			singles(5, 300, 13),
			whole(6, 13, 300),
		);
	});

	test("scans by lines, and loops whose rounds are small", async () => {
		await check("sums", (a) => a!.cumsum(1), singles(1, 80, 37));
		const walk: Ops = (a) =>
			scan(
				(carry: Tensor, row: Tensor) => [carry.mul(0.5).add(row), carry.sum()],
				zeros([31], { dtype: "float32" }),
				a!,
			) as readonly Tensor[];
		await check("rows", walk, singles(2, 60, 31));
	});

	test("a program that trains, again and again the same bits", async () => {
		const gpu = await small();
		const [x, y] = [singles(1, 120, 40), whole(2, 10, 120)];
		const loss = (w: readonly Tensor[]) => crossEntropy(x.dot(w[0]!).tanh().dot(w[1]!), y);
		const step = (w: readonly Tensor[]) => grad(loss)(w).map((g, i) => w[i]!.sub(g.mul(0.1)));
		const start = [singles(3, 40, 64).mul(0.1), singles(4, 64, 10).mul(0.1)];
		const run = compile(step, { backend: gpu });
		const twice = async () => (await gpu.read(run(run(start)))).map((w) => w.data);
		const first = await twice();
		assert.equal(await twice(), first);
		for (const [i, expected] of step(step(start)).entries()) {
			nearSingle(
				tensor([...first[i]!], { dtype: "float32" }).reshape(expected.shape),
				expected,
				`${i}`,
				1e-5,
			);
		}
	});

	test("a line that is too long for all is the host's", async () => {
		const gpu = await small();
		for (const f of [(a: Tensor) => a.cumsum(), (a: Tensor) => a.add(2).prod()]) {
			const run = compile(f, { backend: gpu });
			const x = singles(1, 3001).mul(0.1);
			assert.match(
				String(run.explain(x)),
				"more of a buffer at once than a shader may be bound to",
			);
			nearSingle(await gpu.read(run(x)), f(x), "on the host");
		}
	});
});

suite("webgpu, tensors larger than a buffer", (test) => {
	// Buffers of 4,096 elements, of which 2,048 may be bound.
	let own: Promise<DeviceBackend> | undefined;
	const device = () => {
		own ??= limited({ maxStorageBufferBindingSize: 8192, maxBufferSize: 16384 });
		return own;
	};

	test("arguments, results and what is between them lie in several buffers", async () => {
		const gpu = await device();
		const x = singles(1, 150, 61);
		await checkOn(gpu, "a loop", (a) => a!.mul(2).add(1), x);
		await checkOn(gpu, "rows", (a) => [a!.softmax(1), a!.sum(0), a!.sum()], x);
		await checkOn(gpu, "a product", (a, w) => a!.dot(w!).maximum(0), x, singles(2, 61, 33));
		await checkOn(gpu, "a gradient", (a, b) => a!.T.dot(b!), x, singles(3, 150, 5));
		await checkOn(gpu, "a table", (a, i) => a!.take(i!, 0).mul(2), x, whole(4, 150, 70));
		await checkOn(gpu, "between", (a) => a!.mul(2).softmax(0).dot(a!.T).sum(1), x);
	});

	test("they are arguments again, as they are and as views, and go through the host", async () => {
		const gpu = await device();
		const x = singles(1, 150, 61);
		const twice = compile((a: Tensor) => a.mul(2), { backend: gpu });
		const once = twice(x);
		nearSingle(await gpu.read(twice(once.T)), x.mul(4).T, "a view");
		nearSingle(await gpu.read(twice(once.slice([3, 140]))), x.mul(4).slice([3, 140]), "rows");
		const sorted = compile((a: Tensor) => a.sort(0).mul(2), { backend: gpu });
		nearSingle(await gpu.read(sorted(twice(x))), x.mul(2).sort(0).mul(2), "on the host");
	});
});
