import * as assert from "uvu/assert";
import { digits } from "../../examples/browser/digits.ts";
import { nextLetters } from "../../examples/browser/names.ts";
import { type Task, training } from "../../examples/browser/training.ts";
import { type Backend, wasmBackend } from "../../lib/compile/index.ts";
import { random } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { backend } from "./backend.ts";

/** The losses of the first steps. */
async function lossesOf<P, B>(task: Task<P, B>, on: Backend, steps: number): Promise<number[]> {
	const losses: number[] = [];
	for await (const { loss } of training(task, on, 1)) {
		losses.push(loss);
		if (losses.length === steps) break;
	}
	return losses;
}

/** The losses on the device are those of WebAssembly, but for rounding, which steps carry on. */
async function agrees<P, B>(taskOf: () => Task<P, B>, steps: number): Promise<void> {
	const [there, here] = [
		await lossesOf(taskOf(), await backend(), steps),
		await lossesOf(taskOf(), wasmBackend, steps),
	];
	for (const [i, loss] of here.entries()) {
		const off = Math.abs(there[i]! - loss) / loss;
		assert.ok(off < 1e-5, `step ${i}: ${there[i]} on the device, ${loss} in WebAssembly`);
	}
	assert.is(new Set(here).size, steps, "each step changes something");
}

suite("webgpu, examples in a page", (test) => {
	test("the convolutional net for digits takes the steps that WebAssembly takes", () => {
		const x = random.uniform(random.key(1), [128, 1, 28, 28]).astype("float32");
		const label = random.randint(random.key(2), [128], 0, 10);
		return agrees(() => digits({ x, label }), 5);
	});

	test("and so does the small GPT for names", () => agrees(nextLetters, 4));
});
