// Writes into the documents what their programs print now: for an author who has changed a program. Read the diff.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fences, outputsOf, programs } from "./documents.ts";

const root = join(import.meta.dirname, "..");

// From the last part to the first, so that lines before a change keep their numbers.
for (const { document, parts, file } of programs().reverse()) {
	const path = join(root, document);
	const outputs = await outputsOf(file);
	for (const [i, { line }] of [...parts.entries()].reverse()) {
		const text = readFileSync(path, "utf8");
		const all = fences(text);
		const next = all[all.findIndex((fence) => fence.line === line) + 1];
		if (next?.language !== "text") continue;
		const lines = text.split("\n");
		const count = next.body.split("\n").length - 1;
		lines.splice(next.line - 1, count, ...outputs[i]!.trimEnd().split("\n"));
		writeFileSync(path, lines.join("\n"));
	}
}
