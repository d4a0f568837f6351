import { open, readFile, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ArgumentKind } from "../core/argument-kinds.ts";
import { AdjointError } from "../core/error.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import { reword } from "../core/reword.ts";
import { partialOf, sweep } from "./partial.ts";
import { READ_OPTIONS, type ReadOptions } from "./reading.ts";

const PATH: ArgumentKind = {
	expected: "a string or a URL",
	holds: (x) => typeof x === "string" || x instanceof URL,
};

/**
 * What `decode` makes of a file; its errors, also those that it reports, name the file.
 * @throws AdjointError where the file cannot be read; its `cause` has the `code`, such as "ENOENT"
 * @throws what `decode` throws
 */
export async function readWhole<T>(
	op: string,
	path: string | URL,
	decode: (bytes: Uint8Array, options: ReadOptions) => T,
	options: ReadOptions = {},
): Promise<T> {
	checkArgument(op, "the path", path, PATH);
	const { onUnreadable } = checkOptions(op, options, READ_OPTIONS);
	const bytes = await readFile(path).catch((error) => {
		throw unusable(op, path, "read", error);
	});
	const report: ReadOptions["onUnreadable"] =
		onUnreadable && ((name, error) => onUnreadable(name, named(op, path, error)));
	try {
		return decode(bytes, { ...options, onUnreadable: report });
	} catch (error) {
		throw named(op, path, error);
	}
}

/** The error, with what the user called and the file in place of our function that threw it. */
function named<E>(op: string, path: string | URL, error: E): E {
	if (error instanceof AdjointError) {
		reword(
			error,
			error.message.replace(/^(de|en)code\w+/, () => `${op}: ${path}`),
		);
	}
	return error;
}

/**
 * Writes what `encode` gives to a file that appears whole or not at all: the bytes go to another
 * file in the same folder first, which is then renamed. A file that was there keeps its mode and
 * its owner, and a symbolic link goes on pointing to it. What a process left that was killed while
 * it wrote this file is removed.
 * @throws AdjointError where the file cannot be written
 * @throws what `encode` throws
 */
export async function writeWhole(
	op: string,
	path: string | URL,
	encode: () => Uint8Array,
): Promise<void> {
	checkArgument(op, "the path", path, PATH);
	const given = path instanceof URL ? fileURLToPath(path) : path;
	let bytes: Uint8Array;
	try {
		bytes = encode();
	} catch (error) {
		throw named(op, given, error);
	}
	try {
		const target = await targetOf(given);
		await replace(target, bytes);
	} catch (error) {
		throw unusable(op, given, "written", error);
	}
}

function unusable(op: string, path: string | URL, what: string, cause: unknown): AdjointError {
	const why = (cause as Error).message;
	return new AdjointError(`${op}: ${path} cannot be ${what}: ${why}`, { cause });
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
	await sweep(target);
	const partial = partialOf(target);
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
