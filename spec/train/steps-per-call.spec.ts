import { join } from "node:path";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { DomainError, mapTree, random, type Tensor, tensor, treeLeaves } from "../../lib/index.ts";
import { adam, type Optimizer, sgd } from "../../lib/optim/index.ts";
import { type Compiler, descent, TrainError, train } from "../../lib/train/index.ts";
import { inFolder, rejected } from "../io/support.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";
import { type Batch, data, lossOf, run, type State, step } from "./support.ts";

// An epoch has ten rows in batches of 4, 4 and 2.

suite("train, several steps in a call", (test) => {
	for (const stepsPerCall of [2, 3, 10]) {
		test(`with ${stepsPerCall} steps in a call the numbers are those of one, to the last batch`, async () => {
			const one = await run({ step: compile(step) });
			const several = await run({ stepsPerCall, compile });
			near(several.state.w, one.state.w, 1e-12);
			assert.is(several.history.length, one.history.length);
			for (const [i, { loss }] of one.history.entries()) {
				near(several.history[i]!.loss!, loss!, 1e-12);
			}
		});
	}

	test("each step has a key of its own, and metrics beside the loss come through", async () => {
		const keyed = (state: State, { y }: Batch, key: Tensor) => ({
			state: { w: state.w.add(random.uniform(key, [3])) },
			loss: 1,
			metrics: { rows: tensor(y.size) },
		});
		const [one, several] = await Promise.all([
			run({ step: keyed }),
			run({ step: keyed, stepsPerCall: 2, compile }),
		]);
		near(several.state.w, one.state.w, 1e-12);
		assert.equal(several.history, one.history);
	});

	const optimizers: Optimizer<string>[] = [
		adam({ learningRate: 0.1 }),
		sgd({ learningRate: 0.01, momentum: 0.9 }),
	];
	for (const optimizer of optimizers) {
		test(`${Object.keys(optimizer.init(tensor(0)))} of an optimizer go from step to step`, async () => {
			const { begin, step } = descent((w: Tensor, batch: Batch) => lossOf(w, batch), optimizer);
			const options = { state: begin(tensor([0, 0, 0])), data, epochs: 2, output: null };
			const one = await train({ ...options, step: compile(step) });
			const several = await train({ ...options, step: compile(step), stepsPerCall: 4, compile });
			const wanted = treeLeaves(one.state);
			for (const [i, x] of treeLeaves(several.state).entries()) near(x, wanted[i]!, 1e-12);
			assert.is(several.state.optimizer.step.item(), 6);
		});
	}

	test("interrupted between calls and run again, it ends bit for bit as if never stopped", () =>
		inFolder(async (folder) => {
			const whole = await run({ stepsPerCall: 2, compile });
			const checkpoint = join(folder, "run.safetensors");
			const controller = new AbortController();
			const stopping = (epoch: number) => {
				if (epoch === 2) controller.abort();
				return data(epoch);
			};
			const options = { stepsPerCall: 2, compile, checkpoint };
			const first = await run({ ...options, data: stopping, signal: controller.signal });
			assert.is(first.stopped, "interrupted");
			const second = await run(options);
			same(second.state.w, whole.state.w);
			assert.equal(second.history, whole.history);
		}));

	test("a loss that becomes NaN is told by its batch, with the state before the call", async () => {
		const failing: typeof step = (state, batch, key) => {
			const { state: next, loss } = step(state, batch, key);
			return { state: next, loss: loss.mul(batch.y.size === 2 ? Number.NaN : 1) };
		};
		const error = await rejected(run({ step: failing, stepsPerCall: 2, compile }));
		assert.instance(error, TrainError);
		assert.match(String(error), "the loss became NaN in epoch 1, batch 3");
		assert.ok(
			mapTree((x) => x, (error as TrainError).state as State)
				.w.abs()
				.sum()
				.item() > 0,
		);
	});

	test("several steps in a call without compile are refused, with what to pass", async () => {
		const error = await rejected(run({ stepsPerCall: 32 }));
		assert.instance(error, DomainError);
		assert.match(String(error), "pass { stepsPerCall: 32, compile }");
	});

	test("the compiler is the user's, with options, for one step a call too", async () => {
		const plain = await run({});
		for (const stepsPerCall of [1, 2]) {
			let compiled = 0;
			const counted: Compiler = (f) => {
				compiled++;
				return compile(f, { threads: 1 });
			};
			near((await run({ stepsPerCall, compile: counted })).state.w, plain.state.w, 1e-12);
			assert.is(compiled, 1);
		}
	});

	test("a number of steps below 1 is refused", async () => {
		const error = await rejected(run({ stepsPerCall: 0 }));
		assert.instance(error, DomainError);
		assert.match(String(error), "train: expected stepsPerCall to be a whole number from 1");
	});
});
