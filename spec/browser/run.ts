// Trains in a browser what Node trains, and compares the losses, which have to be the same to the
// last bit, and looks at pages of derivations: `npm run browser`. The browser is Chromium, by the
// path in the environment's CHROMIUM, or the `chromium` that is installed.
import { join } from "node:path";
import * as assert from "uvu/assert";
import { chromium, flags } from "./chromium.ts";
import { lookAtPages } from "./derivation-page.ts";
import { type Answer, isWaiting, train } from "./program.ts";
import { answerOf, bundle, PAGE, sayVersion } from "./show.ts";

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

/** Those of the notes that say why there are not more threads. */
const aboutThreads = (notes: readonly string[]) => notes.filter((note) => /thread/.test(note));

sayVersion(chromium);
lookAtPages(chromium.program, flags);
const script = await bundle(join(import.meta.dirname, "page.ts"));
for (const { name, headers, compiles, note } of pages) {
	const answer: Answer = JSON.parse(await answerOf(script, { headers }));
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
const threads = await bundle(join(import.meta.dirname, "threads.ts"));
const inWorker = `<script>new Worker("/page.js", { type: "module" })</script>`;
for (const [name, html] of [
	["an isolated page", PAGE],
	["a worker of an isolated page", inWorker],
] as const) {
	const found: string[] | { error: string } = JSON.parse(
		await answerOf(threads, { headers: isolated, html }),
	);
	if ("error" in found) throw new Error(`${name}: ${found.error}`);
	for (const each of found) console.log(`${name}: ${each}`);
}
