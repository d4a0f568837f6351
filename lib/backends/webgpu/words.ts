import { STORAGE } from "./memory.ts";
import { BYTES_EACH } from "./plan.ts";

/** FailureWords of a buffer. */
const PAGE = 4096;

/** A word for each call in which something may go wrong, until somebody has looked at it. */
export class FailureWords {
	#device!: GPUDevice;
	#pages: GPUBuffer[] = [];
	readonly #free: number[] = [];
	#count = 0;

	/** Has the words lie on another device; each is 0 there. */
	begin(device: GPUDevice): void {
		this.#device = device;
		this.#pages = [];
	}

	/** A word for a call. */
	take(): number {
		return this.#free.pop() ?? this.#count++;
	}

	/** Where a word lies. */
	placeOf(word: number): { readonly buffer: GPUBuffer; readonly first: number } {
		const page = Math.floor(word / PAGE);
		this.#pages[page] ??= this.#device.createBuffer({ size: PAGE * BYTES_EACH, usage: STORAGE });
		return { buffer: this.#pages[page], first: word % PAGE };
	}

	/** All went well, which nobody has to ask again. */
	free(word: number): void {
		this.#free.push(word);
	}
}
