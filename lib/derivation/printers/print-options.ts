import type { Lang } from "../text/headings.ts";

/** How a derivation is printed. */
export interface PrintOptions {
	/** The language of comments and explanations; left out: English. */
	readonly lang?: Lang;
	/**
	 * In Markdown, the lines of these variables alone, without what stands around them; left out:
	 * everything.
	 */
	readonly lines?: readonly string[];
}
