import { inflateSync } from "node:zlib";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { DomainError, random, ShapeError, tensor, zeros } from "../../lib/index.ts";
import { imageGrid, lineChart, sparkline } from "../../lib/plot/index.ts";
import { encodePng } from "../../lib/plot/png.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

/** Asserts that tags are closed in order, and gives the names of all elements. */
function elementsOf(xml: string): string[] {
	const open: string[] = [];
	const all: string[] = [];
	for (const [, closing, name, , self] of xml.matchAll(/<(\/?)(\w+)((?:\s[^<>]*?)?)(\/?)>/g)) {
		if (closing === "/") assert.is(open.pop(), name);
		else if (self !== "/") open.push(name!);
		if (closing !== "/") all.push(name!);
	}
	assert.equal(open, []);
	return all;
}

const count = (names: readonly string[], name: string) => names.filter((n) => n === name).length;

/** The pixels in a PNG file that `encodePng` wrote. */
function pixelsOf(png: Uint8Array): { width: number; height: number; pixels: number[] } {
	const view = new DataView(png.buffer);
	const [width, height] = [view.getUint32(16), view.getUint32(20)];
	const rows = inflateSync(png.subarray(41, 41 + view.getUint32(33)));
	const row = rows.length / height;
	return { width, height, pixels: [...rows].filter((_, i) => i % row !== 0) };
}

suite("plot", (test) => {
	test("a sparkline runs from the lowest bar to the highest, and NaN is a blank", () => {
		assert.is(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█");
		assert.is(sparkline([1, Number.NaN, 0, Number.POSITIVE_INFINITY]), "█ ▁ ");
		assert.is(sparkline([3, 3]), "▁▁");
		assert.is(sparkline([]), "");
	});

	test("a long sparkline averages neighbours to the width", () => {
		assert.is(sparkline([0, 0, 7, 7], { width: 2 }), "▁█");
		assert.is(sparkline(new Array<number>(1000).fill(1)).length, 60);
	});

	test("a chart has a path a line and a name for each, whatever the numbers", () => {
		const series = fc.dictionary(fc.string(), fc.array(fc.double()), { minKeys: 1, maxKeys: 4 });
		fc.assert(
			fc.property(series, fc.boolean(), (lines, logarithmic) => {
				const text = lineChart(lines, { logarithmic, title: "a <title> & more" });
				assert.is(count(elementsOf(text), "path"), Object.keys(lines).length);
				assert.not.match(text, /NaN|Infinity/);
			}),
		);
	});

	test("heights lie where the marks say", () => {
		const text = lineChart({ loss: [0, 10, 5] }, { width: 180, height: 180 });
		// From 64 to 164 across, from 116 at the bottom to 16 at the top.
		assert.match(text, 'd="M64 116h0L114 16L164 66"');
		const powers = lineChart(
			{ loss: [1, 100, 10] },
			{ width: 180, height: 180, logarithmic: true },
		);
		assert.match(powers, 'd="M64 116h0L114 16L164 66"');
		for (const tick of ["1", "10", "100"]) assert.match(powers, `>${tick}</text>`);
	});

	test("what cannot be drawn leaves a gap", () => {
		const d = (line: number[], logarithmic = false) =>
			/ d="([^"]*)"/.exec(lineChart({ line }, { logarithmic }))![1]!;
		assert.is(d([1, 2, Number.NaN, 3, 4]).match(/M/g)!.length, 2);
		assert.is(d([1, 2, 0, 3, -1, 4], true).match(/M/g)!.length, 3);
		assert.is(d([]), "");
	});

	test("no line, or no room, is refused", () => {
		refuses(() => lineChart({}), DomainError, "got 0 lines");
		refuses(() => lineChart({ a: [1] }, { width: 0 }), DomainError, "0×360");
	});

	test("a picture's pixels are read back as they were", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 300 }),
				fc.integer({ min: 1, max: 300 }),
				fc.constantFrom<1 | 3>(1, 3),
				(width, height, channels) => {
					const given = Uint8Array.from({ length: width * height * channels }, (_, i) => i * 7);
					const read = pixelsOf(encodePng(given, width, height, channels));
					assert.is(read.width, width);
					assert.ok(read.pixels.every((value, i) => value === given[i]));
				},
			),
			{ numRuns: 20 },
		);
	});

	test("a grid has a picture and a label for each image", () => {
		const images = random.uniform(random.key(0), [5, 4, 3]);
		const text = imageGrid(images, { columns: 2, labels: ["a", "b", "c", "d", "e"], title: "x" });
		const names = elementsOf(text);
		assert.is(count(names, "image"), 5);
		assert.is(count(names, "text"), 6);
		assert.is(count(elementsOf(imageGrid(zeros([2, 3, 3, 3]))), "image"), 2);
		assert.is(count(elementsOf(imageGrid(zeros([0, 3, 3]))), "image"), 0);
	});

	test("the range says what is black and what is white; beyond it values are cut off", () => {
		const pixels = (range?: [number, number]) => {
			const text = imageGrid(tensor([[[-1, 0, 0.5, 1, 9, Number.NaN]]]), range ? { range } : {});
			const data = /base64,([^"]*)"/.exec(text)![1]!;
			return pixelsOf(new Uint8Array(Buffer.from(data, "base64"))).pixels;
		};
		assert.equal(pixels([0, 1]), [0, 0, 128, 255, 255, 0]);
		assert.equal(pixels(), [0, 26, 38, 51, 255, 0]);
	});

	test("tensors of another shape are refused", () => {
		refuses(() => imageGrid(zeros([28, 28])), ShapeError, "got (28×28)");
		refuses(() => imageGrid(zeros([1, 3, 3, 2])), ShapeError, "got (1×3×3×2)");
		refuses(() => imageGrid(zeros([1, 3, 3]), { columns: 0 }), DomainError, "got 0 and 3");
	});
});
