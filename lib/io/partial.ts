import { randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { crc32 } from "./crc32.ts";

// A file is written under another name first. That name says which file it is for and which process
// writes it, and is as short for the longest of names, so that a process that was killed leaves
// nothing that the next one would not find and remove.

/** No process needs so long for a file, in milliseconds. */
const LONGEST = 3_600_000;
const NAME = /^\.adjoint-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.partial$/;

/** Where the bytes that `target` will have are written first: in the same folder. */
export function partialOf(target: string): string {
	const random = randomBytes(8).toString("hex");
	const name = `.adjoint-${digest(basename(target))}-${placeOfPids()}-${process.pid}-${random}.partial`;
	return join(dirname(target), name);
}

/**
 * Removes what was left of earlier attempts to write `target` by processes that were killed. It
 * never fails: what cannot be seen or removed stays.
 */
export async function sweep(target: string): Promise<void> {
	const folder = dirname(target);
	const file = digest(basename(target));
	const names = await readdir(folder).catch(() => []);
	for (const name of names) {
		const [, of, place, pid] = NAME.exec(name) ?? [];
		if (of !== file) continue;
		const path = join(folder, name);
		if (await isLeft(path, place === placeOfPids() ? Number(pid) : null)) {
			await rm(path, { force: true }).catch(() => {});
		}
	}
}

/** Whether nobody writes this any more; `pid` is null for a process that is not seen from here. */
async function isLeft(path: string, pid: number | null): Promise<boolean> {
	if (pid !== null && !isRunning(pid)) return true;
	const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.NaN }));
	const age = Date.now() - mtimeMs;
	// Older than this process: another one had its number, as in a container that was restarted.
	return age > (pid === process.pid ? process.uptime() * 1000 + 1000 : LONGEST);
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// There is one, of another user.
		return (error as { code?: unknown }).code === "EPERM";
	}
}

/** Numbers of processes mean something on one machine, and there in one container. */
function placeOfPids(): string {
	let container = "";
	try {
		container = readlinkSync("/proc/self/ns/pid");
	} catch {
		// Another system than Linux.
	}
	return digest(`${hostname()} ${container}`);
}

function digest(text: string): string {
	return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, "0");
}
