const LIBRARY = new URL("..", import.meta.url).href;

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
 * has none.
 */
export function siteIn(stack: string): string | null {
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
