import type { Tensor } from "../core/tensor.ts";
import { readWhole, writeWhole } from "./files.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import { decodeNpz, encodeNpz, type NpzOptions } from "./npz.ts";

/**
 * Reads the tensor in an npy file; see `decodeNpy`.
 * @throws FormatError when the file is damaged, or holds something else than plain numbers
 * @throws DTypeError when an integer does not fit into int32
 */
export function readNpy(path: string | URL): Promise<Tensor> {
	return readWhole("readNpy", path, decodeNpy);
}

/** Writes a tensor into an npy file, as `np.save` does. The file appears whole or not at all. */
export async function writeNpy(path: string | URL, x: Tensor): Promise<void> {
	return writeWhole("writeNpy", path, encodeNpy(x));
}

/**
 * Reads the tensors in an npz file, by name; see `decodeNpz`.
 * @throws FormatError when the file is damaged, or holds something else than arrays of plain
 * numbers
 * @throws DTypeError when an integer does not fit into int32
 */
export function readNpz(path: string | URL): Promise<Record<string, Tensor>> {
	return readWhole("readNpz", path, decodeNpz);
}

/** Writes tensors into an npz file, as `np.savez` does. The file appears whole or not at all. */
export async function writeNpz(
	path: string | URL,
	tensors: Readonly<Record<string, Tensor>>,
	options?: NpzOptions,
): Promise<void> {
	return writeWhole("writeNpz", path, encodeNpz(tensors, options));
}
