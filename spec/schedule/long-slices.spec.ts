import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { compile, javascriptBackend } from "../../lib/compile/index.ts";
import { arange, random, stack, type Tensor, tensor } from "../../lib/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, shape: readonly number[]) => random.normal(random.key(seed), shape);

/** What is reduced in one pass, over all axes and over some. */
const reduced = (x: Tensor): Tensor[] => [
	x.sum(),
	x.square().mean(),
	x.max(),
	x.min([0, 2]),
	x.T.sum([0, 2]),
	x.greater(-9).all(),
	x.greater(4).any([0, 2]),
	x.floor().astype("int32").sum(),
	x.astype("float32").sum([0, 2]),
	x.greater(0).max([0, 2]),
	x.greater(1).sum(),
];

suite("schedule/long-slices", (test) => {
	// Segments of several rows, the last one shorter, and such of a part of a row.
	const tensors = [normal(1, [301, 3, 250]), normal(2, [2, 3, 50_001])];

	test("long slices that are reduced in segments give what the ops give", () => {
		for (const x of tensors) {
			const expected = reduced(x);
			const f = compile(reduced);
			assert.ok(f.explain(x).steps.length > 20);
			for (const [i, y] of f(x).entries()) {
				assert.is(y.dtype, expected[i]!.dtype);
				near(y, expected[i]!, y.dtype === "float32" ? 1e-6 : 1e-12);
			}
		}
	});

	test("in JavaScript, where sums have the bits of the function by itself, there are none", () => {
		for (const x of tensors) {
			const f = compile(reduced, { backend: javascriptBackend });
			assert.ok(f.explain(x).steps.length <= reduced(x).length);
			for (const [i, y] of f(x).entries()) {
				if (y.dtype !== "float32") same(y, reduced(x)[i]!);
			}
		}
	});

	test("a NaN, an infinity and an overflow show as in the whole", () => {
		const x = normal(3, [100_000]);
		const values = [...x.array];
		for (const special of [Number.NaN, Number.POSITIVE_INFINITY]) {
			const y = tensor(values.with(70_001, special));
			for (const f of [(z: Tensor) => z.sum(), (z: Tensor) => z.max()]) same(compile(f)(y), f(y));
		}
		const large = arange(100_000, { dtype: "int32" }).mul(1000);
		assert.throws(() => compile((z: Tensor) => z.sum())(large), /int32/);
	});

	test("threads share what one slice alone is, and give the same bits", async () => {
		for (const x of tensors) {
			const together = compile(reduced, { threads: 3 });
			const alone = compile(reduced)(x);
			const large = together.explain(x).steps.filter(({ flops }) => flops! >= 20_000);
			assert.ok(large.every(({ threads }) => threads === 3));
			for (let run = 0; run < 20; run++) {
				for (const [i, y] of together(x).entries()) same(y, alone[i]!);
				await setTimeout(2);
			}
		}
	});

	test("a slice has the same bits in a batch of them", () => {
		const rows = Array.from({ length: 5 }, (_, i) => normal(10 + i, [80_000]));
		const alone = compile((x: Tensor) => x.exp().sum());
		const together = compile((x: Tensor) => x.exp().sum(1));
		same(together(stack(rows)), stack(rows.map((row) => alone(row))));
	});
});
