import { join } from "node:path";
import * as assert from "uvu/assert";
import { AdjointError, FormatError, type Tensor } from "../../lib/index.ts";
import { save } from "../../lib/io/index.ts";
import type { TrainOptions } from "../../lib/train/index.ts";
import { inFolder, rejected } from "../io/support.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";
import { type Batch, never, run, type State, start } from "./support.ts";

suite("train, checkpoints", (test) => {
	test("a folder that is not there is known before the first step", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "missing", "run.safetensors");
			const error = await rejected(run({ checkpoint, step: never }));
			assert.instance(error, AdjointError);
			assert.match(String(error), /train: .*missing.* cannot be written/);
			assert.match(String(await rejected(run({ checkpoint: folder, step: never }))), "train: ");
		}));

	test("so is a state that cannot be saved", () =>
		inFolder(async (folder) => {
			const state = { w: new Map() } as unknown as State;
			const error = await rejected(
				run({ checkpoint: join(folder, "run.safetensors"), state, step: never }),
			);
			assert.instance(error, FormatError);
			assert.match(String(error), /train: .*got a Map at state\.w/);
		}));

	test("a file that is no checkpoint is refused", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			for (const other of [{ state: start }, null, start, { ...start, epoch: 1 }, [1]]) {
				await save(checkpoint, other);
				const error = await rejected(run({ checkpoint, step: never }));
				assert.instance(error, FormatError);
				assert.match(String(error), "is not a checkpoint of a run");
			}
		}));

	test("a finished run gives again what it gave, with early stopping and without", () =>
		inFolder(async (folder) => {
			const values = [3, 1, 2];
			const lossAt = ({ w }: State) => values[seen.indexOf(w)]!;
			const seen: Tensor[] = [];
			const validate = (state: State) => {
				seen.push(state.w);
				return { loss: lossAt(state) };
			};
			const earlyStopping = { patience: 3 };
			const checkpoint = join(folder, "run.safetensors");
			const options = { checkpoint, validate, epochs: 3 };
			const first = await run({ ...options, earlyStopping });
			same(first.state.w, seen[1]!);
			const again = { checkpoint, epochs: 3, step: never };
			const [watched, plain, other] = [
				await run({ ...again, earlyStopping }),
				await run(again),
				await run({ ...again, earlyStopping: { ...earlyStopping, goal: "rise" } }),
			];
			same(watched.state.w, seen[1]!);
			same(plain.state.w, seen[2]!);
			// The best by another goal is not known.
			same(other.state.w, seen[2]!);
			for (const result of [watched, plain, other]) {
				assert.equal(result.history, first.history);
				assert.is(result.stopped, "finished");
			}
		}));

	test("a run that stopped early gives that again", () =>
		inFolder(async (folder) => {
			const values = [3, 1, 2, 2];
			let at = 0;
			const options: Partial<TrainOptions<State, Batch>> = {
				checkpoint: join(folder, "run.safetensors"),
				validate: () => ({ loss: values[at++]! }),
				earlyStopping: { patience: 2 },
				epochs: 9,
			};
			const first = await run(options);
			const again = await run({ ...options, step: never });
			assert.equal([first.stopped, again.stopped], ["early", "early"]);
			same(again.state.w, first.state.w);
		}));
});
