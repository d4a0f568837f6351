import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { batches } from "../../lib/data/index.ts";
import {
	AdjointError,
	DomainError,
	mul,
	random,
	sub,
	type Tensor,
	tensor,
	valueAndGrad,
} from "../../lib/index.ts";
import { save } from "../../lib/io/index.ts";
import { type Output, TrainError, type TrainOptions, train } from "../../lib/train/index.ts";
import { inFolder, rejected } from "../io/support.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

type State = { w: Tensor };
type Batch = { x: Tensor; y: Tensor };

const x = random.normal(random.key(1), [10, 3]);
const y = x.dot(tensor([1, -2, 3]));
const start: State = { w: tensor([0, 0, 0]) };

const lossOf = (w: Tensor, batch: Batch) => batch.x.dot(w).sub(batch.y).square().mean();

const step = ({ w }: State, batch: Batch, key: Tensor) => {
	const [loss, gradient] = valueAndGrad(lossOf)(w, batch);
	// Noise, so that the keys of a resumed run have to be the right ones.
	const noise = random.normal(key, [3]);
	return { state: { w: sub(w, mul(0.1, gradient.add(noise.mul(0.01)))) }, loss };
};

const data = (epoch: number) =>
	batches({ x, y }, { batchSize: 4, key: random.foldIn(random.key(7), epoch) });

function output(isTTY = false): Output & { text: () => string } {
	const parts: string[] = [];
	return { isTTY, write: (text) => parts.push(text), text: () => parts.join("") };
}

const run = (options: Partial<TrainOptions<State, Batch>> = {}) =>
	train({ state: start, step, data, epochs: 4, output: null, ...options });

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

	test("a run that is over does nothing more, and with more epochs it goes on", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			await run({ checkpoint, epochs: 2 });
			const noStep = () => {
				throw new Error("a step was taken");
			};
			const again = await run({ checkpoint, epochs: 2, step: noStep });
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
			await save(checkpoint, { state: { w: tensor([1, 2]) } });
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

	test("Ctrl-C saves and leaves cleanly", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			const program = join(import.meta.dirname, "../programs/endless-training.ts");
			const child = spawn(process.execPath, ["--import", "tsx", program, checkpoint]);
			let text = "";
			child.stdout.on("data", (chunk) => {
				if (text === "") child.kill("SIGINT");
				text += chunk;
			});
			const [code] = await once(child, "close");
			assert.is(code, 0);
			assert.match(text, /interrupted in epoch \d+ after \d+ batches; run again to go on from/);
			assert.match(text, "left cleanly");
			assert.ok(existsSync(checkpoint));
		}));
});
