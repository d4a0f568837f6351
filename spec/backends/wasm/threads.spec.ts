import { execFileSync, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import { DomainError, random, type Tensor } from "../../../lib/index.ts";
import { bundleOf } from "../../children.ts";
import { refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/**
 * Products, loops, reductions along both axes, a batch, and ops that call functions of `Math` and
 * of the library.
 */
function everything(x: Tensor, w: Tensor, batch: Tensor): Tensor[] {
	const h = x.dot(w).tanh();
	return [
		h,
		h.sum(0),
		h.softmax(1),
		h.softmax(0),
		h.T.dot(x).mul(0.5),
		batch.matmul(batch.matrixTranspose()),
		x.atan().add(x.abs().power(0.3)),
		h
			.sub(h.mean(1, { keepDims: true }))
			.square()
			.sum(),
	];
}

suite("compile/threads", (test) => {
	test("threads give the same bits as one", async () => {
		const args = [normal(1, [130, 70]), normal(2, [70, 50]), normal(3, [6, 20, 30])] as const;
		const alone = compile(everything)(...args);
		for (const threads of [2, 3]) {
			const together = compile(everything, { threads });
			assert.is(together.explain(...args).threads, threads);
			// Some runs before the threads have started, and some after.
			for (let run = 0; run < 30; run++) {
				for (const [i, out] of together(...args).entries()) same(out, alone[i]!);
				await setTimeout(5);
			}
		}
	});

	test("threads share steps whose first axis is short, and give the same bits", async () => {
		const [x, column] = [normal(6, [2, 15_000]), normal(7, [2, 1])];
		const [images, heads] = [normal(8, [3, 3, 50, 50]), normal(9, [1, 3, 60, 40])];
		const few = (...[x, column, images, heads]: Tensor[]) => [
			x!.add(column!).exp(),
			x!.softmax(1),
			x!.variance(1),
			images!.T.add(images!.transpose([2, 3, 0, 1])),
			images!.max([2, 3]),
			heads!.matmul(heads!.matrixTranspose()),
		];
		const args = [x, column, images, heads];
		const [alone, together] = [compile(few)(...args), compile(few, { threads: 2 })];
		const steps = together.explain(...args).steps.filter(({ flops }) => flops! >= 20_000);
		assert.equal(
			steps.map(({ threads }) => threads),
			[2, 2, 2, 2, 2, 2],
		);
		for (let run = 0; run < 20; run++) {
			for (const [i, out] of together(...args).entries()) same(out, alone[i]!);
			await setTimeout(5);
		}
	});

	test("many quick calls give the same bits where another program wants the processors", async () => {
		const step = (w: Tensor, x: Tensor) => {
			const h = x.dot(w).tanh();
			return { w: w.sub(h.T.dot(x).T.mul(0.01)), sums: h.sum(0) };
		};
		const [first, x] = [normal(4, [60, 50]), normal(5, [80, 60])];
		const others = [1, 2].map(() => spawn(process.execPath, ["--eval", "for (;;);"]));
		try {
			for (const threads of [2, 3]) {
				const [one, more] = [compile(step), compile(step, { threads })];
				assert.is(more.explain(first, x).threads, threads);
				let [alone, together] = [first, first];
				const start = performance.now();
				while (performance.now() - start < 600) {
					for (let i = 0; i < 50; i++) {
						const [a, b] = [one(alone, x), more(together, x)];
						same(b.sums, a.sums);
						[alone, together] = [a.w, b.w];
					}
					same(together, alone);
					await setTimeout(0);
				}
			}
		} finally {
			for (const other of others) other.kill();
		}
	});

	test("threads that wait do not keep the process alive", () => {
		const args = [bundleOf("spec/programs/waiting-threads.ts")];
		const output = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
		assert.is(output, "1000000\n");
	});

	test("a number of threads that is not one is refused", () => {
		for (const threads of [0, 1.5, Number.NaN, 1000]) {
			refuses(() => compile((x: Tensor) => x, { threads }), DomainError, "from 1 to 64");
		}
	});
});
