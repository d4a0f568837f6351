import * as assert from "uvu/assert";
import { catalogue } from "../../docs/site/playground/catalogue/catalogue.ts";
import { address, withPage, written } from "./browser.ts";
import type { Claims } from "./claims.ts";

const groups = catalogue();
const prints = groups.at(-1)!.examples;
const derived = groups.slice(0, -1).flatMap(({ examples }) => examples);

/** What each program that prints says in its last lines. */
const LAST_LINES: Readonly<Record<string, RegExp>> = {
	"02-linear-regression": /y = 3\.0\d·x \+ -1\.0\d\n$/,
	"03-newton": /0\.00e\+0 at \[1\. 1\.\]\n$/,
	"11-custom-op": /obeys every law\n.*logCosh.*\n/,
	"13-hyperparameters": /log penalties: /,
};

export const examples: Claims = {
	"every function of the gallery opens, has right types, and its derivation is verified": () =>
		withPage({ fragment: "#lang=en" }, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			await page.click("#types");
			const wrong: string[] = [];
			for (const { id, title } of derived) {
				await page.evaluate((id) => {
					document.querySelector("#said")!.textContent = "";
					location.hash = `#example=${id}`;
				}, id);
				await page.locator("#examples", { hasText: title.en }).waitFor();
				const verdict = page.locator("#badge-verify:not(.runs), #problem:not([hidden])");
				const said = page.locator("#said:not(:empty)");
				const texts = await Promise.all([verdict, said].map((each) => each.textContent()));
				const [verified, types] = texts;
				if (verified !== "verify: agrees") wrong.push(`${id}: ${verified}`);
				if (types !== "The types are right.") wrong.push(`${id}: ${types}`);
			}
			assert.equal(wrong, []);
			assert.ok(derived.length > 90);
		}),
	"programs of examples/ run, and what they print is there": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			assert.equal(
				prints.map(({ id }) => id),
				Object.keys(LAST_LINES),
			);
			for (const { id, title } of prints) {
				await page.evaluate((id) => {
					location.hash = `#example=${id}`;
				}, id);
				await page.locator("#examples", { hasText: title.en }).waitFor();
				await page.locator("#content pre", { hasText: LAST_LINES[id] }).waitFor();
				assert.match((await page.textContent("#content"))!, "exports no function");
				assert.is(await page.locator("#problem").isVisible(), false, id);
			}
		}),
	"the list is searched in both languages, and is loaded when it is opened": () =>
		withPage({}, async (page) => {
			await page.waitForSelector("#badge-verify.holds");
			const asked = () =>
				page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
			assert.not.ok((await asked()).includes(`${address}examples.json`));
			await page.click("#examples");
			await page.locator("#example-list [role=status]", { hasText: "found" }).waitFor();
			assert.ok((await asked()).includes(`${address}examples.json`));
			const found = page.locator("#example-list li");
			assert.is(await found.count(), derived.length + prints.length);
			await page.keyboard.type("层 归一化");
			assert.ok((await found.allTextContents()).includes("Layer normalization"));
			await page.keyboard.press("Control+A");
			await page.keyboard.type("kalman");
			assert.is(await found.count(), 1);
			await page.keyboard.press("Enter");
			await page.waitForSelector("#badge-verify.holds");
			assert.match(await written(page), /variance/);
			await page.click("#examples");
			await page.keyboard.press("Escape");
			assert.is(await page.locator("#example-list").isVisible(), false);
			assert.is(await page.evaluate(() => document.activeElement!.id), "examples");
		}),
};
