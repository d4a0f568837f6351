import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { structureKey } from "../../lib/program/structure-key.ts";
import { suite } from "../suite.ts";

/** What is no data, each thing with a number of its own. */
function identities() {
	const ids = new Map<unknown, number>();
	return (x: unknown): string => {
		if (!ids.has(x)) ids.set(x, ids.size);
		return `#${ids.get(x)}`;
	};
}

/** An array without some of its elements. */
function sparse(values: readonly unknown[], missing: readonly number[]): unknown[] {
	const out = [...values];
	for (const i of missing) delete out[i];
	return out;
}

class Secret {
	readonly #value: number;
	constructor(value: number) {
		this.#value = value;
	}
	get value(): number {
		return this.#value;
	}
}

class Items extends Array<unknown> {}

/** Values of which no two are the same. */
const distinct = (): unknown[] => [
	...[null, undefined, true, false, 0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 0n, 1n],
	...["", "0", "-0", "1", "1n", "NaN", "Infinity", "null", "undefined", "true", "#0", "[]", "{}"],
	...['"', '"a":1', "a,b", "\\ud800", "\\\\ud800", "[1,]", '{"number":"-0"}', '{"a":1,}'],
	...[[], [undefined], [null], [[]], [{}], sparse([1], [0]), sparse([1, 1], [0]), [1], ["1"], [1n]],
	...[[1, 2], ["1,2"], [[1], 2], [1, [2]], sparse([1, 2, 3], [1]), [1, undefined, 3], "1,,3"],
	...[{}, { a: undefined }, { a: 1 }, { a: "1" }, { "a:1,b": 1 }, { a: 1, b: 1 }, { number: "-0" }],
	...[JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}'), { "": 1 }, { a: { b: 1 } }],
	...[
		{ [Symbol.iterator]: 1 },
		{ [Symbol("a")]: 1 },
		{ [Symbol("a")]: 1 },
		Symbol("a"),
		Symbol("a"),
	],
	...[() => 1, () => 1, new Map([[1, 10]]), new Map([[1, 20]]), new Set([1]), new Set([2])],
	...[new Secret(1), new Secret(2), new Date(1), new Date(2), /a/, /b/, Object(1), Object("1")],
	...[
		new Float64Array([1]),
		new Float64Array([2]),
		new ArrayBuffer(1),
		new WeakMap(),
		Items.from([1]),
	],
	...[
		Object.assign([1], { more: 1 }),
		Object.assign([1], { more: 2 }),
		Object.assign([1], { "-1": 3 }),
	],
];

suite("program/structure-key", (test) => {
	test("no two of the values that JSON, or a careless text, takes for one have the same key", () => {
		const values = distinct();
		const other = identities();
		for (const wrap of [(x: unknown) => x, (x: unknown) => [x], (x: unknown) => ({ a: [x, x] })]) {
			const keys = new Set(values.map((x) => structureKey(wrap(x), other)));
			assert.is(keys.size, values.length);
		}
	});

	test("a copy of data has the key of the data, and another value another one", () => {
		const data = fc.anything({
			key: fc.oneof(fc.string(), fc.constant("__proto__")),
			withBigInt: true,
			withNullPrototype: true,
			withSparseArray: true,
		});
		const key = (x: unknown) => structureKey(x, identities());
		fc.assert(fc.property(data, (x) => assert.is(key(structuredClone(x)), key(x))));
		fc.assert(
			fc.property(data, data, (x, y) => {
				if (key(x) === key(y)) assert.equal(structuredClone(x), structuredClone(y));
			}),
		);
	});

	test("what contains itself has a key, its own", () => {
		const other = identities();
		const [a, b]: [Record<string, unknown>, unknown[]] = [{}, []];
		a.again = [a];
		b.push([b]);
		assert.is(structureKey(a, other), structureKey(a, other));
		assert.is.not(structureKey(a, other), structureKey({ again: [{ again: [] }] }, other));
		assert.is.not(structureKey(b, other), structureKey([[[]]], other));
		const twice = { x: 1 };
		assert.is(structureKey([twice, twice], other), structureKey([{ x: 1 }, { x: 1 }], other));
	});

	test("what is no data is asked for with the path to it", () => {
		const paths: string[] = [];
		const value = { a: [1, [new Map()], () => 1], b: { c: Symbol("c") }, d: new Set() };
		structureKey(value, (_, path) => {
			paths.push(path.join("."));
			return "#";
		});
		assert.equal(paths, ["a.1.0", "a.2", "b.c", "d"]);
	});
});
