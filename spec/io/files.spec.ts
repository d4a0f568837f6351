import { spawnSync } from "node:child_process";
import {
	chmodSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import { AdjointError, tensor } from "../../lib/index.ts";
import {
	load,
	readNpy,
	readNpz,
	readSafetensors,
	save,
	writeNpy,
	writeNpz,
	writeSafetensors,
} from "../../lib/io/index.ts";
import { partialOf } from "../../lib/io/partial.ts";
import { suite } from "../suite.ts";
import { inFolder, rejected } from "./support.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

/** Runs without root's right to write everywhere. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
	const user = process.geteuid?.();
	if (user !== 0) return run();
	process.seteuid!(65534);
	try {
		return await run();
	} finally {
		process.seteuid!(user);
	}
}

suite("io/files", (test) => {
	test("a file that is written again keeps its mode, and a new one has that of the umask", () =>
		inFolder(async (folder) => {
			const x = tensor([1]);
			const writers: Record<string, (path: string) => Promise<void>> = {
				save: (path) => save(path, { x }),
				writeNpy: (path) => writeNpy(path, x),
				writeNpz: (path) => writeNpz(path, { x }),
				writeSafetensors: (path) => writeSafetensors(path, { x }),
			};
			for (const [name, write] of Object.entries(writers)) {
				const path = join(folder, name);
				writeFileSync(join(folder, "plain"), "");
				await write(path);
				assert.is(modeOf(path), modeOf(join(folder, "plain")));
				for (const mode of [0o600, 0o640, 0o666, 0o444]) {
					chmodSync(path, mode);
					await write(path);
					assert.is(modeOf(path), mode, name);
				}
			}
		}));

	test("a private file is private while it is written, too", () =>
		inFolder(async (folder) => {
			const path = join(folder, "private");
			writeFileSync(path, "");
			chmodSync(path, 0o600);
			const seen: number[] = [];
			const state = { x: tensor(new Float64Array(2e6)) };
			let isOver = false;
			const saved = save(path, state).then(() => (isOver = true));
			while (!isOver) {
				for (const name of readdirSync(folder)) {
					const found = statSync(join(folder, name), { throwIfNoEntry: false });
					if (name.endsWith(".partial") && found !== undefined) seen.push(found.mode & 0o777);
				}
				await new Promise((resolve) => setImmediate(resolve));
			}
			await saved;
			assert.ok(seen.length > 0);
			assert.ok(seen.every((mode) => mode === 0o600));
		}));

	if (process.geteuid?.() === 0) {
		test("root leaves a file to its owner", () =>
			inFolder(async (folder) => {
				const path = join(folder, "state");
				await save(path, 1);
				const { chownSync } = await import("node:fs");
				chownSync(path, 1234, 2345);
				await save(path, 2);
				assert.equal([statSync(path).uid, statSync(path).gid], [1234, 2345]);
			}));
	}

	test("through a symbolic link the file is written that it points to, there or not, and the link stays", () =>
		inFolder(async (folder) => {
			mkdirSync(join(folder, "runs/1"), { recursive: true });
			writeFileSync(join(folder, "runs/1/state"), "old");
			const link = join(folder, "latest");
			const second = join(folder, "second");
			const dangling = join(folder, "dangling");
			symlinkSync("runs/1/state", link);
			symlinkSync("latest", second);
			symlinkSync("one/../new", dangling);
			// What `..` is follows from where `one` leads.
			symlinkSync("runs/1", join(folder, "one"));
			await save(link, 7);
			assert.is(await load(join(folder, "runs/1/state")), 7);
			await save(pathToFileURL(second), 8);
			assert.is(await load(join(folder, "runs/1/state")), 8);
			await save(dangling, 9);
			assert.is(await load(join(folder, "runs/new")), 9);
			await save(dangling, 10);
			assert.is(await load(join(folder, "runs/new")), 10);
			for (const path of [link, second, dangling]) {
				assert.ok(lstatSync(path).isSymbolicLink(), path);
			}
			assert.is(readlinkSync(link), "runs/1/state");
			assert.equal(readdirSync(join(folder, "runs/1")), ["state"]);
			assert.equal(readdirSync(join(folder, "runs")), ["1", "new"]);
		}));

	test("many may save at once: the file is one of theirs, and nothing is left beside it", () =>
		inFolder(async (folder) => {
			const path = join(folder, "state");
			await Promise.all(Array.from({ length: 20 }, (_, i) => save(path, { i })));
			const { i } = await load<{ i: number }>(path);
			assert.ok(i >= 0 && i < 20);
			assert.equal(readdirSync(folder), ["state"]);
		}));

	test("what a killed process left is removed when the file is written again, and nothing else", () =>
		inFolder(async (folder) => {
			const path = join(folder, "state");
			const { pid } = spawnSync(process.execPath, ["--eval", ""]);
			const mine = basename(partialOf(path));
			const of = (id: number, name = mine) => name.replace(`-${process.pid}-`, `-${id}-`);
			const elsewhere = mine.replace(/^(.{18})(.{8})/, "$100000000");
			const other = basename(partialOf(join(folder, "other")));
			const kept = [mine, of(process.ppid), elsewhere, of(pid, other), ".adjoint-.partial"];
			const old = [of(pid, elsewhere), mine.replace(/.{16}.partial$/, "0123456789abcdef.partial")];
			for (const name of [of(pid), ...kept, ...old]) writeFileSync(join(folder, name), "");
			for (const name of old) utimesSync(join(folder, name), 1e9, 1e9);
			await save(path, 1);
			assert.equal(readdirSync(folder).sort(), [...kept, "state"].sort());
		}));

	test("a name may be as long as the file system has them", () =>
		inFolder(async (folder) => {
			for (const name of ["n".repeat(255), `${"é".repeat(127)}n`]) {
				await save(join(folder, name), 7);
				await save(join(folder, name), 8);
				assert.is(await load(join(folder, name)), 8);
				assert.equal(readdirSync(folder).includes(name), true);
			}
			assert.is(readdirSync(folder).length, 2);
			const error = await rejected(save(join(folder, "n".repeat(256)), 7));
			assert.instance(error, AdjointError);
			assert.match(String(error), "ENAMETOOLONG");
		}));

	test("what cannot be saved says so in the name of what was called", () =>
		inFolder(async (folder) => {
			const path = join(folder, "state");
			const error = await rejected(save(path, { a: Symbol("s") }));
			assert.match(String(error), `FormatError: save: ${path}: expected tensors`);
		}));

	test("what cannot be written is one of our errors, with the function and the path, and leaves nothing", () =>
		inFolder(async (folder) => {
			const file = join(folder, "file");
			writeFileSync(file, "kept");
			symlinkSync("loop", join(folder, "loop"));
			const closed = join(folder, "closed");
			mkdirSync(closed);
			chmodSync(closed, 0o555);
			chmodSync(folder, 0o755);
			const cases: [path: string, why: string][] = [
				[join(folder, "missing/state"), "ENOENT"],
				[join(file, "state"), "ENOTDIR"],
				[join(folder, "loop"), "ELOOP"],
				[folder, "something else than a file"],
				[join(closed, "state"), "EACCES"],
			];
			for (const [path, why] of cases) {
				const error = await asNobody(() => rejected(writeNpy(path, tensor(1))));
				assert.instance(error, AdjointError);
				assert.match(String(error), `writeNpy: ${path} cannot be written: `);
				assert.match(String(error), why);
			}
			assert.equal(readdirSync(closed), []);
			assert.is(readFileSync(file, "utf8"), "kept");
			assert.equal(readdirSync(folder), ["closed", "file", "loop"]);
		}));

	test("a damaged file is named, whatever is in its path", () =>
		inFolder(async (folder) => {
			const path = join(folder, "a$&b.npy");
			writeFileSync(path, "");
			assert.match(String(await rejected(readNpy(path))), `readNpy: ${path}: `);
		}));

	test("the stack of an error begins with its message, however often it was named anew", () =>
		inFolder(async (folder) => {
			const path = join(folder, "state");
			writeFileSync(path, "");
			const { message, stack } = (await rejected(load(path))) as Error;
			assert.match(message, `load: ${path}: `);
			assert.ok(stack?.startsWith(`FormatError: ${message}\n`), stack);
		}));

	test("what cannot be read is one of our errors, with the reason", () =>
		inFolder(async (folder) => {
			const none = join(folder, "none");
			for (const read of [readNpy, readNpz, readSafetensors, load]) {
				for (const [path, code] of [
					[none, "ENOENT"],
					[folder, "EISDIR"],
				] as const) {
					const error = await rejected(read(path));
					assert.instance(error, AdjointError);
					assert.match(String(error), `${read.name}: ${path} cannot be read: ${code}`);
					assert.is(((error as Error).cause as { code?: unknown }).code, code);
				}
			}
		}));
});
