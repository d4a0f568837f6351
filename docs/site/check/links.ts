import { posix } from "node:path";

const entities: Readonly<Record<string, string>> = {
	amp: "&",
	quot: '"',
	"#39": "'",
	lt: "<",
	gt: ">",
};
const unescaped = (text: string) =>
	text.replaceAll(/&(amp|quot|#39|lt|gt);/g, (_, name: string) => entities[name]!);

/** The values of an attribute in a page. */
const valuesOf = (html: string, attribute: string) =>
	[...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))].map(([, value]) =>
		unescaped(value!),
	);

/**
 * Links and pictures of a site's pages that lead nowhere on it, and places that are missing in the
 * page that a link leads to.
 * @param pages the text of each page, by its file
 * @param files all files of the site
 * @param base where the site begins on its host, with a slash at both ends
 */
export function brokenLinks(
	pages: ReadonlyMap<string, string>,
	files: ReadonlySet<string>,
	base: string,
): string[] {
	const ids = new Map([...pages].map(([file, html]) => [file, new Set(valuesOf(html, "id"))]));
	const fault = (from: string, link: string) => {
		const url = new URL(link, `http://site${base}${from}`);
		if (url.host !== "site") return null;
		if (!url.pathname.startsWith(base)) return "leaves the site";
		const path = decodeURIComponent(url.pathname.slice(base.length));
		const file = path === "" || path.endsWith("/") ? posix.join(path, "index.html") : path;
		const found = [file, `${file}.html`].find((each) => files.has(each));
		if (found === undefined) return "leads nowhere";
		const place = decodeURIComponent(url.hash.slice(1));
		const known = ids.get(found);
		// With a sign for "is" it is no place but what a page's program reads.
		const isPlace = place !== "" && !place.includes("=") && known !== undefined;
		return isPlace && !known.has(place) ? "has no such place" : null;
	};
	return [...pages].flatMap(([from, html]) => {
		const links = new Set([...valuesOf(html, "href"), ...valuesOf(html, "src")]);
		return [...links].flatMap((link) => {
			const wrong = fault(from, link);
			return wrong === null ? [] : [`${from}: ${link} ${wrong}`];
		});
	});
}
