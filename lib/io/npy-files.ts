import type { Tensor } from "../core/tensor.ts";
import { readWhole, writeWhole } from "./files.ts";
import { decodeNpy, encodeNpy, type NpyOptions } from "./npy.ts";
import { decodeNpz, encodeNpz, type NpzOptions } from "./npz.ts";
import type { ReadOptions } from "./reading.ts";

/**
 * Reads the tensor in an npy file; see `decodeNpy`.
 * @throws AdjointError when the file cannot be read; its `cause` has the `code`, such as "ENOENT"
 * @throws FormatError when the file is damaged, or holds something else than plain numbers
 * @throws DTypeError when float64 does not hold an integer exactly
 */
export function readNpy(path: string | URL): Promise<Tensor> {
	return readWhole("readNpy", path, (bytes) => decodeNpy(bytes));
}

/** Writes a tensor into an npy file, as `np.save` does. The file appears whole or not at all. */
export async function writeNpy(path: string | URL, x: Tensor, options?: NpyOptions): Promise<void> {
	return writeWhole("writeNpy", path, () => encodeNpy(x, options));
}

/**
 * Reads the tensors in an npz file, by name; see `decodeNpz`.
 * @throws AdjointError when the file cannot be read; its `cause` has the `code`, such as "ENOENT"
 * @throws FormatError when the file is damaged, or holds something else than arrays of plain
 * numbers
 * @throws DTypeError when float64 does not hold an integer exactly
 */
export function readNpz(
	path: string | URL,
	options?: ReadOptions,
): Promise<Record<string, Tensor>> {
	return readWhole("readNpz", path, decodeNpz, options);
}

/** Writes tensors into an npz file, as `np.savez` does. The file appears whole or not at all. */
export async function writeNpz(
	path: string | URL,
	tensors: Readonly<Record<string, Tensor>>,
	options?: NpzOptions,
): Promise<void> {
	return writeWhole("writeNpz", path, () => encodeNpz(tensors, options));
}
