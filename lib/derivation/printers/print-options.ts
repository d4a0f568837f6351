import * as kind from "../../core/argument-kinds.ts";
import type { OptionKinds } from "../../core/options.ts";
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

/** What they may be. */
export const PRINT_OPTIONS: OptionKinds<PrintOptions> = {
	lang: ["en", "zh"],
	lines: kind.structure,
};
