/** What makes a browser fetch something by itself, in pages and in style sheets. */
const FETCHING = [
	/<(?:script|img|iframe|source|video|audio|embed|input|track)\b[^>]*?\s(?:src|srcset|poster)="([^"]*)"/g,
	/<link\b[^>]*?\shref="([^"]*)"/g,
	/<(?:image|use)\b[^>]*?\s(?:xlink:)?href="([^"]*)"/g,
	/@import\s+(?:url\()?["']?([^"')]+)/g,
	/url\(\s*["']?([^"')]+)/g,
];

/** What a page, a picture or a style sheet fetches from other hosts when it is opened. */
export function foreignResources(text: string): string[] {
	const fetched = FETCHING.flatMap((pattern) => [...text.matchAll(pattern)].map(([, url]) => url!));
	return fetched.filter((url) => /^\s*(?:\w+:)?\/\//.test(url));
}
