// Shows a script in a browser and waits for what it sends back.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { type BuildOptions, build } from "esbuild";
import { chromium } from "./chromium.ts";

/** A program that shows pages. */
export interface Browser {
	/** Its name, or the path to it. */
	readonly program: string;
	/** The variable of the environment that says where it is. */
	readonly variable: string;
	/** What it is started with, to show an address and keep what it keeps in the folder `profile`. */
	startedWith(profile: string, address: string): readonly string[];
}

const LIMIT = 120_000;

/**
 * A script as a user's bundler would make it: without this project's paths, so `adjoint` is the
 * built library; with a `tsconfig` its own.
 */
export async function bundle(file: string, options: BuildOptions = {}): Promise<Uint8Array> {
	const { outputFiles } = await build({
		entryPoints: [file],
		bundle: true,
		write: false,
		format: "esm",
		...(options.tsconfig === undefined && { tsconfigRaw: {} }),
		...options,
	});
	return outputFiles![0]!.contents;
}

/** A page that runs the script. */
export const PAGE = '<script type="module" src="/page.js"></script>';

/** A page that falls silent: where it was, and not why. */
export class SilentPage extends Error {}

/** How a page is shown. */
export interface Shown {
	readonly headers?: Readonly<Record<string, string>>;
	readonly html?: string;
	/** Left out: Chromium. */
	readonly browser?: Browser;
	/** Milliseconds to wait for the answer, or for the next word on the way to it. */
	readonly limit?: number;
}

/**
 * What the script posts to `/` when a browser shows it in a page with these headers. What it posts
 * to `/progress` before says how far it is.
 * @throws SilentPage with the last word, where none comes for `limit` milliseconds
 */
export async function answerOf(
	script: Uint8Array,
	{ headers = {}, html = PAGE, browser = chromium, limit = LIMIT }: Shown = {},
): Promise<string> {
	const profile = mkdtempSync(join(tmpdir(), "adjoint-browser-"));
	const { promise, resolve, reject } = withResolvers<string>();
	const server = createServer(async (request, response) => {
		if (request.method === "POST") {
			const said = await text(request);
			if (request.url === "/progress") hear(said);
			else resolve(said);
		}
		const isScript = request.url === "/page.js";
		const type = isScript ? "text/javascript" : "text/html";
		response.writeHead(200, { ...headers, "content-type": type });
		response.end(isScript ? script : html);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as AddressInfo;
	const started = spawn(
		browser.program,
		browser.startedWith(profile, `http://127.0.0.1:${port}/`),
		{
			stdio: "ignore",
			// What the browser writes beside its profile belongs there, too.
			env: { ...process.env, HOME: profile, XDG_RUNTIME_DIR: profile },
			// With a process group of its own, which its helpers join.
			detached: true,
		},
	);
	started.on("error", reject);
	started.on("exit", (code) => reject(new Error(`the browser ended by itself with ${code}`)));
	let last = "nothing";
	const fallSilent = () =>
		reject(new SilentPage(`the page did not answer; its last word was: ${last}`));
	const timer = setTimeout(fallSilent, limit);
	const hear = (said: string) => {
		last = said;
		timer.refresh();
	};
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
		await end(started);
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

function withResolvers<T>() {
	let resolve!: (value: T) => void;
	let reject!: (error: Error) => void;
	const promise = new Promise<T>((...both) => ([resolve, reject] = both));
	return { promise, resolve, reject };
}

/** Says which browser it is; without one, the process ends. */
export function sayVersion({ program, variable }: Browser): void {
	try {
		console.log(execFileSync(program, ["--version"], { encoding: "utf8" }).trim());
	} catch {
		console.log(`no browser: there is no ${program} here; set ${variable} to the path of one`);
		process.exit(1);
	}
}
