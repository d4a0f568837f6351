import * as assert from "uvu/assert";
import { fragmentOf } from "../../docs/site/playground/src/page/link.ts";
import type { Program } from "../../docs/site/playground/src/protocol.ts";
import { GPU, gpuWorkers, openExample, type Page, withPage } from "./browser.ts";
import type { Claims } from "./claims.ts";

const LOSS = "export default function loss({ w }) { return w.square().sum(); }";
const inputs: Program["inputs"] = [
	{ name: "w", axes: "N", kind: "ones", gradient: true, value: "1" },
];

/** A link to this code. */
async function linkTo(code: string): Promise<string> {
	const program: Program = { code, inputs, sizes: { N: 2 }, seed: 0, dtype: "float64" };
	return `#${await fragmentOf({ program, lesson: "", lang: "en" })}`;
}

/** What code logs of its attempts; those that wait for something are logged as loss is called. */
async function attempts(tried: string, use: (printed: string, page: Page) => void): Promise<void> {
	const code = `${tried}\n${LOSS}`;
	await withPage({ fragment: await linkTo(code) }, async (page) => {
		await page.locator("#printed:not([hidden])").waitFor();
		use((await page.textContent("#printed"))!, page);
	});
}

/** Logs what an expression gives or throws. */
function attempt(expression: string): string {
	return `try { console.log(${JSON.stringify(expression)}, "gives", String(${expression})); } catch (e) { console.log(${JSON.stringify(expression)}, "throws", e.name); }`;
}

const FORBIDDEN = [
	"parent.document",
	"window.localStorage",
	"localStorage.length",
	"document.cookie",
	"importScripts('https://example.org/x.js')",
	"importScripts(new URL('main.js', 'http://127.0.0.1/'))",
	"new XMLHttpRequest().open('GET', 'x')",
];

export const hostile: Claims = {
	"code reaches neither the page nor its storage, and loads no script": () =>
		attempts(FORBIDDEN.map(attempt).join("\n"), (printed) => {
			for (const expression of FORBIDDEN)
				assert.ok(printed.includes(`${expression} throws`), printed);
			assert.not.match(printed, / gives /);
		}),
	"code reaches no network: fetch, sockets, events, modules and databases": async () => {
		// What the attempts came to is there when the code runs again.
		const code = `
const tried: string[] = ((globalThis as any).tried ??= []);
console.log("came to:", tried.join());
const wait = (what: string, promise: Promise<unknown>) =>
	promise.then(() => tried.push(what + " gives"), () => tried.push(what + " fails"));
const opens = (what: string, open: () => any) => wait(what, new Promise((resolve, reject) => {
	const opened = open();
	opened.onerror = reject;
	opened.onopen = opened.onsuccess = opened.onmessage = resolve;
}));
wait("fetch", fetch("http://127.0.0.1:1/x"));
const load = (from: string) => new Function("return import('" + from + "')")();
wait("data", load("data:text/javascript,export const a = 1"));
wait("module", load("https://example.org/x.js"));
opens("socket", () => new WebSocket("ws://127.0.0.1:1/"));
opens("events", () => new EventSource("http://127.0.0.1:1/"));
opens("database", () => indexedDB.open("x"));
opens("worker", () => new Worker("data:text/javascript,postMessage(1)"));
${LOSS}`;
		const refused = withPage({ fragment: await linkTo(code) }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await page.waitForTimeout(500);
			await page.click("#language");
			await page.locator("#printed", { hasText: "came to: f" }).waitFor();
			const printed = await page.textContent("#printed");
			const tried = ["fetch", "data", "module", "socket", "events", "database", "worker"];
			for (const what of tried)
				assert.ok(printed!.includes(`${what} fails`), `${what}: ${printed}`);
		});
		await onlyRefusals(refused);
	},
	"an endless loop is stopped by the button, and after the time limit": async () => {
		const code = `while (true) {}\n${LOSS}`;
		await withPage({ fragment: await linkTo(code) }, async (page) => {
			await page.locator("#stop:not([disabled])").waitFor();
			await page.waitForTimeout(300);
			await page.click("#stop");
			await page.locator("#problem", { hasText: "Stopped." }).waitFor();
			await openExample(page, "ridge");
			await page.waitForSelector("#badge-verify.holds");
		});
		await withPage({ fragment: await linkTo(code) }, async (page) => {
			await page.locator("#problem", { hasText: "took too long" }).waitFor();
		});
	},
	"code that floods the page with messages is ended": async () => {
		const code = `for (let i = 0; i < 1e5; i++) postMessage({ from: "need", module: "x" });\n${LOSS}`;
		await withPage({ fragment: await linkTo(code) }, async (page) => {
			await page.locator("#problem", { hasText: "too many messages" }).waitFor();
		});
	},
	"code has no GPU unless the reader chooses it": async () => {
		const code = `postMessage({ from: "gpu" });\n${LOSS}`;
		await withPage({ fragment: await linkTo(code), flags: GPU }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await page.click("#tab-training");
			await page.locator("#training-place").waitFor();
			assert.equal(gpuWorkers(page), []);
			await page.selectOption("#training-place", "webgpu");
			await page.click("#training-step");
			await page.locator("#training-count", { hasText: "step 1," }).waitFor();
			assert.is(gpuWorkers(page).length, 1);
		});
	},
	"a page that code makes up runs no script, and loads nothing": async () => {
		const html =
			'<p id="mine">mine</p><script>parent.postMessage("script")</script><img src="https://example.org/x.png" onerror="document.title=1"><iframe src="https://example.org/"></iframe><meta http-equiv="refresh" content="0; url=https://example.org/">';
		const code = `const own = globalThis.postMessage.bind(globalThis);
globalThis.postMessage = (message) => own(message.answer?.derived === undefined ? message
	: { ...message, answer: { derived: { ...message.answer.derived, html: ${JSON.stringify(html)} }, printed: "<img src=x onerror=alert(1)>" } });
${LOSS}`;
		const shown = withPage({ fragment: await linkTo(code) }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			// From now on what the worker says goes through the code.
			await page.click("#language");
			await page.locator("#printed", { hasText: "<img src=x onerror=alert(1)>" }).waitFor();
			await page.waitForTimeout(800);
			const frame = page.frames().find((each) => each.url().endsWith("view.html"));
			assert.is(await frame?.textContent("#mine"), "mine");
		});
		await onlyRefusals(shown);
	},
};

/** What a policy refuses, the browser tells as an error: nothing else may have gone wrong. */
async function onlyRefusals(shown: Promise<void>): Promise<void> {
	try {
		await shown;
	} catch (error) {
		const lines = (error as Error).message.split("\n");
		const isRefusal = (line: string) => /Content Security Policy/.test(line);
		if (!lines.every(isRefusal)) throw error;
	}
}
