import * as assert from "uvu/assert";
import { circles, imports, roomOf, sources } from "./imports.ts";
import { suite } from "./suite.ts";

const library = sources("lib");
const within = new Set(library);
const imported = new Map(
	library.map((file) => [file, imports(file).filter((one) => within.has(one.file))]),
);

/**
 * Circles of files that import each other's types. Not one may be added; what is gone has to be
 * taken off this list.
 */
const CIRCLES_OF_TYPES = [
	// The types of Tensor, Node and Op describe each other.
	"core/debug-state core/linear-map core/op core/tape core/tensor core/traits",
];

/** Circles of rooms, which are to be cut too. */
const CIRCLES_OF_ROOMS = ["kinds ops"];

suite("imports", (test) => {
	test("no file of the library imports itself in a circle", () => {
		const next = (file: string) =>
			imported.get(file)!.flatMap((one) => (one.isType ? [] : [one.file]));
		assert.equal(circles(library, next), []);
	});

	test("nor for its types, but for the circles that are known", () => {
		const found = circles(library, (file) => imported.get(file)!.map((one) => one.file));
		const names = found.map((files) => files.map((file) => file.slice(4, -3)).join(" "));
		assert.equal(names.toSorted(), CIRCLES_OF_TYPES.toSorted());
	});

	test("rooms form no circle, types included, but for those that are known", () => {
		const rooms = [...new Set(library.map(roomOf))];
		const next = (room: string) =>
			library
				.filter((file) => roomOf(file) === room)
				.flatMap((file) => imported.get(file)!.map((one) => roomOf(one.file)))
				.filter((other) => other !== room);
		const found = circles(rooms, next).map((all) => all.join(" "));
		assert.equal(found.toSorted(), CIRCLES_OF_ROOMS.toSorted());
	});

	test("the search finds circles, and follows real imports", () => {
		const made: Record<string, string[]> = { a: ["b"], b: ["c"], c: ["d", "b"], d: [] };
		assert.equal(
			circles(["a", "b", "c", "d"], (one) => made[one]!),
			[["b", "c"]],
		);
		const all = imported.get("lib/functions.ts")!;
		assert.ok(all.some(({ file, isType }) => file === "lib/ops/index.ts" && !isType));
		assert.ok(imported.get("lib/core/op.ts")!.some(({ isType }) => isType));
	});
});
