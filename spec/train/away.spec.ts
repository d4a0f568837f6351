import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { TypedArray } from "../../lib/core/dtype.ts";
import type { Storage } from "../../lib/core/storage.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { tensor } from "../../lib/index.ts";
import { TrainError } from "../../lib/train/index.ts";
import { inFolder, rejected } from "../io/support.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";
import { type Batch, run, type State, step } from "./support.ts";

/** Elements on a device: they are here some time after somebody has asked for them. */
class Away implements Storage {
	readonly byteLength: number;
	readonly there: TypedArray;
	#here: TypedArray | null = null;

	constructor(there: TypedArray) {
		this.there = there;
		this.byteLength = there.byteLength;
	}

	host(): TypedArray | null {
		return this.#here;
	}

	async read(): Promise<TypedArray> {
		await setImmediate();
		this.#here = this.there;
		return this.there;
	}
}

const away = (x: Tensor) => new Tensor(new Away(x.data), x.dtype, x.shape);
/** What the device sees. */
const there = (x: Tensor) =>
	x.storage instanceof Away ? new Tensor(x.storage.there, x.dtype, x.shape) : x;

/** The step as a device takes it: what comes out of it is not here. */
const onDevice = ({ w }: State, batch: Batch, key: Tensor) => {
	const { state, loss } = step({ w: there(w) }, batch, key);
	return { state: { w: away(state.w) }, loss: away(loss) };
};

const isHere = (x: Tensor) => x.storage instanceof Away && x.storage.host() !== null;

suite("train, on a device", (test) => {
	test("it gives the numbers of a run on the host, and a state that is here", async () => {
		const [expected, result] = [await run(), await run({ step: onDevice })];
		same(result.state.w, expected.state.w);
		assert.equal(result.history, expected.history);
	});

	test("steps go on before the loss of the first is here, a few of them", async () => {
		let unread = 0;
		let most = 0;
		const counting = (state: State, batch: Batch, key: Tensor) => {
			const result = onDevice(state, batch, key);
			unread++;
			most = Math.max(most, unread);
			const storage = result.loss.storage as Away;
			const { read } = storage;
			storage.read = async () => {
				const values = await read.call(storage);
				unread--;
				return values;
			};
			return result;
		};
		await run({ step: counting, data: () => Array.from({ length: 20 }, batchOf) });
		assert.ok(most > 1 && most <= 6, String(most));
	});

	test("validate sees a state that is here, and may measure on the device", async () => {
		const seen: boolean[] = [];
		const { history } = await run({
			step: onDevice,
			epochs: 2,
			validate: ({ w }) => {
				seen.push(isHere(w));
				return { size: away(tensor(w.size)) };
			},
		});
		assert.equal(seen, [true, true]);
		assert.is(history[1]!.val_size, 3);
	});

	test("a loss that becomes NaN leaves the state before its step, which is here", async () => {
		let steps = 0;
		const states: Tensor[] = [];
		const failing = (state: State, batch: Batch, key: Tensor) => {
			states.push(state.w);
			const result = onDevice(state, batch, key);
			return steps++ === 1 ? { ...result, loss: away(tensor(Number.NaN)) } : result;
		};
		const error = await rejected(run({ step: failing }));
		assert.instance(error, TrainError);
		const { w } = (error as TrainError).state as State;
		assert.is(w, states[1]);
		assert.ok(isHere(w));
	});

	test("a checkpoint holds the state, and a run goes on from it", async () => {
		await inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			await run({ step: onDevice, epochs: 2, checkpoint });
			const result = await run({ step: onDevice, checkpoint });
			same(result.state.w, (await run()).state.w);
		});
	});
});

function batchOf(): Batch {
	return { x: tensor([[1, 2, 3]]), y: tensor([1]) };
}
