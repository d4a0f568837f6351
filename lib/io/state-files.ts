import type { Tensor } from "../core/tensor.ts";
import type { FloatOptions } from "./element-types.ts";
import { readWhole, writeWhole } from "./files.ts";
import type { ReadOptions } from "./reading.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors.ts";
import { decodeState, encodeState, type Saveable } from "./state.ts";

/**
 * Reads the tensors in a safetensors file, by name; see `decodeSafetensors`.
 * @throws AdjointError when the file cannot be read; its `cause` has the `code`, such as "ENOENT"
 * @throws FormatError when the file is damaged
 * @throws DTypeError for a dtype that has no place here, and when float64 does not hold an integer
 * exactly
 */
export function readSafetensors(path: string | URL, options?: ReadOptions): Promise<Safetensors> {
	return readWhole("readSafetensors", path, decodeSafetensors, options);
}

/** Writes tensors into a safetensors file. The file appears whole or not at all. */
export async function writeSafetensors(
	path: string | URL,
	tensors: Readonly<Record<string, Tensor>>,
	metadata?: Readonly<Record<string, string>>,
	options?: FloatOptions,
): Promise<void> {
	return writeWhole("writeSafetensors", path, () => encodeSafetensors(tensors, metadata, options));
}

/**
 * Saves a nested structure of tensors, numbers, strings and booleans into one safetensors file:
 * parameters, an optimiser's state, the number of a step. The file appears whole or not at all, so
 * a crash leaves the one that was there before.
 * @throws FormatError for anything that cannot be saved, naming its path
 */
export async function save(path: string | URL, state: unknown): Promise<void> {
	return writeWhole("save", path, () => encodeState(state));
}

/**
 * Loads what `save` saved. The type is the caller's word: `load<{ params: Params; step: number
 * }>(path)`.
 * @throws AdjointError when the file cannot be read; its `cause` has the `code`, such as "ENOENT"
 * @throws FormatError when the file is damaged, or was not written by `save`
 */
export function load<T = Saveable>(path: string | URL): Promise<T> {
	return readWhole("load", path, (bytes) => decodeState(bytes) as T);
}
