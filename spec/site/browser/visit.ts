import { join } from "node:path";
import {
	axe,
	type Browser,
	type BrowserContext,
	chromium,
	type Page,
} from "../../../docs/site/browser.ts";
import { serve } from "../../browser/static-server.ts";

/** Where the site is built to. */
export const dist = join(import.meta.dirname, "../../../docs/site/dist");

/** Where it begins on its host: as it was built. */
const base = process.env.SITE_BASE ?? "/";

export const site = await serve(dist, base);

/** Chromium, by the path in the environment's CHROMIUM, or where Debian has it. */
export const browser: Browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	// Containers have little shared memory, and run as root.
	args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

/** Pages that are looked at, and what went wrong in them. */
export interface Visit {
	readonly context: BrowserContext;
	readonly page: Page;
	/** Errors on the console, failed requests, and requests to other hosts. */
	readonly faults: string[];
}

/** Opens a tab of its own; without workers, unless the site's service worker is what is tried. */
export async function visit(
	options: { colorScheme?: "light" | "dark"; viewport?: typeof DESK; keeps?: boolean } = {},
): Promise<Visit> {
	const { colorScheme = "light", viewport = DESK, keeps = false } = options;
	const serviceWorkers = keeps ? "allow" : "block";
	const context = await browser.newContext({ colorScheme, viewport, serviceWorkers });
	const page = await context.newPage();
	const faults: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error") faults.push(`${page.url()}: ${message.text()}`);
	});
	page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
	context.on("request", (request) => {
		const url = request.url();
		const isOwn = url.startsWith(site.address) || /^(data|blob):/.test(url);
		if (!isOwn) faults.push(`${page.url()} asks for ${url}`);
	});
	return { context, page, faults };
}

/** Opens a page of the site and waits until it is alive. */
export async function open(page: Page, address: string): Promise<void> {
	await page.goto(site.address + address);
	// The site's program marks where one is when it has taken over the page.
	await page.waitForFunction(() => {
		const app = document.querySelector("#app") as (Element & { __vue_app__?: object }) | null;
		return app === null || app.__vue_app__ !== undefined;
	});
}

/** What keeps people out of the page that is open, as far as a program can tell. */
export async function barriers(page: Page): Promise<string[]> {
	await page.evaluate(axe);
	return page.evaluate(async () => {
		interface Found {
			id: string;
			impact: string;
			nodes: { target: string[]; failureSummary: string }[];
		}
		const { axe } = globalThis as unknown as {
			axe: { run(options: object): Promise<{ violations: Found[] }> };
		};
		const { violations } = await axe.run({ resultTypes: ["violations"] });
		return violations
			.filter(({ impact }) => impact === "serious" || impact === "critical")
			.map(({ id, nodes }) => {
				const [first] = nodes;
				return `${location.pathname}: ${id}, ${nodes.length} times: ${first!.target}: ${first!.failureSummary}`;
			});
	});
}
