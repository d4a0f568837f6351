import { BYTES, type DType, type TypedArray } from "../../core/dtype.ts";
import { DeviceError } from "../../core/error.ts";
import type { Storage } from "../../core/storage.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { DeviceCall } from "./call.ts";
import type { RegionHolder } from "./memory.ts";

/** The elements of a result of a program that ran on a device. */
export class DeviceResult implements Storage {
	readonly dtype: DType;
	readonly size: number;
	readonly byteLength: number;
	/** The call that it comes from; null once its elements are on the host. */
	call: DeviceCall | null;
	/** Where the device has them. */
	readonly place: RegionHolder = { region: null };
	#values: TypedArray | null = null;
	#reading: Promise<TypedArray> | null = null;

	constructor(dtype: DType, size: number, call: DeviceCall) {
		this.dtype = dtype;
		this.size = size;
		this.byteLength = size * BYTES[dtype];
		this.call = call;
	}

	/** Whether somebody waits for the elements. */
	get isRead(): boolean {
		return this.#reading !== null;
	}

	host(): TypedArray | null {
		return this.#values;
	}

	/** @throws what an op of the call throws, and DeviceError for what the device cannot do */
	read(): Promise<TypedArray> {
		if (this.#values !== null) return Promise.resolve(this.#values);
		if (this.#reading === null) {
			if (this.call === null) return Promise.reject(givenUp());
			const reading = this.call.device.readSoon(this).then(() => this.#values!);
			this.#reading = reading;
			// Who asks again asks the device again.
			const end = () => {
				this.#reading = null;
			};
			reading.then(end, end);
		}
		return this.#reading;
	}

	/** Has these elements on the host from now on; what made them is not needed any more. */
	give(values: TypedArray): void {
		this.#values ??= values;
		this.call = null;
	}
}

/** The error for a result that is nowhere any more. */
export function givenUp(): DeviceError {
	return new DeviceError(
		"webgpu: the elements had to make room, and what they were made from is gone too; let the device finish now and then with await gpu.read(…), or give it more memory",
	);
}

/** The result that a tensor is or shows a part of, while its elements are on a device. */
export function resultOf({ storage }: Tensor): DeviceResult | null {
	return storage instanceof DeviceResult ? storage : null;
}
