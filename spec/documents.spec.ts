import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import {
	claimOf,
	documents,
	fences,
	ofTranslations,
	outputsOf,
	printsAsShown,
	programs,
} from "./documents.ts";
import { suite } from "./suite.ts";

const root = join(import.meta.dirname, "..");

/** A document without its code, where `f[1](x)` is no link. */
const withoutCode = (text: string) => text.replaceAll(/^```.*?^```$|`[^`\n]*`/gms, "");

suite("documents", (test) => {
	const all = programs();

	// Those run in documents-in-chinese.long.spec.ts.
	const translated = new Set(ofTranslations(all));
	for (const program of all.filter((each) => !translated.has(each))) {
		test(claimOf(program), () => printsAsShown(program));
	}

	test("a program that stands in a page and in its translation runs once", () => {
		const first = (document: string) => all.find((program) => program.document === document)!;
		const [page, translation] = ["README.md", "README.zh.md"].map(first);
		assert.is(outputsOf(page!.file), outputsOf(translation!.file));
	});

	test("blocks are found with their language and line", () => {
		const found = fences("a\n```ts continued\nx\n```\n\n```text\ny\nz\n```\n");
		assert.equal(found, [
			{ language: "ts", info: "continued", body: "x\n", line: 3, end: 23 },
			{ language: "text", info: "", body: "y\nz\n", line: 7, end: 40 },
		]);
		assert.ok(all.some(({ document }) => document === "README.md"));
	});

	test("docs/coming-from-pytorch-or-jax.md runs the expressions of its tables of tensors and of derivatives", () => {
		const text = readFileSync(join(root, "docs/coming-from-pytorch-or-jax.md"), "utf8");
		for (const title of ["Tensors", "Derivatives"]) {
			const section = text.split(`## ${title}\n`)[1]!.split("\n## ")[0]!;
			const program = fences(section).find(({ language }) => language === "ts")!.body;
			const cells = [...section.matchAll(/^\|.*\|([^|]*)\|$/gm)].map(([, last]) => last!);
			const expressions = cells.flatMap((cell) =>
				[...cell.matchAll(/`([^`]*)`/g)].map(([, e]) => e!),
			);
			assert.ok(expressions.length > 15);
			assert.equal(
				expressions.filter((e) => e.includes("(") && !program.includes(e)),
				[],
			);
		}
	});

	test("README.md and docs/performance.md state the same sizes", () => {
		const sizesIn = (document: string, start: string) => {
			const stated = readFileSync(join(root, document), "utf8").split(start)[1]!.split("\n\n")[0]!;
			return [...stated.matchAll(/(\d+) kB/g)].map(([, size]) => Number(size)).sort();
		};
		const sizes = sizesIn("README.md", "\nMinified and gzipped");
		assert.is(sizes.length, 5);
		assert.equal(sizesIn("docs/performance.md", "Size, minified and gzipped"), sizes);
	});

	test("links between the documents lead somewhere", () => {
		for (const document of documents()) {
			const text = withoutCode(readFileSync(join(root, document), "utf8"));
			for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
				const path = join(root, dirname(document), target!);
				assert.ok(existsSync(path), `${document}: ${target} does not exist`);
			}
		}
	});
});
