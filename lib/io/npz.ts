import * as kind from "../core/argument-kinds.ts";
import { AdjointError, FormatError } from "../core/error.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import { reword } from "../core/reword.ts";
import type { Tensor } from "../core/tensor.ts";
import { decodeNpy, encodeNpy, type NpyOptions } from "./npy.ts";
import { bytesKind, type ReadOptions, readEach } from "./reading.ts";
import { encodeZip, openZip, type ZipFile } from "./zip.ts";

const SUFFIX = ".npy";

/** How an npz file is written. */
export interface NpzOptions extends NpyOptions {
	/** Deflates the arrays, as `np.savez_compressed` does; left out: no. */
	readonly compress?: boolean;
}

/**
 * The tensors in the bytes of an npz file, a zip archive of npy files, by their names without
 * `.npy`.
 * @throws FormatError when the bytes are damaged, or an array holds something else than plain
 * numbers
 * @throws DTypeError when float64 does not hold an integer exactly
 */
export function decodeNpz(bytes: Uint8Array, options: ReadOptions = {}): Record<string, Tensor> {
	checkArgument("decodeNpz", "the bytes", bytes, bytesKind);
	const files = openZip("decodeNpz", bytes).map((file) => ({ file, name: nameOf(file) }));
	const known = new Set<string>();
	for (const { name } of files) {
		if (known.has(name)) throw new FormatError(`decodeNpz: the name "${name}" stands twice`);
		known.add(name);
	}
	return readEach("decodeNpz", files, ({ file, name }) => readArray(name, file), options);
}

function nameOf({ name }: ZipFile): string {
	return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
}

function readArray(name: string, file: ZipFile): Tensor {
	const contents = file.read();
	return inEntry(name, "decode", () => decodeNpy(contents));
}

/** Errors of one array name it. */
function inEntry<T>(name: string, verb: "decode" | "encode", run: () => T): T {
	try {
		return run();
	} catch (error) {
		if (error instanceof AdjointError) {
			reword(
				error,
				error.message.replace(`${verb}Npy`, () => `${verb}Npz: "${name}"`),
			);
		}
		throw error;
	}
}

/**
 * The bytes of an npz file that holds these tensors under these names: `np.load` reads it.
 * @throws ShapeError for more than 64 axes, which NumPy does not have
 * @throws FormatError for a name that is no text, or longer than 65,535 bytes
 * @throws DTypeError for a number that the type in `floats` does not hold
 */
export function encodeNpz(
	tensors: Readonly<Record<string, Tensor>>,
	options: NpzOptions = {},
): Uint8Array {
	const kinds = { compress: kind.flag, floats: kind.anything };
	const { compress = false, floats } = checkOptions("encodeNpz", options, kinds);
	checkArgument("encodeNpz", "the tensors", tensors, kind.structure);
	const files = Object.entries(tensors).map(
		([name, x]) =>
			[name + SUFFIX, inEntry(name, "encode", () => encodeNpy(x, { floats }))] as const,
	);
	return encodeZip("encodeNpz", files, compress);
}
