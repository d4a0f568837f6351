import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AdjointError } from "../error.ts";

/**
 * What `decode` makes of a file; its errors name the file.
 * @throws what `decode` throws
 */
export async function readWhole<T>(
	op: string,
	path: string | URL,
	decode: (bytes: Uint8Array) => T,
): Promise<T> {
	const bytes = await readFile(path);
	try {
		return decode(bytes);
	} catch (error) {
		if (error instanceof AdjointError) {
			error.message = error.message.replace(/^\w+/, `${op}: ${path}`);
		}
		throw error;
	}
}

/**
 * Writes a file that appears whole or not at all: the bytes go to another file in the same folder first, which is
 * then renamed.
 */
export async function writeWhole(path: string | URL, bytes: Uint8Array): Promise<void> {
	const target = path instanceof URL ? fileURLToPath(path) : path;
	const partial = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`);
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
