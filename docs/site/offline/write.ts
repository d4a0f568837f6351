import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a folder and of those in it, by their path from there. */
export function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
		.sort();
}

/** What is kept at once: the documents and the reference. The rest is kept when it is opened. */
const isKept = (file: string) =>
	/\.(html|js|css|svg)$/.test(file) && !/^(zh\/)?(derivations|playground)\//.test(file);

/**
 * Writes the service worker, with the list of what it keeps. Its version is a hash of the site, so
 * another build has another one.
 */
export function writeServiceWorker(dist: string, base: string): void {
	const files = filesIn(dist).filter((file) => file !== "service-worker.js");
	const hash = createHash("sha256");
	for (const file of files) hash.update(file).update(readFileSync(join(dist, file)));
	const kept = files.filter(isKept).map((file) => base + file.replace(/(^|\/)index\.html$/, "$1"));
	const constants = `const VERSION = "${hash.digest("hex").slice(0, 16)}";
const BASE = ${JSON.stringify(base)};
const KEPT = ${JSON.stringify(kept)};
`;
	const worker = readFileSync(join(import.meta.dirname, "service-worker.js"), "utf8");
	writeFileSync(join(dist, "service-worker.js"), constants + worker);
}
