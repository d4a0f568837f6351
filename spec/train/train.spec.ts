import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { AdjointError, DomainError, random, tensor } from "../../lib/index.ts";
import { type Output, TrainError, type TrainOptions } from "../../lib/train/index.ts";
import { inFolder, rejected } from "../io/support.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";
import { type Batch, data, lossOf, never, run, type State, start, step, x, y } from "./support.ts";

function output(isTTY = false): Output & { text: () => string } {
	const parts: string[] = [];
	return { isTTY, write: (text) => parts.push(text), text: () => parts.join("") };
}

suite("train", (test) => {
	test("it takes the steps of a loop written by hand, each with a key of its own", async () => {
		let state = start;
		let count = 0;
		for (let epoch = 0; epoch < 4; epoch++) {
			for (const batch of data(epoch)) {
				state = step(state, batch, random.foldIn(random.key(0), count++)).state;
			}
		}
		const result = await run();
		same(result.state.w, state.w);
		assert.is(result.stopped, "finished");
		assert.is(result.history.length, 4);
	});

	test("an epoch's metrics are means weighted by rows, then what validate measures", async () => {
		const still = (state: State, batch: Batch) => ({
			state,
			loss: lossOf(state.w, batch),
			metrics: { rows: batch.y.size },
		});
		const { history } = await run({
			step: still,
			epochs: 1,
			validate: () => ({ loss: tensor(0.5), accuracy: 1 }),
		});
		const [first] = history;
		assert.equal(Object.keys(first!), ["loss", "rows", "val_loss", "val_accuracy"]);
		const expected = lossOf(start.w, { x, y }).item();
		assert.ok(Math.abs(first!.loss! - expected) < 1e-12 * expected);
		assert.is(first!.rows, (4 * 4 + 4 * 4 + 2 * 2) / 10);
		assert.is(first!.val_loss, 0.5);
	});

	test("piped, it writes a line for each epoch", async () => {
		const out = output();
		await run({ output: out, epochs: 2 });
		assert.match(out.text(), /^epoch 1\/2 {2}loss \d+\.\d+\nepoch 2\/2 {2}loss \d+\.\d+\n$/);
	});

	test("on a terminal it draws a bar over itself", async () => {
		const out = output(true);
		await run({ output: out, epochs: 1 });
		assert.match(out.text(), `${"━".repeat(24)}  loss `);
		assert.match(out.text(), "\r\u001b[2Kepoch 1/1  loss ");
	});

	test("interrupted after any batch and run again, it ends bit for bit as if never stopped", () =>
		inFolder(async (folder) => {
			const whole = await run({ validate: ({ w }) => ({ loss: lossOf(w, { x, y }) }) });
			for (let stop = 1; stop <= 12; stop++) {
				const checkpoint = join(folder, `${stop}.safetensors`);
				const controller = new AbortController();
				let count = 0;
				const options: Partial<TrainOptions<State, Batch>> = {
					checkpoint,
					validate: ({ w }) => ({ loss: lossOf(w, { x, y }) }),
				};
				const stopping = (...args: Parameters<typeof step>) => {
					if (++count === stop) controller.abort();
					return step(...args);
				};
				const first = await run({ ...options, step: stopping, signal: controller.signal });
				assert.is(first.stopped, "interrupted");
				const second = await run(options);
				same(second.state.w, whole.state.w);
				assert.equal(second.history, whole.history);
			}
		}));

	test("taken up again within an epoch, it refuses data with fewer batches than were done", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			const controller = new AbortController();
			let count = 0;
			const stopping = (...args: Parameters<typeof step>) => {
				if (++count === 5) controller.abort();
				return step(...args);
			};
			await run({ checkpoint, step: stopping, signal: controller.signal });
			const fewer = (most: number) => (epoch: number) => [...data(epoch)].slice(0, most);
			const error = await run({ checkpoint, data: fewer(1), step: never }).catch((e) => e);
			assert.instance(error, DomainError);
			assert.match(error.message, "train: 2 batches of epoch 2 were done");
			assert.match(error.message, "and data gives 1 now");
			// What was done was all that there is.
			const rest = await run({ checkpoint, data: fewer(2), epochs: 2, step: never });
			assert.equal([rest.stopped, rest.history.length], ["finished", 2]);
		}));

	test("a run that is over does nothing more, and with more epochs it goes on", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			await run({ checkpoint, epochs: 2 });
			const again = await run({ checkpoint, epochs: 2, step: never });
			assert.is(again.history.length, 2);
			same((await run({ checkpoint, epochs: 4 })).state.w, (await run()).state.w);
			assert.equal(readdirSync(folder), ["run.safetensors"]);
		}));

	test("it stops when the watched metric gets no better, and gives the best state", async () => {
		const values = [3, 1, 2, 1, 5, 6];
		const states: State[] = [];
		const out = output();
		const result = await run({
			epochs: 6,
			output: out,
			validate: (state) => ({ loss: values[states.push(state) - 1]! }),
			earlyStopping: { patience: 2 },
		});
		assert.is(result.stopped, "early");
		assert.is(result.history.length, 4);
		same(result.state.w, states[1]!.w);
		assert.match(out.text(), "no better since epoch 2: stopped");
	});

	test("a metric may be meant to rise, and an unknown one is an error", async () => {
		const values = [0.5, 0.9, 0.8];
		let at = 0;
		const validate = () => ({ accuracy: values[at++]! });
		const stopping = { metric: "val_accuracy", goal: "rise" as const, patience: 1 };
		const result = await run({ validate, earlyStopping: stopping });
		assert.equal([result.stopped, result.history.length], ["early", 3]);
		const error = await rejected(run({ earlyStopping: { patience: 1 } }));
		assert.instance(error, DomainError);
		assert.match(String(error), "expected a metric of loss, got val_loss");
	});

	test("a loss that becomes NaN is an error that keeps the state before", async () => {
		let count = 0;
		let before: State | undefined;
		const failing: typeof step = (state, batch, key) => {
			if (++count < 5) return step(state, batch, key);
			before = state;
			return { state, loss: tensor(Number.NaN) };
		};
		const error = await rejected(run({ step: failing }));
		assert.instance(error, TrainError);
		assert.match(String(error), "the loss became NaN in epoch 2, batch 2");
		assert.is((error as TrainError).state, before);
	});

	test("a checkpoint of another model is refused, and so is a damaged one", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			const other = { w: tensor([1, 2]) };
			const still = (state: State) => ({ state, loss: 0 });
			await run({ checkpoint, state: other, step: still });
			assert.match(
				String(await rejected(run({ checkpoint }))),
				"expected a state of { w: float64 (3) }, got { w: float64 (2) }",
			);
			writeFileSync(checkpoint, "damaged");
			assert.instance(await rejected(run({ checkpoint })), AdjointError);
		}));

	test("examples may come asynchronously", async () => {
		async function* later(epoch: number) {
			for (const batch of data(epoch)) yield await Promise.resolve(batch);
		}
		same((await run({ data: later })).state.w, (await run()).state.w);
	});
});
