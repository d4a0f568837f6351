import { randomUUID } from "node:crypto";
import { open, readFile, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AdjointError } from "../core/error.ts";

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
			error.message = error.message.replace(/^\w+/, () => `${op}: ${path}`);
		}
		throw error;
	}
}

/**
 * Writes a file that appears whole or not at all: the bytes go to another file in the same folder
 * first, which is then renamed. A file that was there keeps its mode and its owner, and a symbolic
 * link goes on pointing to it.
 * @throws AdjointError where the file cannot be written
 */
export async function writeWhole(op: string, path: string | URL, bytes: Uint8Array): Promise<void> {
	const given = path instanceof URL ? fileURLToPath(path) : path;
	try {
		const target = await targetOf(given);
		await replace(target, bytes);
	} catch (error) {
		const why = (error as Error).message;
		throw new AdjointError(`${op}: ${given} cannot be written: ${why}`, { cause: error });
	}
}

/** Where a file is, or would be: what a symbolic link points to, whether that is there or not. */
async function targetOf(path: string): Promise<string> {
	const known = await unlessMissing(realpath(path));
	if (known !== null) return known;
	const folder = await realpath(dirname(path));
	const link = await readlink(path).catch(() => null);
	if (link === null) return join(folder, basename(path));
	// Not `join`: in `a/../b` what `..` is depends on where a link `a` leads.
	return targetOf(isAbsolute(link) ? link : `${folder}/${link}`);
}

/** Null where there is no such file. */
async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
	try {
		return await found;
	} catch (error) {
		if ((error as { code?: unknown }).code === "ENOENT") return null;
		throw error;
	}
}

async function replace(target: string, bytes: Uint8Array): Promise<void> {
	const old = await unlessMissing(stat(target));
	if (old !== null && !old.isFile()) throw new Error("there is something else than a file");
	const mode = old === null ? undefined : old.mode & 0o777;
	const partial = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`);
	try {
		// Never readable by more than may read the old one, not even while it is written.
		const file = await open(partial, "wx", mode);
		try {
			await file.writeFile(bytes);
			if (old !== null) {
				// Only root may give a file to another; anybody else's is then their own.
				await file.chown(old.uid, old.gid).catch(() => {});
				await file.chmod(old.mode & 0o777);
			}
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
