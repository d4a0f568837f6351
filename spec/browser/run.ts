// Trains in a browser what Node trains, and compares the losses, which have to be the same to the
// last bit, and looks at pages of derivations: `npm run browser`. The browser is Chromium, by the
// path in the environment's CHROMIUM, or the `chromium` that is installed.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import * as assert from "uvu/assert";
import { lookAtPages } from "./derivation-page.ts";
import { type Answer, isWaiting, train } from "./program.ts";

interface Page {
	readonly name: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Whether it may compile WebAssembly. */
	readonly compiles: boolean;
	/** Why no second thread took part, in the end; null if one did. */
	readonly note: string | null;
}

/** What gives a page shared memory: it is isolated from other origins. */
const isolated = {
	"cross-origin-opener-policy": "same-origin",
	"cross-origin-embedder-policy": "require-corp",
};

const pages: readonly Page[] = [
	{
		name: "a page",
		headers: {},
		compiles: true,
		note: "one thread: no shared memory here; pages get it by the headers Cross-Origin-Opener-Policy",
	},
	{ name: "an isolated page", headers: isolated, compiles: true, note: null },
	{
		name: "an isolated page under a policy that forbids workers",
		headers: { ...isolated, "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'" },
		compiles: true,
		note: "one thread: a Content-Security-Policy has to allow worker-src blob:",
	},
	{
		name: "an isolated page under a policy that allows these workers and little else",
		headers: {
			...isolated,
			"content-security-policy":
				"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:",
		},
		compiles: true,
		note: null,
	},
	{
		name: "an isolated page that has to trust a worker's address",
		headers: { ...isolated, "content-security-policy": "require-trusted-types-for 'script'" },
		compiles: true,
		note: "one thread: ",
	},
	{
		name: "a page under a policy that forbids WebAssembly and generated code",
		headers: { "content-security-policy": "script-src 'self'" },
		compiles: false,
		note: "the interpreter runs the program: no WebAssembly with SIMD here",
	},
];

const chromium = process.env.CHROMIUM ?? "chromium";
const flags = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	// Containers have little of it.
	"--disable-dev-shm-usage",
	"--no-first-run",
	"--js-flags=--expose-gc",
];
const LIMIT = 120_000;

/**
 * The built library with the program, as a user's bundler would make it: without this project's
 * paths.
 */
async function bundle(file: string): Promise<Uint8Array> {
	const { outputFiles } = await build({
		entryPoints: [join(import.meta.dirname, file)],
		bundle: true,
		write: false,
		format: "esm",
		tsconfigRaw: {},
	});
	return outputFiles[0]!.contents;
}

const PAGE = '<script type="module" src="/page.js"></script>';

/** What the script sends back when Chromium shows it in a page with these headers. */
async function answerOf(
	script: Uint8Array,
	headers: Page["headers"],
	html = PAGE,
): Promise<string> {
	const profile = mkdtempSync(join(tmpdir(), "adjoint-browser-"));
	const { promise, resolve, reject } = withResolvers<string>();
	const server = createServer(async (request, response) => {
		if (request.method === "POST") resolve(await text(request));
		const isScript = request.url === "/page.js";
		const type = isScript ? "text/javascript" : "text/html";
		response.writeHead(200, { ...headers, "content-type": type });
		response.end(isScript ? script : html);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as AddressInfo;
	const browser = spawn(
		chromium,
		[...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`],
		{
			stdio: "ignore",
			// With a process group of its own, which its helpers join.
			detached: true,
		},
	);
	browser.on("error", reject);
	browser.on("exit", (code) => reject(new Error(`the browser ended by itself with ${code}`)));
	const timer = setTimeout(() => reject(new Error("the page did not answer")), LIMIT);
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
		await end(browser);
		server.close();
		server.closeAllConnections();
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	}
}

/**
 * Ends the browser and its helpers, which may outlive it and write into its profile until they are
 * gone. Those that nobody collects stay in the list of processes, dead: they are not waited for.
 */
async function end({ pid }: ChildProcess): Promise<void> {
	if (pid === undefined) return;
	const start = performance.now();
	try {
		while (performance.now() - start < 5000) {
			process.kill(-pid, "SIGKILL");
			await wait(20);
		}
	} catch {
		// Nobody is left.
	}
}

/** Those of the notes that say why there are not more threads. */
const aboutThreads = (notes: readonly string[]) => notes.filter((note) => /thread/.test(note));

function withResolvers<T>() {
	let resolve!: (value: T) => void;
	let reject!: (error: Error) => void;
	const promise = new Promise<T>((...both) => ([resolve, reject] = both));
	return { promise, resolve, reject };
}

try {
	console.log(execFileSync(chromium, ["--version"], { encoding: "utf8" }).trim());
} catch {
	console.log(`no browser: there is no ${chromium} here; set CHROMIUM to the path of a Chromium`);
	process.exit(1);
}
lookAtPages(chromium, flags);
const script = await bundle("page.ts");
for (const { name, headers, compiles, note } of pages) {
	const answer: Answer = JSON.parse(await answerOf(script, headers));
	if ("error" in answer) throw new Error(`${name}: ${answer.error}`);
	for (const dtype of ["float64", "float32"] as const) {
		const { losses, first, notes } = answer[dtype];
		assert.equal(losses, (await train(dtype, compiles)).losses, `${name}, ${dtype}`);
		if (note === null) {
			assert.ok(isWaiting(first), `${name}: ${first.join("; ")}`);
			assert.equal(aboutThreads(notes), [], name);
		} else {
			assert.ok(
				notes.some((each) => each.startsWith(note)),
				`${name}: ${notes.join("; ")}`,
			);
		}
	}
	const said = aboutThreads(answer.float64.notes).join("; ") || (note ?? "two threads");
	console.log(`${name}: the losses of Node (${said})`);
}
const threads = await bundle("threads.ts");
const inWorker = `<script>new Worker("/page.js", { type: "module" })</script>`;
for (const [name, html] of [
	["an isolated page", PAGE],
	["a worker of an isolated page", inWorker],
] as const) {
	const found: string[] | { error: string } = JSON.parse(await answerOf(threads, isolated, html));
	if ("error" in found) throw new Error(`${name}: ${found.error}`);
	for (const each of found) console.log(`${name}: ${each}`);
}
