import { join } from "node:path";
import type { Derivation } from "../../../lib/derivation/index.ts";
import type { Entry } from "./entry.ts";

/** The languages that derivations print in. */
export const LANGS = ["en", "zh"] as const;

/** Where the golden files lie. */
export const goldens = join(import.meta.dirname, "goldens");

/** The golden file of an entry. */
export function goldenFile({ name }: Entry, lang: (typeof LANGS)[number]): string {
	return `${name}.${lang}.py`;
}

/** What it holds: the program in NumPy, helpers included. */
export function goldenText(derivation: Derivation, lang: (typeof LANGS)[number]): string {
	return derivation.print("numpy", { lang });
}
