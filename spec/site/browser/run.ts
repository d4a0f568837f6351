// Opens the built site in Chromium: `npm run site`, then `npm run site:test`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as assert from "uvu/assert";
import { sections } from "../../../docs/site/pages/contents.ts";
import type { ReferencePage } from "../../../docs/site/reference/pages.ts";
import { suite } from "../../suite.ts";
import { barriers, browser, DESK, dist, open, PHONE, site, visit } from "./visit.ts";

const reference: ReferencePage[] = JSON.parse(
	readFileSync(join(dist, "../.pages/reference.json"), "utf8"),
);
const documents = sections.flatMap(({ entries }) => entries.map(({ page }) => page));
/** Every page of the navigation, in English. */
const pages = [
	"",
	...documents,
	"gallery/nets",
	"derivations/two-layer-net",
	"reference/",
	...reference.map(({ page }) => `reference/${page}`),
].map((page) => (page === "" || page.endsWith("/") ? page : `${page}.html`));
const inChinese = pages.map((page) => `zh/${page}`);
/** Those with texts of their own, and one of the reference. */
const texts = pages.filter((page) => !/^reference\/./.test(page) || page.includes("compile"));
/** A page of each kind, for what takes long. */
const kinds = [
	"",
	"tutorial.html",
	"rules.html",
	"derivation.html",
	"gallery/nets.html",
	"derivations/two-layer-net.html",
	"reference/",
	"reference/compile.html",
];

/** Kilobytes, gzipped, that the first page may take with all that it loads. */
const FIRST_LOAD = 150;

suite("site", (test) => {
	for (const [name, list] of Object.entries({ English: pages, Chinese: inChinese })) {
		test(`every page of the navigation opens without a fault, wide and narrow, in ${name}`, async () => {
			const { context, page, faults } = await visit();
			const sideways: string[] = [];
			for (const address of list) {
				await open(page, address);
				for (const viewport of [PHONE, DESK]) {
					await page.setViewportSize(viewport);
					const width = await page.evaluate(() => document.documentElement.scrollWidth);
					if (width > viewport.width) sideways.push(`${address}: ${width} px`);
				}
			}
			assert.equal(faults, []);
			assert.equal(sideways, []);
			await context.close();
		});
	}

	for (const colorScheme of ["light", "dark"] as const) {
		test(`axe finds nothing serious, ${colorScheme}`, async () => {
			const { context, page } = await visit({ colorScheme });
			const found: string[] = [];
			const list = colorScheme === "light" ? [...texts, ...inChinese.slice(0, 3)] : kinds;
			for (const address of list) {
				await open(page, address);
				found.push(...(await barriers(page)));
			}
			assert.equal(found, []);
			await context.close();
		});
	}

	test("one switch leads from a page to the same page in the other language", async () => {
		const { context, page } = await visit();
		for (const address of ["tutorial.html", "models.html", "reference/compile.html"]) {
			await open(page, address);
			await page.getByRole("button", { name: "Change language" }).click();
			await page.getByRole("link", { name: "中文", exact: true }).first().click();
			await page.waitForURL(`${site.address}zh/${address}`);
			// The address changes before the page does.
			await page.waitForFunction(() => document.documentElement.lang === "zh-CN");
			await page.getByRole("button", { name: "切换语言" }).click();
			await page.getByRole("link", { name: "English", exact: true }).first().click();
			await page.waitForURL(site.address + address);
		}
		await context.close();
	});

	test("a search finds pages in both languages, by words and by parts of Chinese sentences", async () => {
		const { context, page } = await visit();
		for (const [from, words, to] of [
			["", "two-layer net", "gallery/nets.html#two-layer-net"],
			["", "valueAndGrad", "reference/adjoint/transforms.html#valueAndGrad"],
			["zh/", "为什么会有转置", "zh/derivation.html"],
			["zh/", "隐函数定理", "zh/transforms.html"],
		] as const) {
			await open(page, from);
			await page.locator("#local-search button").click();
			await page.locator("#localsearch-input").fill(words);
			await page.waitForFunction((start) => {
				const links = document.querySelectorAll<HTMLAnchorElement>("#localsearch-list a");
				return [...links].some(({ href }) => href.startsWith(start));
			}, site.address + to);
		}
		await context.close();
	});

	test(`the first page takes at most ${FIRST_LOAD} kB`, async () => {
		const { context, page } = await visit();
		const loaded = new Map<string, number>();
		page.on("response", async (response) => {
			const body = response.body().then((bytes) => gzipSync(bytes).length);
			loaded.set(response.url(), await body);
		});
		await open(page, "");
		await page.waitForLoadState("networkidle");
		const total = [...loaded.values()].reduce((a, b) => a + b, 0) / 1000;
		console.log(`\nthe first page takes ${total.toFixed(0)} kB in ${loaded.size} files, gzipped`);
		assert.ok(loaded.size > 3 && total <= FIRST_LOAD, [...loaded].join("\n"));
		await context.close();
	});

	test("by keyboard: the first stop leads to the text, and a key opens the search", async () => {
		const { context, page } = await visit();
		await open(page, "tutorial.html");
		await page.keyboard.press("Tab");
		assert.is(
			await page.evaluate(() => document.activeElement!.getAttribute("href")),
			"#VPContent",
		);
		await page.keyboard.press("/");
		await page.locator("#localsearch-input").waitFor();
		await context.close();
	});

	test("on paper there is the text, all of it, and nothing around it", async () => {
		const { context, page } = await visit({ viewport: { width: 720, height: 1000 } });
		await open(page, "gallery/nets.html");
		await page.emulateMedia({ media: "print" });
		for (const around of [".VPNav", ".VPLocalNav", ".VPSidebar", ".VPDocFooter"]) {
			assert.is(await page.locator(around).first().isVisible(), false, around);
		}
		const cut = await page.evaluate(() =>
			[...document.querySelectorAll(".vp-doc pre, .formula")]
				.filter((part) => part.scrollWidth > part.clientWidth + 1)
				.map((part) => part.textContent!.slice(0, 60)),
		);
		assert.equal(cut, []);
		await context.close();
	});

	test("once opened, the site works without a network", async () => {
		const { context, page } = await visit({ keeps: true });
		await open(page, "");
		await page.evaluate(async () => {
			const { active, installing, waiting } = await navigator.serviceWorker.ready;
			if (active === null) throw new Error(`${installing} ${waiting}`);
		});
		site.close();
		for (const [address, title] of [
			["zh/tutorial.html", "教程"],
			["reference/compile.html", "adjoint/compile"],
			["derivation", "How a gradient comes about"],
		] as const) {
			await open(page, address);
			assert.match((await page.locator("h1").first().textContent()) ?? "", title);
		}
		await context.close();
		await browser.close();
	});
});
