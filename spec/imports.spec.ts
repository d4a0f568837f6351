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

	test("rooms form no circle, types included", () => {
		// A family of ops that has a folder is of the room of ops: what passes all on stands there.
		const circleRoom = (file: string) => roomOf(file).replace(/^ops\/.*/, "ops");
		const rooms = [...new Set(library.map(circleRoom))];
		const next = (room: string) =>
			library
				.filter((file) => circleRoom(file) === room)
				.flatMap((file) => imported.get(file)!.map((one) => circleRoom(one.file)))
				.filter((other) => other !== room);
		const found = circles(rooms, next).map((all) => all.join(" "));
		assert.equal(found, []);
	});

	test("nothing above the backends knows an instruction set, and no backend another one", () => {
		const isBelow = (file: string, folder: string) => file.startsWith(`lib/${folder}/`);
		const rules: readonly { of: string; mustNot: (file: string) => boolean }[] = [
			{
				of: "compile",
				mustNot: (file) =>
					isBelow(file, "asm") ||
					(/^lib\/backends\/.*\//.test(file) && !/^lib\/backends\/\w+\/backend\.ts$/.test(file)),
			},
			{ of: "schedule", mustNot: (file) => isBelow(file, "backends") || isBelow(file, "asm") },
			{
				of: "backends/javascript",
				mustNot: (file) => isBelow(file, "asm") || isBelow(file, "backends/wasm"),
			},
			{ of: "backends/wasm", mustNot: (file) => isBelow(file, "backends/javascript") },
		];
		for (const { of, mustNot } of rules) {
			const files = library.filter((file) => isBelow(file, of));
			const found = files.flatMap((file) =>
				imported.get(file)!.flatMap((one) => (mustNot(one.file) ? [`${file}: ${one.file}`] : [])),
			);
			assert.ok(files.length > 0, of);
			assert.equal(found, []);
		}
		const shared = ["backend.ts", "explanation.ts"].map((file) => `lib/backends/${file}`);
		for (const file of shared) {
			const others = imported
				.get(file)!
				.filter((one) => /^lib\/(asm|backends\/.*\/)/.test(one.file));
			assert.equal(others, [], file);
		}
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
