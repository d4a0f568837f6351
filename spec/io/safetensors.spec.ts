import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import {
	AdjointError,
	DomainError,
	DTypeError,
	FormatError,
	tensor,
	zeros,
} from "../../lib/index.ts";
import {
	decodeSafetensors,
	encodeSafetensors,
	type ReadOptions,
	readSafetensors,
	writeSafetensors,
} from "../../lib/io/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { SAFETENSORS } from "./archives.ts";
import { bytesOf, identical, inFolder, tensors } from "./support.ts";

/** A file with this header and so many bytes of elements. */
function file(header: unknown, elements = 0): Uint8Array {
	const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(text.length));
	return new Uint8Array(Buffer.concat([length, text, Buffer.alloc(elements)]));
}

const entry = (shape: unknown, offsets: unknown, dtype: unknown = "F32") => ({
	dtype,
	shape,
	data_offsets: offsets,
});

suite("io/safetensors", (test) => {
	test("a file of the reference implementation is read, with its metadata", () => {
		const { tensors, metadata } = decodeSafetensors(bytesOf(SAFETENSORS.ours));
		assert.equal(metadata, { "made by": "safetensors" });
		const w = [
			[1.5, -2],
			[Number.NaN, -0],
		];
		identical(tensors.w!, tensor(w, { dtype: "float32" }));
		identical(tensors.d!, tensor(2.5));
		identical(tensors.i!, tensor([7, -8], { dtype: "int32" }));
		identical(tensors.flag!, tensor([true, false, true]));
		identical(tensors.empty!, zeros([2, 0]));
		assert.is(Object.keys(tensors).length, 5);
	});

	test("what is written is byte for byte what the reference implementation writes", () => {
		const { tensors, metadata } = decodeSafetensors(bytesOf(SAFETENSORS.ours));
		const written = encodeSafetensors(tensors, metadata);
		assert.is(Buffer.from(written).toString("base64"), SAFETENSORS.ours);
	});

	test("float16 becomes float32, integers become int32, or float64 where they do not fit", () => {
		const { tensors } = decodeSafetensors(bytesOf(SAFETENSORS.others));
		identical(tensors.h!, tensor([1.5, -2, 65504], { dtype: "float32" }));
		identical(tensors.l!, tensor([1, -2], { dtype: "int32" }));
		identical(tensors.u!, tensor([255], { dtype: "int32" }));
		const brain = file({ x: entry([1], [0, 2], "BF16") }, 2);
		brain.set([0xc0, 0xbf], brain.length - 2);
		identical(decodeSafetensors(brain).tensors.x!, tensor([-1.5], { dtype: "float32" }));
		const wide = file({ x: entry([1], [0, 4], "U32") }, 4).fill(255, -4);
		identical(decodeSafetensors(wide).tensors.x!, tensor([2 ** 32 - 1]));
		const wider = file({ x: entry([1], [0, 8], "U64") }, 8).fill(255, -8);
		const text = '"x": neither int32 nor float64 holds 18446744073709551615 exactly';
		refuses(() => decodeSafetensors(wider), DTypeError, text);
	});

	test("floats of 8 bits become float32", () => {
		const bytes = file(
			{
				a: entry([6], [0, 6], "F8_E4M3"),
				b: entry([7], [6, 13], "F8_E5M2"),
			},
			13,
		);
		bytes.set([0x01, 0x38, 0x7e, 0xfe, 0x7f, 0x80], bytes.length - 13);
		bytes.set([0x01, 0x3c, 0x7b, 0xfb, 0x7c, 0xfc, 0x7e], bytes.length - 7);
		const { a, b } = decodeSafetensors(bytes).tensors;
		identical(a!, tensor([2 ** -9, 1, 448, -448, Number.NaN, -0], { dtype: "float32" }));
		const [most, inf] = [57344, Number.POSITIVE_INFINITY];
		const expected = [2 ** -16, 1, most, -most, inf, -inf, Number.NaN];
		identical(b!, tensor(expected, { dtype: "float32" }));
	});

	test("floats are written as float16 or bfloat16, all others as they are", () => {
		const given = {
			i: tensor([7], { dtype: "int32" }),
			w: tensor([0.1, -1e-8], { dtype: "float32" }),
			b: tensor([0.1]),
			flag: tensor([true]),
		};
		for (const [floats, code, tenth] of [
			["float16", "F16", 0.0999755859375],
			["bfloat16", "BF16", 0.10009765625],
		] as const) {
			const bytes = encodeSafetensors(given, {}, { floats });
			const { i, w, b, flag } = decodeSafetensors(bytes).tensors;
			assert.is(new TextDecoder().decode(bytes).split(`"${code}"`).length, 3);
			assert.is(bytes.length % 8, (4 + 6 + 1) % 8);
			identical(i!, given.i);
			identical(flag!, given.flag);
			identical(b!, tensor([tenth], { dtype: "float32" }));
			assert.is(w!.data[0], tenth);
		}
		const large = { w: tensor([1e39]) };
		const why = 'encodeSafetensors: "w": 1e+39 does not fit into bfloat16, whose largest number';
		refuses(() => encodeSafetensors(large, {}, { floats: "bfloat16" }), DTypeError, why);
		const wrong = { floats: "float8" } as unknown as { floats: "float16" };
		refuses(
			() => encodeSafetensors(large, {}, wrong),
			DTypeError,
			'float16 or bfloat16, got "float8"',
		);
	});

	test("one tensor that cannot be read does not keep one from the others", () => {
		const bytes = file(
			{
				__metadata__: { about: "x" },
				w: entry([1], [0, 4]),
				scale: entry([4], [4, 6], "F4"),
				step: entry([1], [6, 14], "U64"),
				b: entry([1], [14, 15], "BOOL"),
			},
			15,
		).fill(255, -9, -1);
		refuses(() => decodeSafetensors(bytes), DTypeError, '"scale": expected a dtype of F64');
		refuses(() => decodeSafetensors(bytes), DTypeError, "the option onUnreadable leaves it out");
		const seen: string[] = [];
		const { tensors, metadata } = decodeSafetensors(bytes, {
			onUnreadable: (name, error) => seen.push(`${name}, ${error.message}`),
		});
		assert.equal([Object.keys(tensors), metadata], [["w", "b"], { about: "x" }]);
		assert.is(seen.length, 2);
		assert.match(seen[0]!, 'scale, decodeSafetensors: "scale": expected a dtype of F64');
		assert.match(seen[0]!, 'got "F4"');
		assert.match(seen[1]!, 'step, decodeSafetensors: "step": neither int32 nor float64 holds');
		assert.equal(Object.keys(decodeSafetensors(bytes, { names: ["b"] }).tensors), ["b"]);
		const text = 'no tensor is called "v"; there are "w", "scale", "step", "b"';
		refuses(() => decodeSafetensors(bytes, { names: ["v"] }), FormatError, text);
		const wrong = { onUnreadable: true } as unknown as ReadOptions;
		refuses(() => decodeSafetensors(bytes, wrong), DomainError, "onUnreadable to be a function");
		const one = { names: "w" } as unknown as ReadOptions;
		refuses(() => decodeSafetensors(bytes, one), DomainError, "names to be an array");
	});

	test("names and metadata that are no text are refused when they are written", () => {
		const x = { x: tensor(1) };
		for (const text of ["\uD800", "a\uDC00b"]) {
			refuses(() => encodeSafetensors({ [text]: tensor(1) }), FormatError, "valid Unicode");
			refuses(() => encodeSafetensors(x, { a: text }), FormatError, "valid Unicode");
			refuses(() => encodeSafetensors(x, { [text]: "a" }), FormatError, "valid Unicode");
		}
		const name = "😀".repeat(20_000);
		const { tensors } = decodeSafetensors(encodeSafetensors({ [name]: tensor(1) }));
		assert.equal(Object.keys(tensors), [name]);
		const long = { x: "x".repeat(100_000_000) };
		refuses(() => encodeSafetensors({}, long), FormatError, "metadata of at most 100000000 bytes");
	});

	test("a header of brackets only is refused before memory is full of them", () => {
		const hostile: [text: string, why: string][] = [
			["[".repeat(1e7), "more than 3 brackets are open"],
			[`{"x":${"[".repeat(1e7)}`, "more than 3 brackets are open"],
			[`{"x":[${"[],".repeat(3e6)}[]]}`, "too many brackets"],
		];
		for (const [text, why] of hostile) {
			const before = process.memoryUsage().rss;
			refuses(() => decodeSafetensors(file(text)), FormatError, why);
			assert.ok(process.memoryUsage().rss - before < 300e6);
		}
	});

	test("reading what was written gives the same tensors, bit for bit", () => {
		const named = fc.dictionary(fc.string({ unit: "grapheme" }), tensors, { maxKeys: 5 });
		const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 });
		fc.assert(
			fc.property(named, metadata, (given, about) => {
				const read = decodeSafetensors(encodeSafetensors(given, about));
				assert.equal({ ...read.metadata }, { ...about });
				assert.equal(Object.keys(read.tensors).sort(), Object.keys(given).sort());
				for (const [name, x] of Object.entries(given)) identical(read.tensors[name]!, x);
			}),
		);
	});

	test("hostile headers are refused", () => {
		const huge = new Uint8Array(16);
		huge.fill(255, 0, 8);
		const hostile: [bytes: Uint8Array, why: string][] = [
			[new Uint8Array(7), "cut off before its header"],
			[huge, "got one of 18446744073709551615 bytes"],
			[file("{"), "it is no JSON"],
			[file("\u{1f600}".slice(0, 1)), "it is no JSON"],
			[file([]), "it is no JSON object"],
			[file("null"), "it is no JSON object"],
			[file({ __metadata__: { a: 1 } }), "something else than strings"],
			[file({ __metadata__: [] }), "something else than strings"],
			[file({ x: null }), 'the dtype of "x" is undefined'],
			[file({ x: entry([1], [0, 4], 7) }, 4), 'the dtype of "x" is 7'],
			[file({ x: entry([-1], [0, 4]) }, 4), 'the shape of "x" is [-1]'],
			[file({ x: entry([1.5], [0, 4]) }, 4), 'the shape of "x" is [1.5]'],
			[file('{"x":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}'), 'the shape of "x" is [0]'],
			[file({ x: entry("1", [0, 4]) }, 4), 'the shape of "x" is "1"'],
			[file({ x: entry([1], [0]) }, 4), 'the offsets of "x" are [0]'],
			[file({ x: entry([1], [0, 4, 8]) }, 4), 'the offsets of "x"'],
			[file({ x: entry([1], [4, 0]) }, 4), '"x" ends before it begins'],
			[file({ x: entry([2], [0, 4]) }, 4), '"x" has 4 bytes, its shape and dtype take 8'],
			[file({ x: entry([2 ** 40, 2 ** 40], [0, 4]) }, 4), "its shape and dtype take"],
			[file({ x: entry([1], [0, 4]) }), "its tensors take 4 bytes, the file has 0"],
			[file({ x: entry([1], [0, 4]) }, 5), "1 bytes at the end belong to no tensor"],
			[file({ x: entry([1], [4, 8]) }, 8), '4 bytes before "x" belong to no tensor'],
			[file({ x: entry([2], [0, 8]), y: entry([1], [4, 8]) }, 8), '"y" overlaps another tensor'],
			[
				file(
					'{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
					8,
				),
				'4 bytes before "x" belong to no tensor',
			],
		];
		for (const [bytes, why] of hostile) refuses(() => decodeSafetensors(bytes), FormatError, why);
	});

	test("a name like __proto__ is a name like any other", () => {
		const given = Object.fromEntries([["__proto__", tensor([1])]]);
		const { tensors } = decodeSafetensors(encodeSafetensors(given));
		assert.equal(Object.keys(tensors), ["__proto__"]);
		assert.is(Object.getPrototypeOf(tensors), Object.prototype);
	});

	test("a file cut off anywhere is refused", () => {
		const whole = bytesOf(SAFETENSORS.ours);
		for (let length = 0; length < whole.length; length++) {
			refuses(() => decodeSafetensors(whole.subarray(0, length)), FormatError, "decodeSafetensors");
		}
	});

	test("any byte may be wrong: the file is read or refused, never anything else", () => {
		const whole = bytesOf(SAFETENSORS.ours);
		fc.assert(
			fc.property(fc.nat(whole.length - 1), fc.nat(255), (i, byte) => {
				const damaged = whole.slice();
				damaged[i] = byte;
				try {
					decodeSafetensors(damaged);
				} catch (error) {
					assert.instance(error, AdjointError);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test("the name that the format keeps for itself is refused", () => {
		refuses(() => encodeSafetensors({ __metadata__: tensor(1) }), FormatError, "__metadata__");
	});

	test("a tensor that cannot be read is reported with its file", () =>
		inFolder(async (folder) => {
			const path = join(folder, "x.safetensors");
			writeFileSync(path, file({ x: entry([2], [0, 1], "F4") }, 1));
			const seen: string[] = [];
			const onUnreadable = (_: string, error: AdjointError) => {
				seen.push(error.message);
			};
			assert.equal(Object.keys((await readSafetensors(path, { onUnreadable })).tensors), []);
			assert.match(seen[0]!, `readSafetensors: ${path}: "x": expected a dtype of F64`);
		}));

	test("a file that was written is read back", () =>
		inFolder(async (folder) => {
			const path = join(folder, "x.safetensors");
			await writeSafetensors(path, { "a.b": tensor([1, 2]) }, { epoch: "3" });
			const { tensors, metadata } = await readSafetensors(path);
			identical(tensors["a.b"]!, tensor([1, 2]));
			assert.equal(metadata, { epoch: "3" });
		}));
});
