import { AdjointError, FormatError } from "../core/error.ts";
import type { Tensor } from "../core/tensor.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import { decodeZip, encodeZip } from "./zip.ts";

const SUFFIX = ".npy";

/** How an npz file is written. */
export interface NpzOptions {
	/** Deflates the arrays, as `np.savez_compressed` does; left out: no. */
	readonly compress?: boolean;
}

/**
 * The tensors in the bytes of an npz file, a zip archive of npy files, by their names without
 * `.npy`.
 * @throws FormatError when the bytes are damaged, or an array holds something else than plain
 * numbers
 * @throws DTypeError when an integer does not fit into int32
 */
export function decodeNpz(bytes: Uint8Array): Record<string, Tensor> {
	const tensors: [string, Tensor][] = [];
	for (const [file, contents] of decodeZip("decodeNpz", bytes)) {
		const name = file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : file;
		if (tensors.some(([known]) => known === name)) {
			throw new FormatError(`decodeNpz: the name "${name}" stands twice`);
		}
		try {
			tensors.push([name, decodeNpy(contents)]);
		} catch (error) {
			if (error instanceof AdjointError) {
				error.message = error.message.replace("decodeNpy", `decodeNpz: "${name}"`);
			}
			throw error;
		}
	}
	return Object.fromEntries(tensors);
}

/**
 * The bytes of an npz file that holds these tensors under these names: `np.load` reads it.
 * @throws ShapeError for more than 64 axes, which NumPy does not have
 * @throws FormatError for a name that is no text, or longer than 65,535 bytes
 */
export function encodeNpz(
	tensors: Readonly<Record<string, Tensor>>,
	{ compress = false }: NpzOptions = {},
): Uint8Array {
	const files = Object.entries(tensors).map(([name, x]) => [name + SUFFIX, encodeNpy(x)] as const);
	return encodeZip("encodeNpz", files, compress);
}
