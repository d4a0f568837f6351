import { printHtml } from "./html/page.ts";
import { printLatex } from "./latex.ts";
import { printMarkdown } from "./markdown.ts";
import type { Derived } from "./model.ts";
import { printNumPy } from "./numpy.ts";
import { printPlain } from "./plain.ts";
import type { PrintOptions } from "./print-options.ts";
import { printTypeScript } from "./typescript.ts";

/** Every form in which a derivation prints, by name. */
export const forms = {
	numpy: printNumPy,
	ts: printTypeScript,
	plain: printPlain,
	latex: printLatex,
	markdown: printMarkdown,
	html: printHtml,
} satisfies Record<string, (derived: Derived, options: PrintOptions) => string>;

/** The name of a form. */
export type Form = keyof typeof forms;
