import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { HEADINGS } from "../../../lib/derivation/text/headings.ts";
import type { Tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";
import { command, hasNumPy } from "../python.ts";
import { runPrinted } from "../run-printed.ts";
import { fixedShapes, longer } from "./exceptions.ts";
import { goldenFile, goldens, goldenText, LANGS } from "./goldens.ts";
import { families, gallery } from "./index.ts";
import { familyPage, indexPage, pageFile } from "./pages.ts";
import { checkNumPy, derivationOf, distance, runsOf, variableOf } from "./runs.ts";

const derived = gallery.map((entry) => {
	const derivation = derivationOf(entry);
	return { entry, derivation, runs: runsOf(entry, derivation) };
});
const derivations = new Map(derived.map(({ entry, derivation }) => [entry.name, derivation]));

const root = join(import.meta.dirname, "../../..");
const written = "npx tsx spec/derivation/gallery/write.ts brings it up to date";

suite("derivation/gallery", (test) => {
	test("the gallery has sixty functions or more, each under a name of its own", () => {
		assert.ok(gallery.length >= 60);
		assert.is(new Set(gallery.map(({ name }) => name)).size, gallery.length);
		assert.is(gallery.filter(({ source, why }) => !source || !why.en || !why.zh).length, 0);
	});

	test("a gradient takes at most one line more than the textbook, for nine functions in ten", () => {
		const found = derived
			.filter(({ entry, derivation }) => derivation.backward.length > entry.lines)
			.map(({ entry }) => entry.name);
		assert.equal(found.sort(), Object.keys(longer).sort(), "those listed in exceptions.ts");
		assert.ok(found.length <= gallery.length / 10, `${found.length} of ${gallery.length}`);
	});

	test("what is printed holds for any size where axes are named, or says that it does not", () => {
		const marked = derived
			.filter(({ derivation }) => derivation.print("numpy").includes(HEADINGS.en.only))
			.map(({ entry }) => entry.name);
		assert.equal(marked.sort(), Object.keys(fixedShapes).sort(), "those listed in exceptions.ts");
		for (const { name, sizes } of gallery) assert.ok(sizes.length > 1 || name in fixedShapes, name);
	});

	test("the printed programs in NumPy are those of the golden files", () => {
		for (const lang of LANGS) {
			for (const { entry, derivation } of derived) {
				const file = goldenFile(entry, lang);
				const text = readFileSync(join(goldens, file), "utf8");
				assert.is(goldenText(derivation, lang), text, `${file}: ${written}`);
			}
		}
		assert.is(readdirSync(goldens).length, LANGS.length * gallery.length);
	});

	test("the pages in docs/ say what is printed", () => {
		for (const lang of LANGS) {
			const pages = families.map((family): [string, string] => [
				pageFile(family, lang),
				familyPage(family, derivations, lang),
			]);
			for (const [file, text] of [...pages, [pageFile(null, lang), indexPage(derivations, lang)]]) {
				assert.is(readFileSync(join(root, file!), "utf8"), text, `${file}: ${written}`);
			}
		}
		const files = readdirSync(join(root, "docs/gallery"));
		assert.is(files.length, LANGS.length * families.length);
	});

	test("the printed programs in TypeScript give the value and the gradients, at all sizes", () => {
		for (const { entry, derivation, runs } of derived) {
			const program = derivation.print("ts");
			for (const { sizes, given, engine } of runs) {
				const found = runPrinted(program, new Map(given)) as Record<string, Tensor>;
				for (const [name, expected] of engine) {
					const off = distance(found[variableOf(derivation, name)]!, expected);
					assert.ok(
						off < 1e-11,
						`${entry.name} at ${JSON.stringify(sizes)}: ${name} is ${off} off`,
					);
				}
			}
		}
	});

	if (hasNumPy()) {
		test("printed programs and textbook's lines in NumPy give the value and the gradients, at all sizes", () => {
			assert.equal(checkNumPy(command, derived), []);
		});
	} else console.log("derivation/gallery: NumPy is not run, there is no Python with NumPy");

	test("a wrong number, a wrong shape and NaN are no equals", () => {
		const one = { shape: [2], data: [1, 2] };
		assert.is(distance(one, one), 0);
		assert.is(distance({ ...one, data: [1, 3] }, one), 0.5);
		for (const wrong of [
			{ ...one, shape: [1, 2] },
			{ ...one, data: [1, Number.NaN] },
		]) {
			assert.is(distance(wrong, one), Number.POSITIVE_INFINITY);
		}
	});
});
