import * as assert from "uvu/assert";
import { layOutGraph } from "../../../lib/derivation/printers/html/graph-layout.ts";
import { sizedLatex, symbolsOf } from "../../../lib/derivation/text/latex.ts";
import { SizeWriter } from "../../../lib/derivation/text/size-writer.ts";
import { mathml } from "../../../lib/notation/mathml.ts";
import { suite } from "../../suite.ts";
import { derivationOf, nets } from "../nets.ts";

const VOID = new Set(["meta", "path", "rect"]);

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
		assert.not.match(html, /\b(?:src|srcset)=|@import|url\((?!#)|https?:/);
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

	test("names of axes are escaped", () => {
		const { f, args } = nets.sharedWeights!;
		const page = derivationOf({ f, args, axes: { x: ["<b>&", "M"] } }).print("html");
		assert.not.match(page, /<b>/);
		assert.is(misplacedTag(page), null);
	});
});
