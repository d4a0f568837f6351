import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AdjointError } from "../error.ts";
import type { Tensor } from "../tensor.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

/**
 * Reads the tensor in an npy file; see `decodeNpy`.
 * @throws FormatError when the file is damaged, or holds something else than plain numbers
 * @throws DTypeError when an integer does not fit into int32
 */
export async function readNpy(path: string | URL): Promise<Tensor> {
	const bytes = await readFile(path);
	try {
		return decodeNpy(bytes);
	} catch (error) {
		if (error instanceof AdjointError) {
			error.message = error.message.replace("decodeNpy", `readNpy: ${path}`);
		}
		throw error;
	}
}

/**
 * Writes a tensor into an npy file, as `np.save` does. The file appears whole or not at all: the bytes go to another
 * file in the same folder first, which is then renamed.
 */
export async function writeNpy(path: string | URL, x: Tensor): Promise<void> {
	const target = path instanceof URL ? fileURLToPath(path) : path;
	const partial = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`);
	const bytes = encodeNpy(x);
	try {
		const file = await open(partial, "wx");
		try {
			await file.writeFile(bytes);
			// On the disk before it gets its name, or a crash of the machine could leave an empty file.
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(partial, target);
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}
