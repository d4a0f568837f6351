import type { TypedArray } from "./dtype.ts";

/**
 * Where the elements of tensors are, if not simply in a typed array: in the arena of a compiled
 * program, or in the memory of a device. A tensor does not know which; views of one tensor share
 * its storage.
 */
export interface Storage {
	/** How many bytes the elements take, as a typed array says it. */
	readonly byteLength: number;
	/**
	 * The elements, not to be written to; null while they are somewhere that makes one wait, as the
	 * memory of a device does.
	 */
	host(): TypedArray | null;
	/** Waits for the elements; from then on `host` has them, too. */
	read(): Promise<TypedArray>;
}
