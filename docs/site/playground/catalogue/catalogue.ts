import { families } from "../../../../spec/derivation/gallery/index.ts";
import type { ExampleGroup } from "../src/page/examples.ts";
import { galleryProgram } from "./gallery.ts";
import { own } from "./own.ts";
import { scripts } from "./scripts.ts";

/** All that the page offers to open, in the order in which it lists them. */
export function catalogue(): readonly ExampleGroup[] {
	const gallery = families.map((family) => ({
		title: family.title,
		examples: family.entries.map((entry) => ({
			id: entry.name,
			title: entry.title,
			program: galleryProgram(family, entry),
		})),
	}));
	return [own, ...gallery, scripts()];
}
