import { join } from "node:path";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { AdjointError, DTypeError, FormatError, tensor, zeros } from "../../lib/index.ts";
import {
	decodeSafetensors,
	encodeSafetensors,
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
	return Uint8Array.from([...length, ...text, ...new Array<number>(elements).fill(0)]);
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

	test("float16 becomes float32, integers become int32, and those that do not fit are refused", () => {
		const { tensors } = decodeSafetensors(bytesOf(SAFETENSORS.others));
		identical(tensors.h!, tensor([1.5, -2, 65504], { dtype: "float32" }));
		identical(tensors.l!, tensor([1, -2], { dtype: "int32" }));
		identical(tensors.u!, tensor([255], { dtype: "int32" }));
		const brain = file({ x: entry([1], [0, 2], "BF16") }, 2);
		brain.set([0xc0, 0xbf], brain.length - 2);
		identical(decodeSafetensors(brain).tensors.x!, tensor([-1.5], { dtype: "float32" }));
		const wide = file({ x: entry([1], [0, 4], "U32") }, 4).fill(255, -4);
		refuses(() => decodeSafetensors(wide), DTypeError, '"x": 4294967295 does not fit into int32');
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
			[file({ x: null }), 'got undefined for "x"'],
			[file({ x: entry([1], [0, 4], "toString") }, 4), 'got "toString" for "x"'],
			[file({ x: entry([1], [0, 4], 7) }, 4), 'got 7 for "x"'],
			[file({ x: entry([-1], [0, 4]) }, 4), 'the shape of "x" is [-1]'],
			[file({ x: entry([1.5], [0, 4]) }, 4), 'the shape of "x" is [1.5]'],
			[file({ x: entry("1", [0, 4]) }, 4), 'the shape of "x" is "1"'],
			[file({ x: entry([1], [0]) }, 4), 'the offsets of "x" are [0]'],
			[file({ x: entry([1], [0, 4, 8]) }, 4), 'the offsets of "x"'],
			[file({ x: entry([1], [4, 0]) }, 4), '"x" has -4 bytes'],
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

	test("a file that was written is read back", () =>
		inFolder(async (folder) => {
			const path = join(folder, "x.safetensors");
			await writeSafetensors(path, { "a.b": tensor([1, 2]) }, { epoch: "3" });
			const { tensors, metadata } = await readSafetensors(path);
			identical(tensors["a.b"]!, tensor([1, 2]));
			assert.equal(metadata, { epoch: "3" });
		}));
});
