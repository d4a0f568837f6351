import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { AdjointError, FormatError, Tensor, tensor } from "../../lib/index.ts";
import {
	decodeSafetensors,
	decodeState,
	encodeSafetensors,
	encodeState,
	load,
	type Saveable,
	save,
	writeSafetensors,
} from "../../lib/io/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { identical, inFolder, rejected, tensors } from "./support.ts";

/** Asserts the same structure and the same bits. */
function sameState(actual: Saveable, expected: Saveable): void {
	if (expected instanceof Tensor) {
		identical(actual as Tensor, expected);
	} else if (typeof expected === "object" && expected !== null) {
		assert.is(Array.isArray(actual), Array.isArray(expected));
		assert.equal(Object.keys(actual as object), Object.keys(expected));
		for (const [key, item] of Object.entries(expected)) {
			sameState((actual as Record<string, Saveable>)[key]!, item as Saveable);
		}
	} else {
		assert.ok(Object.is(actual, expected), `expected ${expected}, got ${actual}`);
	}
}

/** Keys without dots, so that no two tensors have the same name. */
const key = fc.string({ unit: "grapheme" }).filter((text) => !text.includes(".") && text !== "");

const states: fc.Arbitrary<Saveable> = fc.letrec<{ node: Saveable }>((tie) => ({
	node: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		tensors,
		fc.double(),
		fc.string(),
		fc.boolean(),
		fc.constantFrom(null, undefined),
		fc.array(tie("node"), { maxLength: 3 }),
		fc.dictionary(key, tie("node"), { maxKeys: 3, noNullPrototype: true }),
	),
})).node;

suite("io/state", (test) => {
	test("reading what was written gives the same structure and the same bits", () => {
		const some = states.filter((state) => state !== undefined);
		fc.assert(fc.property(some, (state) => sameState(decodeState(encodeState(state)), state)));
	});

	test("tensors are named by their paths, for other libraries to read", () => {
		const state = { params: { layers: [{ w: tensor([1]) }, { w: tensor([2]) }] }, step: 3 };
		const { tensors } = decodeSafetensors(encodeState(state));
		assert.equal(Object.keys(tensors), ["params.layers.0.w", "params.layers.1.w"]);
	});

	test("numbers that JSON lacks are kept", () => {
		const state = { best: Number.POSITIVE_INFINITY, last: Number.NaN, zero: -0 };
		sameState(decodeState(encodeState(state)), state);
	});

	test("any key is loaded again, and the prototype stays what it is", () => {
		const state = JSON.parse('{"__proto__":{"__proto__":0},"constructor":1}');
		Object.defineProperty(state, "__proto__", { value: tensor([1, 2]), enumerable: true });
		const loaded = decodeState(encodeState(state)) as Record<string, Saveable>;
		assert.equal(Object.keys(loaded), ["__proto__", "constructor"]);
		identical(Object.getOwnPropertyDescriptor(loaded, "__proto__")!.value, tensor([1, 2]));
		assert.is(Object.getPrototypeOf(loaded), Object.prototype);
	});

	test("what contains itself is refused, as is what is too deep", () => {
		const cyclic: Record<string, unknown> = { w: tensor(1) };
		cyclic.self = [cyclic];
		refuses(() => encodeState(cyclic), FormatError, "more at self.0.self.0");
		let deep: unknown = tensor(1);
		for (let i = 0; i < 1000; i++) deep = [deep];
		assert.ok(decodeState(encodeState(deep)));
		refuses(() => encodeState([deep]), FormatError, "at most 1000 deep");
	});

	test("what cannot be saved is refused by its path", () => {
		const cases: [state: unknown, why: string][] = [
			[{ a: [new Date(0)] }, "got a Date at a.0"],
			[{ f: () => 1 }, "at f"],
			[undefined, "got undefined at the top"],
			// biome-ignore lint/suspicious/noSparseArray: that is what is refused
			[{ a: [, 1] }, "got a gap at a.0"],
			[{ "a.b": tensor(1), a: { b: tensor(2) } }, "two tensors are called a.b"],
		];
		for (const [state, why] of cases) {
			refuses(() => encodeState(state), FormatError, why);
		}
	});

	test("a file without a structure, or with a damaged one, is refused", () => {
		const x = { x: tensor(1) };
		refuses(() => decodeState(encodeSafetensors(x)), FormatError, "read it with");
		for (const text of ["", "7", "null", "{}", '{"tensor":"y"}', '{"value":{}}', '{"object":{}}']) {
			const bytes = encodeSafetensors(x, { adjoint: text });
			refuses(() => decodeState(bytes), FormatError, "structure that was saved is damaged");
		}
	});

	test("a state that was saved is loaded, and a save that fails leaves the old file", () =>
		inFolder(async (folder) => {
			const path = join(folder, "state.safetensors");
			const state = { params: { w: tensor([[1, 2]]) }, step: 7 };
			await save(path, state);
			sameState(await load(path), state);
			const before = readFileSync(path);
			const refused = await rejected(save(path, { bad: Symbol("bad") }));
			assert.match(String(refused), "got Symbol(bad) at bad");
			assert.equal(readFileSync(path), before);
			await writeSafetensors(path, { w: tensor(1) });
			const error = await rejected(load(path));
			assert.instance(error, AdjointError);
			assert.match(String(error), `load: ${path}: the file holds tensors`);
		}));
});
