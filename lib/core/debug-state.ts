import type { Op } from "./op.ts";
import type { Data } from "./params.ts";
import type { Node } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

/** What `debug` sets while a function runs under it, and what the core consults. */
export const debugState: {
	/** Looks at each evaluation, and throws when it does not like what it sees. */
	inspect: ((op: Op, inputs: readonly Tensor[], params: Data, out: Tensor) => void) | null;
	/** The node whose derivative is being applied, if any. */
	differentiating: Node | null;
} = { inspect: null, differentiating: null };

const LIBRARY = new URL("..", import.meta.url).href;

/** The innermost line of the call stack outside of this library, as `file:line:column`. */
export function userSite(): string {
	const limit = Error.stackTraceLimit;
	Error.stackTraceLimit = Number.POSITIVE_INFINITY;
	const stack = new Error().stack ?? "";
	Error.stackTraceLimit = limit;
	return siteIn(stack) ?? "an unknown line";
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
