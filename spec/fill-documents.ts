// Writes into the documents what their programs print now: for an author who has changed a program.
// Read the diff.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asShown, outputsOf, programs } from "./documents.ts";

const root = join(import.meta.dirname, "..");

// From the last part to the first, so that what lies before a change keeps its place.
for (const { document, parts, file } of programs().reverse()) {
	const path = join(root, document);
	const outputs = await outputsOf(file);
	for (const [i, { prints }] of [...parts.entries()].reverse()) {
		if (prints.start === prints.end && outputs[i] === "") continue;
		const text = readFileSync(path, "utf8");
		const shown = asShown(outputs[i]!, prints);
		writeFileSync(path, text.slice(0, prints.start) + shown + text.slice(prints.end));
	}
}
