import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import {
	derivedStep,
	firstDifference,
	firstFarther,
	manualStep,
	type Weights,
} from "../../examples/01-two-layer-net.ts";
import {
	concat,
	type DType,
	random,
	relu,
	type Tensor,
	tensor,
	valueAndGrad,
	zeros,
} from "../../lib/index.ts";
import { writeNpy } from "../../lib/io/index.ts";
import { bundleOf } from "../children.ts";
import { fences } from "../documents.ts";
import { IS_FULL } from "../runs.ts";
import { suite } from "../suite.ts";

const root = join(import.meta.dirname, "../..");

/** Runs the example and returns the lines that it prints. */
function runExample(...args: string[]): string[] {
	const program = bundleOf("examples/01-two-layer-net.ts");
	const output = execFileSync(process.execPath, [program, ...args], {
		cwd: root,
		encoding: "utf8",
		stdio: "pipe",
	});
	return output.trimEnd().split("\n");
}

/** What the example prints with these numbers for its data. */
async function exampleWith(data: Record<string, Tensor>, ...args: string[]): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-data-"));
	try {
		for (const [name, tensor] of Object.entries(data)) {
			await writeNpy(join(folder, `${name}.npy`), tensor);
		}
		return runExample("--data", folder, ...args);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** The compiled example: on a small net as a rule, on its own where there is time for it. */
async function compiledExample(dtype: DType): Promise<string[]> {
	if (IS_FULL) return runExample("--compile", "--dtype", dtype);
	const keys = random.split(random.key(5), 4);
	const normal = (i: number, shape: number[]) => random.normal(keys[i]!, shape, { dtype });
	const data = { x: normal(0, [16, 250]), y: normal(1, [16, 10]) };
	const weights = { w1: normal(2, [250, 25]), w2: normal(3, [25, 10]) };
	return exampleWith({ ...data, ...weights }, "--compile");
}

/**
 * A net of 8 samples where h is exactly 0: in the last two, all zeros, whatever the weights; in the
 * one before, the difference of two features whose weights begin equal, at the first step.
 */
function smallNet(dtype: DType): { weights: Weights; x: Tensor; y: Tensor } {
	const keys = random.split(random.key(3), 5);
	const normal = (i: number, shape: number[]) => random.normal(keys[i]!, shape, { dtype });
	const difference = tensor([[1, -1, 0, 0, 0, 0]], { dtype });
	const row = normal(4, [1, 7]);
	return {
		x: concat([normal(0, [5, 6]), difference, zeros([2, 6], { dtype })]),
		y: normal(1, [8, 3]),
		weights: { w1: concat([row, row, normal(2, [4, 7])]), w2: normal(3, [7, 3]) },
	};
}

/** How many entries of h are exactly 0. */
function zerosInH(x: Tensor, { w1 }: Weights): number {
	return x.dot(w1).equal(0).astype("int32").sum().item();
}

suite("examples/two-layer-net", (test) => {
	for (const dtype of ["float64", "float32"] as const) {
		test(`with h exactly 0 at some entries, ${dtype} gradients equal the manual ones bit for bit for 500 steps`, () => {
			const { weights, x, y } = smallNet(dtype);
			let [derived, manual] = [weights, weights];
			for (let t = 0; t < 500; t++) {
				const [a, b] = [derivedStep(derived, x, y), manualStep(manual, x, y)];
				assert.is(firstDifference(a, b), undefined, `step ${t}`);
				assert.ok(zerosInH(x, derived) >= (t === 0 ? 3 * 7 : 2 * 7));
				[derived, manual] = [a.weights, b.weights];
			}
			assert.is(derived.w1.dtype, dtype);
			assert.not.equal(derived.w1.data, weights.w1.data);
		});
	}

	test("the comparison notices another convention at h = 0", () => {
		const { weights, x, y } = smallNet("float64");
		const withRelu = (w: Weights) => relu(x.dot(w.w1)).dot(w.w2).sub(y).square().sum();
		const manual = manualStep(weights, x, y);
		const [loss, gradient] = valueAndGrad(withRelu)(weights);
		assert.is(firstDifference({ ...manual, loss, gradient }, manual), "grad_w1");
	});

	// `npm run trainings` takes their seven seconds.
	if (IS_FULL) {
		test("the full run prints what the README says, the times aside", () => {
			const lines = runExample();
			const text = readFileSync(join(root, "README.md"), "utf8");
			const shown = fences(text).find(({ body }) => body.startsWith("0 "))!;
			const untimed = (all: string[]) => all.filter((line) => !line.startsWith("time: "));
			assert.equal(untimed(lines), untimed(shown.body.trimEnd().split("\n")));
			assert.match(lines.at(-1)!, /^time: \d+\.\d\d s derived, \d+\.\d\d s manual$/);
		});

		test("--compile in float32 agrees in loss and weights, as far as float32 goes", async () => {
			const lines = await compiledExample("float32");
			assert.match(lines.at(-2)!, /within 1e-3 .* in all 500 steps \(loss, w1, w2\)$/);
		});
	}

	test("--compile agrees with the manual program to 1e-12 for 500 steps", async () => {
		const lines = await compiledExample("float64");
		assert.match(lines.at(-2)!, /^compiled and manual: within 1e-12 .* in all 500 steps/);
		assert.match(lines.at(-1)!, /^time: \d+\.\d\d s compiled, \d+\.\d\d s manual$/);
	});

	test("the comparison of the compiled step notices a difference of 1e-11", () => {
		const { weights, x, y } = smallNet("float64");
		const manual = manualStep(weights, x, y);
		const off = { ...manual, weights: { ...manual.weights, w2: manual.weights.w2.mul(1 + 1e-11) } };
		assert.is(firstFarther(1e-12, off, manual), "w2");
		assert.is(firstFarther(1e-12, manual, manual), undefined);
		const small = { ...manual, weights: { ...manual.weights, w2: manual.weights.w2.mul(1e-3) } };
		assert.is(firstFarther(1e-12, off, manual, small), "w2");
		assert.is(firstFarther(1e-9, off, manual, small, ["w2"]), "w2");
		assert.is(firstFarther(1e-12, off, manual, small, ["loss", "w1"]), undefined);
	});

	test("--data takes the numbers from .npy files", async () => {
		const { weights, x, y } = smallNet("float32");
		const lines = await exampleWith({ x, y, ...weights });
		assert.is(lines[0], `0 ${manualStep(weights, x, y).loss.item()}`);
		assert.match(lines.at(-2)!, "the same bits in all 500 steps");
	});

	test("an unknown dtype is refused", () => {
		assert.throws(
			() => runExample("--dtype", "float16"),
			/--dtype takes float64 or float32, got float16/,
		);
	});
});
