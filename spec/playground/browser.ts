import { createRequire } from "node:module";
import type * as playwright from "playwright-core";
import { SWIFTSHADER } from "../browser/chromium.ts";
import { serve } from "../browser/static-server.ts";
import { built } from "./built.ts";

export type { Frame, Page } from "playwright-core";

const require = createRequire(new URL("../../docs/site/playground/package.json", import.meta.url));
const { chromium } = require("playwright-core") as typeof playwright;
/** The text of axe, which looks for what a screen reader or a keyboard stumbles over. */
export const axePath = require.resolve("axe-core/axe.min.js");

/** How a page is opened. */
export interface Opened {
	/** What follows `#` in the address. */
	readonly fragment?: string;
	readonly context?: playwright.BrowserContextOptions;
	/** Switches of the browser; left out: it is without a GPU. */
	readonly flags?: readonly string[];
}

const { address: url, close } = await serve(built);
const NO_GPU = ["--disable-gpu"];
/** Switches for a browser in which software computes what a GPU would. */
export const GPU = ["--enable-unsafe-webgpu", SWIFTSHADER];

const browsers = new Map<string, Promise<playwright.Browser>>();

function browserWith(flags: readonly string[]): Promise<playwright.Browser> {
	const key = flags.join(" ");
	const known = browsers.get(key);
	if (known !== undefined) return known;
	const browser = chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-dev-shm-usage", ...flags],
	});
	browsers.set(key, browser);
	return browser;
}

/** The address of the page. */
export const address = url;

/**
 * Shows the playground in a browser of its own cookies and storage, and closes it after `use`.
 * What the page says to the console as an error fails, as what it asks of another origin does.
 */
export async function withPage(
	{ fragment = "", context = {}, flags = NO_GPU }: Opened,
	use: (page: playwright.Page) => Promise<void>,
): Promise<void> {
	const browser = await browserWith(flags);
	const given = { locale: "en-US", viewport: { width: 1400, height: 1000 }, ...context };
	const opened = await browser.newContext(given);
	const page = await opened.newPage();
	const wrong: string[] = [];
	const foreign: playwright.Request[] = [];
	page.on("pageerror", (error) => wrong.push(String(error)));
	page.on("console", (message) => {
		if (message.type() === "error") wrong.push(message.text());
	});
	page.on("request", (request) => {
		const asked = request.url();
		if (!asked.startsWith(url) && !/^(blob|data|about):/.test(asked)) foreign.push(request);
	});
	try {
		await page.goto(url + fragment);
		await use(page);
		for (const request of foreign) {
			// One that a policy refused never left.
			const error = request.failure()?.errorText ?? "answered";
			if (!/csp/i.test(error)) wrong.push(`asks ${request.url()}: ${error}`);
		}
		if (wrong.length > 0) throw new Error(wrong.join("\n"));
	} finally {
		await opened.close();
	}
}

/** The frame in which the derivation is shown. */
export async function derivationOf(page: playwright.Page): Promise<playwright.Frame> {
	const handle = await page.waitForSelector("#view iframe");
	const frame = await handle.contentFrame();
	if (frame === null) throw new Error("the derivation has no frame");
	return frame;
}

/** Puts a text into the editor as a person would who pastes it. */
export async function write(page: playwright.Page, text: string): Promise<void> {
	await page.click(".cm-content");
	await page.keyboard.press("Control+A");
	await page.keyboard.insertText(text);
}

/** Opens an example by the list. */
export async function openExample(page: playwright.Page, id: string): Promise<void> {
	await page.click("#examples");
	await page.click(`#example-${id}`);
}

/** The workers of the page that have a device. */
export function gpuWorkers(page: playwright.Page): string[] {
	return page
		.workers()
		.map((worker) => worker.url())
		.filter((address) => address.endsWith("gpu.js"));
}

/** The text in the editor. */
export async function written(page: playwright.Page): Promise<string> {
	return (await page.locator(".cm-line").allTextContents()).join("\n");
}

/** Ends the browsers and the server. */
export async function end(): Promise<void> {
	for (const browser of browsers.values()) await (await browser).close();
	close();
}
