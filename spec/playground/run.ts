// Uses the built playground in Chromium as a reader would: npm run playground:test. With a word
// after it, only the claims in which the word stands.
import { access } from "./access.ts";
import { end } from "./browser.ts";
import type { Claims } from "./claims.ts";
import { derivations } from "./derivations.ts";
import { examples } from "./examples.ts";
import { hostile } from "./hostile.ts";
import { lessons } from "./lessons.ts";
import { links } from "./links.ts";
import { load } from "./load.ts";
import { offline } from "./offline.ts";
import { sentences } from "./sentences.ts";
import { theme } from "./theme.ts";
import { training } from "./training.ts";
import { types } from "./types.ts";
import { walk } from "./walk.ts";

const all: Claims = {
	...derivations,
	...examples,
	...lessons,
	...walk,
	...hostile,
	...links,
	...sentences,
	...theme,
	...training,
	...types,
	...offline,
	...access,
	...load,
};
const [word = ""] = process.argv.slice(2);
const chosen = Object.entries(all).filter(([claim]) => claim.includes(word));
const failed: string[] = [];
for (const [claim, check] of chosen) {
	try {
		await check();
		console.log(`ok    ${claim}`);
	} catch (error) {
		failed.push(claim);
		const { stack, details = "" } = error as Error & { readonly details?: string };
		console.log(`FAIL  ${claim}\n${stack}\n${details}`);
	}
}
await end();
console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
if (failed.length > 0 || chosen.length === 0) process.exitCode = 1;
