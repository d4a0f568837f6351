import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesIn } from "../offline/write.ts";
import { brokenLinks } from "./links.ts";
import { foreignResources } from "./origins.ts";

/**
 * Looks at what was built.
 * @throws Error with every link that leads nowhere, and everything that another host would be
 * asked for when a page is open
 */
export function check(dist: string, base: string): void {
	const files = filesIn(dist);
	const textOf = (file: string) => readFileSync(join(dist, file), "utf8");
	const pages = new Map(
		files.filter((file) => file.endsWith(".html")).map((file) => [file, textOf(file)]),
	);
	const texts = files.filter((file) => /\.(html|css|svg)$/.test(file));
	const wrong = [
		...brokenLinks(pages, new Set(files), base),
		...texts.flatMap((file) =>
			foreignResources(textOf(file)).map((url) => `${file} fetches ${url}`),
		),
	];
	if (wrong.length > 0) throw new Error(`the site has faults:\n${wrong.join("\n")}`);
	console.log(`${pages.size} pages: every link leads somewhere, and nothing comes from elsewhere`);
}
