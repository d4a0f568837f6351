import type { Derived } from "./draft/model.ts";
import { printHtml } from "./printers/html/page.ts";
import { printLatex } from "./printers/latex.ts";
import { printMarkdown } from "./printers/markdown.ts";
import { printNumPy } from "./printers/numpy.ts";
import { printPlain } from "./printers/plain.ts";
import type { PrintOptions } from "./printers/print-options.ts";
import { printTypeScript } from "./printers/typescript.ts";

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
