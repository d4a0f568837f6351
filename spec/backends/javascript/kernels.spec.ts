import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile, javascriptBackend } from "../../../lib/compile/index.ts";
import {
	avgPool2d,
	conv2d,
	DomainError,
	type DType,
	DTypeError,
	grad,
	maxPool2d,
	random,
	type Tensor,
	tensor,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { sampled } from "../../runs.ts";
import { suite } from "../../suite.ts";

const inJavaScript = <A extends unknown[], R>(f: (...args: A) => R) =>
	compile(f, { backend: javascriptBackend });
const draw = (seed: number, shape: readonly number[], dtype: DType = "float64") =>
	random.normal(random.key(seed), shape, { dtype: dtype as "float64" });
const int32 = (values: number[]) => tensor(values, { dtype: "int32" });

/** Asserts that the function has these kinds of steps and gives the bits that it has by itself. */
function agrees<A extends Tensor[]>(
	f: (...args: A) => Tensor[],
	args: A,
	kind: string,
	tolerance = 0,
): void {
	const compiled = inJavaScript(f);
	const expected = f(...args);
	for (let run = 0; run < 2; run++) {
		for (const [i, y] of compiled(...args).entries()) near(y, expected[i]!, tolerance);
	}
	const { steps, backend } = compiled.explain(...args);
	assert.is(backend, "javascript");
	assert.ok(
		steps.some(({ runs }) => runs === kind),
		`${steps.map(({ runs }) => runs)}`,
	);
}

suite("javascript/kernels", (test) => {
	test("products of any layout, and what follows them, give the bits of the ops by themselves", () => {
		const sizes = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 20 })));
		const property = fc.property(
			sizes,
			fc.boolean(),
			fc.constantFrom<DType>("float64", "float32"),
			([m, k, n], isTurned, dtype) => {
				const x = isTurned ? draw(1, [k!, m!], dtype).transpose() : draw(1, [m!, k!], dtype);
				const [w, b] = [draw(2, [k!, n!], dtype), draw(3, [n!], dtype)];
				const layer = (x: Tensor, w: Tensor, b: Tensor) => [
					x.dot(w),
					x.dot(w).add(b).relu().mul(0.5),
					x
						.flip(0)
						.dot(w)
						.sub(x.sum(1, { keepDims: true })),
				];
				agrees(layer, [x, w, b], "product");
			},
		);
		fc.assert(property, { numRuns: sampled(40) });
	});

	test("batches of products do, as do products with vectors and of them", () => {
		const f = (x: Tensor, w: Tensor, v: Tensor) => [
			x.matmul(w).tanh(),
			x.matmul(w.permute([0, 1, 3, 2]).permute([0, 1, 3, 2])),
			v.dot(v),
			v.outer(v).add(1),
		];
		agrees(f, [draw(1, [3, 2, 4, 5]), draw(2, [3, 2, 5, 6]), draw(3, [7])], "product");
	});

	test("convolutions and both of their transposes do, in float32 too", () => {
		for (const dtype of ["float64", "float32"] as const) {
			const options = { stride: [1, 2], dilation: [2, 1], groups: 2, padding: "same" } as const;
			const loss = ([x, w]: readonly [Tensor, Tensor]) => conv2d(x, w, options).sin().sum();
			const f = (x: Tensor, w: Tensor) => [conv2d(x, w, options).add(1), ...grad(loss)([x, w])];
			const args: [Tensor, Tensor] = [draw(1, [2, 4, 7, 9], dtype), draw(2, [6, 2, 3, 2], dtype)];
			agrees(f, args, "convolution");
		}
	});

	test("windows that overlap are added up to the same bits", () => {
		const loss = (x: Tensor) =>
			maxPool2d(x, 3, { stride: 2 })
				.sin()
				.sum()
				.add(avgPool2d(x, 3, { stride: 1 }).cos().sum());
		for (const dtype of ["float64", "float32"] as const) {
			agrees((x: Tensor) => [grad(loss)(x)], [draw(1, [2, 3, 11, 8], dtype)], "scatter");
		}
	});

	test("elements at indices are read, put and added as by the ops", () => {
		const i = int32([2, -1, 0, 2, 2]);
		for (const dtype of ["float64", "float32"] as const) {
			const loss = (x: Tensor) =>
				x
					.take(i, 1)
					.mul(draw(2, [4, 5, 3], dtype))
					.sum();
			const f = (x: Tensor, i: Tensor) => [
				x.take(i),
				x.take(i, 1),
				x.takeAlongAxis(x.argsort(1).slice(null, [0, 2]), 1),
				grad(loss)(x),
				i.abs().oneHot(4),
				i.abs().oneHot(3).sum(0),
			];
			agrees(f, [draw(1, [4, 3, 3], dtype), i], "indexed");
		}
	});

	test("an index out of range throws the error of its op, also after one that was not", () => {
		const f = inJavaScript((x: Tensor, i: Tensor) => x.take(i, 0).mul(2));
		const x = draw(1, [3, 2]);
		same(f(x, int32([1, -3])), x.take(int32([1, -3]), 0).mul(2));
		refuses(() => f(x, int32([1, 3])), DomainError, "take: index 3 is out of range");
		same(f(x, int32([2, 0])), x.take(int32([2, 0]), 0).mul(2));
	});

	test("lines are carried on as by the ops, from both ends and along any axis", () => {
		const f = (x: Tensor) => [
			x.cumsum(0),
			x.cumsum(1, { reverse: true, exclusive: true }),
			x.cumprod(-1, { exclusive: true }),
			x.permute([2, 0, 1]).cumsum(1),
		];
		for (const dtype of ["float64", "float32", "int32"] as const) {
			agrees(f, [draw(1, [3, 4, 5]).mul(3).astype(dtype)], "scan");
		}
		const overflows = inJavaScript((x: Tensor) => x.cumsum());
		refuses(() => overflows(int32([2e9, 2e9])), DTypeError, "cumsum: the result");
	});

	test("what has a loop of its own nowhere runs by its own evaluation", () => {
		const f = (x: Tensor) => [x.add(1).sort(), x.dot(x.transpose()).add(1).argsort(0)];
		agrees(f, [draw(1, [5, 4])], "evaluation");
	});

	test("a result never changes, however often the program runs, and may come back as an argument", () => {
		const step = inJavaScript((x: Tensor, y: Tensor) => {
			const z = x.dot(y).tanh();
			return { z, same: x, turned: z.transpose(), loss: z.square().sum() };
		});
		const x = draw(1, [20, 20]);
		let y = x;
		const seen: { result: Tensor; values: number[] }[] = [];
		for (let i = 0; i < 5; i++) {
			const { z, same, turned } = step(x, y);
			assert.is(same, x);
			for (const result of [z, turned]) seen.push({ result, values: [...result.data] });
			y = z;
		}
		for (const { result, values } of seen) assert.equal([...result.data], values);
	});
});
