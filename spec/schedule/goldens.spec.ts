import * as assert from "uvu/assert";
import { fences } from "../documents.ts";
import { text } from "../imports.ts";
import { suite } from "../suite.ts";
import { goldens, kept } from "./goldens.ts";

const now = goldens();
const before = kept();

suite("schedule/goldens", (test) => {
	for (const [file, schedule] of now) {
		test(`the schedule in ${file} is as it was kept`, () => {
			assert.fixture(schedule, before.get(file) ?? "");
		});
	}

	test("no other file is kept", () => {
		assert.equal([...before.keys()].toSorted(), [...now.keys()].toSorted());
	});

	test("docs/compile.md shows one as it is", () => {
		const shown = fences(text("docs/compile.md")).map(({ body }) => body);
		assert.ok(shown.includes(now.get("layer.txt")!));
	});

	test("every kind of kernel is among them", () => {
		const all = [...now.values()].join("");
		const kinds = new Set([...all.matchAll(/^ {2}k\d+.*?: (\w+)/gm)].map(([, kind]) => kind));
		assert.equal([...kinds].toSorted(), [
			"choice",
			"convolution",
			"evaluation",
			"indexed",
			"loop",
			"product",
			"reduction",
			"repeat",
			"scan",
			"scatter",
			"while",
		]);
	});
});
