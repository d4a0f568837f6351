import * as assert from "uvu/assert";
import { layOutGraph } from "../../../lib/derivation/printers/html/graph-layout.ts";
import { heatMap } from "../../../lib/derivation/printers/html/heat-map.ts";
import { variableLabel } from "../../../lib/derivation/printers/html/text.ts";
import { PAGE_WORDS } from "../../../lib/derivation/printers/html/words.ts";
import { sizedLatex, symbolsOf } from "../../../lib/derivation/text/latex.ts";
import { SizeWriter } from "../../../lib/derivation/text/size-writer.ts";
import { tensor, zeros } from "../../../lib/index.ts";
import { mathml } from "../../../lib/notation/mathml.ts";
import { suite } from "../../suite.ts";
import { derivationOf, nets } from "../nets.ts";

const VOID = new Set(["img", "meta", "path", "rect"]);

/** The first tag that is closed out of order, or null. */
function misplacedTag(html: string): string | null {
	const text = html.replace(/<(script|style)>.*?<\/\1>/gs, "");
	const open: string[] = [];
	for (const [tag, slash, name, end] of text.matchAll(/<(\/?)([a-z]\w*)[^<>]*?(\/?)>/g)) {
		if (end === "/" || VOID.has(name!)) continue;
		if (slash === "") open.push(name!);
		else if (open.pop() !== name) return tag;
	}
	return open[0] ?? null;
}

suite("derivation/printers/html", (test) => {
	test("screen readers hear what is shown: no label stands where none may, or differs from a link's words", () => {
		const html = derivationOf(nets.twoLayers!).print("html");
		assert.match(html, /aria-label/);
		assert.not.match(html, /<(a|p|span|div(?! class="[^"]*" role="))\b[^>]*\saria-label/);
	});

	for (const [name, net] of Object.entries(nets)) {
		const derivation = derivationOf(net);
		test(`${name}: the page is well-formed and contains every line, in both languages`, () => {
			const symbols = symbolsOf(derivation);
			for (const lang of ["en", "zh"] as const) {
				const html = derivation.print("html", { lang });
				assert.is(misplacedTag(html), null);
				const sizes = new SizeWriter(derivation.sizes);
				for (const line of [...derivation.forward, ...derivation.backward]) {
					const { variable } = line;
					const formula = `${symbols(variable)} = ${sizedLatex(line, symbols, sizes)}`;
					assert.ok(html.includes(mathml(formula, "display")), variable);
					assert.ok(html.includes(`id="line-${variable}"`), variable);
				}
			}
		});

		test(`${name}: no two nodes of the graph overlap`, () => {
			const { nodes, side } = layOutGraph(derivation);
			const places = new Set(nodes.map(({ x, y }) => `${x} ${y}`));
			assert.is(places.size, nodes.length);
			assert.ok(nodes.every(({ x }) => x > 0 && x < side));
		});
	}

	const html = derivationOf(nets.twoLayers!).print("html");

	test("it needs nothing from elsewhere", () => {
		assert.not.match(html, /\b(?:src|srcset)="(?!data:)|@import|url\((?!#)|https?:/);
		const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!);
		assert.ok(links.length > 0);
		for (const href of links) {
			assert.ok(href.startsWith("#"), href);
			assert.ok(html.includes(`id="${href.slice(1)}"`), href);
		}
	});

	test("its script is JavaScript, and an id stands once", () => {
		new Function(/<script>(.*)<\/script>/s.exec(html)![1]!);
		const ids = [...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
		assert.is(new Set(ids).size, ids.length);
	});

	test("values stand as pictures beside the lines: a pixel for an element, NaN and infinities too", () => {
		const x = tensor([
			[-4, 0, 4, Number.NaN],
			[2, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
		]);
		const [, width, height, data] =
			/width="(\d+)" height="(\d+)" src="data:image\/bmp;base64,([^"]*)"/.exec(
				heatMap(x, PAGE_WORDS.en),
			)!;
		assert.equal([width, height], ["36", "18"]);
		const bytes = Buffer.from(data!, "base64");
		assert.is(bytes.toString("latin1", 0, 2), "BM");
		assert.is(bytes.length, bytes.readUInt32LE(2));
		const pixels = bytes.subarray(bytes.readUInt32LE(10)).toString("hex");
		// 0 is at 7 of 14; 15 is NaN. A row is filled up to 4 bytes.
		assert.is(pixels, "07ef0000b4e00000");
	});

	test("of a large tensor the first rows and columns are drawn, and a number has no picture", () => {
		const part = heatMap(zeros([40, 2, 100]), PAGE_WORDS.en);
		assert.match(part, "the first 16 rows and 32 columns");
		assert.is(heatMap(tensor(3), PAGE_WORDS.en), "");
	});

	test("backward lines that stand beside one forward line run upwards, as all do", () => {
		for (const net of Object.values(nets)) {
			const page = derivationOf(net).print("html");
			const steps = [...page.matchAll(/data-step="(\d+)"/g)].map(([, step]) => Number(step));
			const beside = page
				.split('class="beside"')
				.map((part) => [...part.matchAll(/data-step="(\d+)"/g)].map(([, step]) => Number(step)));
			for (const group of beside)
				assert.equal(
					group,
					group.toSorted((a, b) => b - a),
				);
			assert.is(new Set(steps).size, steps.length);
		}
	});

	test("names in the graph are those of the cards: Greek letters by their sign, long names cut", () => {
		assert.match(variableLabel("mu"), ">μ<");
		assert.match(variableLabel("gamma_2"), '>γ</tspan><tspan class="index" dy="4">2<');
		const text = variableLabel("attention_query_b").replace(/<[^>]*>/g, "");
		assert.is(text, "atten…query,b");
	});

	test("names of axes are escaped", () => {
		const { f, args } = nets.sharedWeights!;
		const page = derivationOf({ f, args, axes: { x: ["<b>&", "M"] } }).print("html");
		assert.not.match(page, /<b>/);
		assert.is(misplacedTag(page), null);
	});
});
