import type { Derived } from "./model.ts";
import { printNumPy } from "./numpy.ts";
import type { PrintOptions } from "./print-options.ts";

/** Every form in which a derivation prints, by name. */
export const forms = {
	numpy: printNumPy,
} satisfies Record<string, (derived: Derived, options: PrintOptions) => string>;

/** The name of a form. */
export type Form = keyof typeof forms;
