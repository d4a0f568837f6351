import { join } from "node:path";
import * as assert from "uvu/assert";
import { DomainError } from "../../lib/index.ts";
import type { TrainOptions } from "../../lib/train/index.ts";
import { inFolder, rejected } from "../io/support.ts";
import { suite } from "../suite.ts";
import { type Batch, data, run, type State, start, x } from "./support.ts";

suite("train, what it is given", (test) => {
	test("metrics may have any name", () =>
		inFolder(async (folder) => {
			const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
			const metrics = () => Object.fromEntries(names.map((name, i) => [name, i]));
			const options: Partial<TrainOptions<State, Batch>> = {
				checkpoint: join(folder, "run.safetensors"),
				step: (state) => ({ state, loss: 1, metrics: metrics() }),
				validate: metrics,
				epochs: 1,
				earlyStopping: { metric: "__proto__", patience: 1 },
			};
			const measured = [...names.entries()].map(([i, name]) => [name, i]);
			const expected = [
				["loss", 1],
				...measured,
				...measured.map(([name, i]) => [`val_${name}`, i]),
			];
			for (let again = 0; again < 2; again++) {
				const { history } = await run(options);
				assert.equal(Object.entries(history[0]!), expected);
			}
			const unknown = run({ epochs: 1, earlyStopping: { metric: "constructor", patience: 1 } });
			assert.match(String(await rejected(unknown)), "expected a metric of loss, got constructor");
		}));

	test("what a function gives that is async, or nothing, is named as such", async () => {
		const cases: [options: object, message: string][] = [
			[
				{ step: async () => ({ state: start, loss: 1 }) },
				"step to give { state, loss }, got a promise: it cannot be async",
			],
			[
				{ validate: async () => ({ loss: 1 }) },
				"validate to give metrics by name, got a promise: it cannot be async",
			],
			[{ step: () => undefined }, "step to give { state, loss }, got undefined"],
			[
				{ step: () => ({ state: start }) },
				"step to give a number as loss, or a tensor with one element, got undefined",
			],
			[{ step: () => ({ loss: 1 }) }, "step to give { state, loss }, got no state"],
			[{ step: () => ({ state: start, loss: x }) }, "got a tensor, float64 (10×3)"],
			[
				{ step: () => ({ state: start, loss: 1, metrics: { loss: 2 } }) },
				"other metrics than loss",
			],
			[
				{ data: async () => data(0) },
				"data to give batches, an array or anything that can be iterated, got a promise",
			],
			[{ data: () => [] }, "got none in epoch 1"],
			[{ step: undefined }, "train: expected step to be a function, got undefined"],
			[{ epochs: 1.5 }, "train: expected epochs to be a whole number from 0, got 1.5"],
			[{ signal: {} }, "train: expected signal to be an AbortSignal, got an object"],
			[{ epoch: 3 }, "train: there is no option epoch; expected one of state, step, data, epochs"],
			[
				{ earlyStopping: { patience: 0 } },
				"train: expected patience to be a whole number from 1, got 0",
			],
			[
				{ earlyStopping: { patience: 1, mode: "min" } },
				"train: there is no option mode; expected one of metric, goal, patience",
			],
		];
		for (const [options, message] of cases) {
			const error = await rejected(run(options));
			assert.instance(error, DomainError);
			assert.match(String(error), message);
		}
		const exhausted = data(0)[Symbol.iterator]();
		const once = { [Symbol.iterator]: () => exhausted };
		assert.match(String(await rejected(run({ data: () => once }))), "got none in epoch 2");
	});
});
