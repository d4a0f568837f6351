// Writes the golden files of the gallery and its pages in docs/. Read the diff.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goldenFile, goldens, goldenText, LANGS } from "./goldens.ts";
import { families, gallery } from "./index.ts";
import { familyPage, indexPage, pageFile } from "./pages.ts";
import { derivationOf } from "./runs.ts";

const root = join(import.meta.dirname, "../../..");
for (const folder of [goldens, join(root, "docs/gallery")]) {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
}

const derivations = new Map(gallery.map((entry) => [entry.name, derivationOf(entry)]));
for (const lang of LANGS) {
	for (const entry of gallery) {
		const text = goldenText(derivations.get(entry.name)!, lang);
		writeFileSync(join(goldens, goldenFile(entry, lang)), text);
	}
	for (const family of families) {
		writeFileSync(join(root, pageFile(family, lang)), familyPage(family, derivations, lang));
	}
	writeFileSync(join(root, pageFile(null, lang)), indexPage(derivations, lang));
}
