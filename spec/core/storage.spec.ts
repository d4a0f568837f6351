import * as assert from "uvu/assert";
import type { Storage } from "../../lib/core/storage.ts";
import { arange, DeviceError, Tensor, type TypedArray, tensor } from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

/** Elements as a device would have them: not here before somebody has waited for them. */
class Far implements Storage {
	readonly byteLength: number;
	readonly #values: TypedArray;
	reads = 0;

	constructor(values: TypedArray) {
		this.byteLength = values.byteLength;
		this.#values = values;
	}

	host(): TypedArray | null {
		return this.reads === 0 ? null : this.#values;
	}

	async read(): Promise<TypedArray> {
		this.reads++;
		return this.#values;
	}
}

const far = () => new Far(Float32Array.of(1, 2, 3, 4, 5, 6));

suite("core/storage", (test) => {
	test("whatever needs elements that are not here says how to wait for them", () => {
		const x = new Tensor(far(), "float32", [2, 3]);
		const s = new Tensor(far(), "float32", [], [], 2);
		const uses = [() => x.data, () => x.toArray(), () => x.sum(), () => x.add(1), () => s.item()];
		for (const use of [...uses, () => String(x), () => x.reshape([6]).exp()]) {
			refuses(use, DeviceError, "await x.read()");
		}
		refuses(() => x.data, DeviceError, "float32 (2×3)");
	});

	test("views of elements that are not here need none of them, and share the storage", () => {
		const storage = far();
		const x = new Tensor(storage, "float32", [2, 3]);
		const views = [x.T, x.slice(1), x.broadcastTo([4, 2, 3]), x.reshape([6]), x.flip(0)];
		for (const view of views) assert.is(view.storage, storage);
		assert.is(storage.reads, 0);
	});

	test("read waits, gives the elements of a view in its order, and all have them from then on", async () => {
		const storage = far();
		const x = new Tensor(storage, "float32", [2, 3]);
		assert.equal(await x.T.read(), Float32Array.of(1, 4, 2, 5, 3, 6));
		assert.is(storage.reads, 1);
		same(x.slice(1), tensor([4, 5, 6], { dtype: "float32" }));
		assert.is(x.sum().item(), 21);
	});

	test("read of a tensor whose elements are here is a promise of its data", async () => {
		const x = arange(6).reshape([2, 3]).T.slice([1, 3]);
		const promise = x.read();
		assert.instance(promise, Promise);
		const values = await promise;
		assert.equal(values, x.data);
		values.fill(9);
		same(x, [
			[1, 4],
			[2, 5],
		]);
	});

	test("a storage says how many bytes its elements take", () => {
		for (const [dtype, bytes] of [
			["float64", 8],
			["float32", 4],
			["int32", 4],
			["bool", 1],
		] as const) {
			assert.is(arange(3).astype(dtype).storage.byteLength, 3 * bytes);
		}
	});
});
