/** The library's folder; null where its code has no address, as in a script or a blob. */
const LIBRARY = URL.canParse("..", import.meta.url) ? new URL("..", import.meta.url).href : null;

/**
 * The innermost line of the call stack outside of this library, as `file:line:column`, for who asks
 * later: an engine notes the frames of an error at once, and writes them where its stack is read.
 */
export function userSite(): () => string {
	const limit = Error.stackTraceLimit;
	Error.stackTraceLimit = Number.POSITIVE_INFINITY;
	const noted = new Error();
	Error.stackTraceLimit = limit;
	return () => siteIn(noted.stack ?? "") ?? "an unknown line";
}

/**
 * The innermost line of a call stack outside of this library, as `file:line:column`; null where it
 * has none, and where the library's own lines cannot be told from others.
 */
export function siteIn(stack: string): string | null {
	if (LIBRARY === null) return null;
	for (const line of stack.split("\n").slice(1)) {
		const site = /(?:\s|\()((?:file:\/\/|\/|[A-Za-z]:\\|https?:\/\/)[^()]*:\d+:\d+)\)?$/.exec(
			line,
		)?.[1];
		if (site === undefined) continue;
		const url = site.startsWith("/") ? `file://${site}` : site;
		if (!url.startsWith(LIBRARY)) return site.replace(/^file:\/\//, "");
	}
	return null;
}
