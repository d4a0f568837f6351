import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { DTypeError, FormatError, ShapeError, tensor, zeros } from "../../lib/index.ts";
import { decodeNpy, encodeNpy, readNpy, writeNpy } from "../../lib/io/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { READABLE, REFUSED } from "./numpy-files.ts";
import { bytesOf, identical, inFolder, rejected, tensors } from "./support.ts";

/** An npy file with this header and so many bytes of elements. */
function file(header: string, elements = 0, version = 1): Uint8Array {
	const length = header.length;
	const size = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
	const head = [
		0x93,
		...Buffer.from("NUMPY"),
		version,
		0,
		...size,
		...Buffer.from(header, "latin1"),
	];
	return Uint8Array.from([...head, ...new Array<number>(elements).fill(0)]);
}

const header = (shape: string, descr = "'<f8'", order = "False") =>
	`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

suite("io/npy", (test) => {
	for (const [holds, dtype, elements, base64] of READABLE) {
		test(`a file of NumPy's is read: ${holds}`, () => {
			identical(decodeNpy(bytesOf(base64)), tensor(elements as number[], { dtype }));
		});
	}

	test("what is written is byte for byte what NumPy writes", () => {
		for (const holds of ["float64", "int32", "bool", "scalar", "empty"]) {
			const [, , , base64] = READABLE.find(([name]) => name === holds)!;
			assert.is(Buffer.from(encodeNpy(decodeNpy(bytesOf(base64)))).toString("base64"), base64);
		}
	});

	test("reading what was written gives the same tensor, bit for bit", () => {
		fc.assert(fc.property(tensors, (x) => identical(decodeNpy(encodeNpy(x)), x)));
	});

	test("elements begin at a multiple of 64 bytes", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 12345 }), { maxLength: 30 }), (shape) => {
				const bytes = encodeNpy(zeros([...shape, 0]));
				assert.is(bytes.length % 64, 0);
				assert.is(bytes.at(-1), 10);
			}),
		);
	});

	test("a tensor that was read does not share the bytes", () => {
		for (const holds of ["float64", "bool", "uint8"]) {
			const buffer = Buffer.from(READABLE.find(([name]) => name === holds)![3], "base64");
			const x = decodeNpy(buffer);
			const before = x.data;
			buffer.fill(0);
			assert.equal([...x.data].map(String), [...before].map(String));
		}
	});

	test("keys may come in any order, strings in either quotes", () => {
		const text = `{"shape": (1L,), 'fortran_order':True,"descr":"<f8"}  \n`;
		assert.equal(decodeNpy(file(text, 8)).shape, [1]);
	});

	test("bytes that are no npy file are refused", () => {
		for (const bytes of [new Uint8Array(0), Uint8Array.of(0x93, 0x4e), Buffer.from("PK\x03\x04")]) {
			refuses(() => decodeNpy(bytes), FormatError, "expected an npy file");
		}
		const [, , , base64] = READABLE[0]!;
		const later = bytesOf(base64);
		later[6] = 4;
		refuses(() => decodeNpy(later), FormatError, "version 1.0, 2.0 or 3.0, got 4.0");
	});

	test("a file cut off anywhere is refused, and so is one with more behind", () => {
		for (const holds of ["float64", "bool", "version 2.0"]) {
			const whole = bytesOf(READABLE.find(([name]) => name === holds)![3]);
			for (let length = 0; length < whole.length; length++) {
				refuses(() => decodeNpy(whole.subarray(0, length)), FormatError, "decodeNpy: ");
			}
			const longer = Uint8Array.from([...whole, 0]);
			refuses(() => decodeNpy(longer), FormatError, "something stands behind");
		}
		refuses(
			() => decodeNpy(file(header("(2,)"), 8)),
			FormatError,
			"16 bytes for shape (2) of <f8, got 8: the file is cut off",
		);
	});

	test("a damaged header is refused, saying where", () => {
		const damaged: [text: string, why: string][] = [
			["", "{ is missing at character 0"],
			["{", "a key is missing at character 1"],
			["{}", "descr, fortran_order or shape is missing"],
			["{'descr': '<f8', 'fortran_order': False}", "is missing"],
			[`${header("()")}x`, "something stands behind the dict"],
			["{'descr': '<f8', 'descr': '<f8'}", "the key 'descr' is unknown or stands twice"],
			["{'descr': '<f8', 'other': False}", "the key 'other' is unknown or stands twice"],
			["{'descr' '<f8'}", ": is missing"],
			["{'descr': '<f8' 'shape': ()}", "a comma or } is missing"],
			[header("()", "<f8"), "a dtype is missing"],
			[header("()", "'<f8"), "a comma or } is missing"],
			[header("()", "'<f\\x38'"), "a dtype is missing"],
			[header("()", "'<f8'", "0"), "True or False is missing"],
			[header("3"), "( is missing"],
			[header("(3)"), "a comma is missing"],
			[header("(3 4)"), "a comma is missing"],
			[header("(,)"), "a size is missing"],
			[header("(-1,)"), "a size is missing"],
			[header("(1.5,)"), "a comma is missing"],
			[header("(1e3,)"), "a comma is missing"],
			[header("(99999999999999999999,)"), "too large"],
			[header(`(${"1, ".repeat(65)})`), "65 axes are too many"],
			[header("()", "\xff"), "a dtype is missing"],
		];
		for (const [text, why] of damaged) {
			refuses(() => decodeNpy(file(text, 8)), FormatError, "the header is damaged");
			refuses(() => decodeNpy(file(text, 8)), FormatError, why);
		}
	});

	test("a shape that does not match the length is refused before anything is allocated", () => {
		const huge = ["(1000000000000000,)", "(9007199254740991, 9007199254740991)"];
		for (const shape of huge) {
			refuses(() => decodeNpy(file(header(shape), 8)), FormatError, "the file is cut off");
		}
		refuses(() => decodeNpy(file(header("(0, 3)"), 8)), FormatError, "expected 0 bytes");
	});

	test("any byte may be wrong: the file is read or refused, never anything else", () => {
		const whole = bytesOf(READABLE[0]![3]);
		const at = fc.integer({ min: 0, max: whole.length - 1 });
		fc.assert(
			fc.property(at, fc.integer({ min: 0, max: 255 }), (i, byte) => {
				const damaged = whole.slice();
				damaged[i] = byte;
				try {
					assert.is(decodeNpy(damaged).size > 0, true);
				} catch (error) {
					assert.ok(error instanceof FormatError || error instanceof DTypeError, String(error));
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test("dtypes that are no plain numbers of ours are refused", () => {
		const reasons: [keyof typeof REFUSED, typeof FormatError, string][] = [
			["object", FormatError, "Python objects"],
			["structured", FormatError, "structured dtype"],
			["complex", FormatError, "got '<c16'"],
			["string", FormatError, "got '<U2'"],
		];
		for (const [name, type, text] of reasons)
			refuses(() => decodeNpy(bytesOf(REFUSED[name])), type, text);
		for (const descr of ["'=f8'", "'|f8'", "'f8'", "''", "'<constructor'"]) {
			refuses(() => decodeNpy(file(header("()", descr), 8)), FormatError, "expected a dtype of");
		}
		refuses(() => decodeNpy(file(header("(1,)", "'>i8'"), 7)), FormatError, "cut off");
	});

	test("integers that do not fit into int32 become float64, where it holds all of them", () => {
		const ints = (values: bigint[]) => {
			const bytes = file(header(`(${values.length},)`, "'<i8'"), 8 * values.length);
			bytes.set(
				new Uint8Array(BigInt64Array.from(values).buffer),
				bytes.length - 8 * values.length,
			);
			return bytes;
		};
		identical(decodeNpy(bytesOf(REFUSED.int64)), tensor([2 ** 31]));
		identical(decodeNpy(ints([-(2n ** 63n), 2n ** 53n, 0n])), tensor([-(2 ** 63), 2 ** 53, 0]));
		const text = "neither int32 nor float64 holds 9007199254740993 exactly";
		refuses(() => decodeNpy(ints([1n, 2n ** 53n + 1n])), DTypeError, `decodeNpy: ${text}`);
	});

	test("floats are written as float16, and what does not fit is refused", () => {
		const x = tensor(
			[
				[0.1, -2],
				[65519, Number.NEGATIVE_INFINITY],
			],
			{ dtype: "float32" },
		).T;
		const half = encodeNpy(x, { floats: "float16" });
		assert.match(new TextDecoder("latin1").decode(half), "'descr': '<f2'");
		same(decodeNpy(half), [
			[0.0999755859375, 65504],
			[-2, Number.NEGATIVE_INFINITY],
		]);
		identical(decodeNpy(encodeNpy(tensor([true]), { floats: "float16" })), tensor([true]));
		const wrong = { floats: "bfloat16" } as unknown as { floats: "float16" };
		refuses(() => encodeNpy(x, wrong), DTypeError, 'floats to be float16, got "bfloat16"');
		const why = "encodeNpy: 65520 does not fit into float16, whose largest number is 65504";
		refuses(() => encodeNpy(tensor(65520), { floats: "float16" }), DTypeError, why);
	});

	test("a bool that is neither 0 nor 1 is refused", () => {
		const bytes = encodeNpy(tensor([true]));
		bytes[bytes.length - 1] = 2;
		refuses(() => decodeNpy(bytes), FormatError, "expected bools, 0 or 1, got 2");
	});

	test("more axes than NumPy has are refused", () => {
		refuses(() => encodeNpy(zeros(new Array<number>(65).fill(1))), ShapeError, "at most 64 axes");
	});

	test("a file that was written is read back, by path or URL", () =>
		inFolder(async (folder) => {
			const x = tensor([[1, 2.5, Number.NaN]], { dtype: "float32" }).T;
			const path = join(folder, "x.npy");
			await writeNpy(path, x);
			identical(await readNpy(path), x);
			await writeNpy(pathToFileURL(path), tensor([true]));
			identical(await readNpy(pathToFileURL(path)), tensor([true]));
			assert.equal(readdirSync(folder), ["x.npy"]);
		}));

	test("a write that fails leaves the old file, and nothing else", () =>
		inFolder(async (folder) => {
			const path = join(folder, "x.npy");
			await writeNpy(path, tensor([1]));
			const before = readFileSync(path);
			assert.instance(await rejected(writeNpy(join(path, "y.npy"), tensor([2]))), Error);
			// A folder cannot be replaced by a file: here the renaming fails.
			assert.instance(await rejected(writeNpy(folder, tensor([2]))), Error);
			assert.equal(readdirSync(folder), ["x.npy"]);
			assert.equal(readFileSync(path), before);
		}));

	test("readNpy names the file that is damaged", () =>
		inFolder(async (folder) => {
			const path = join(folder, "x.npy");
			writeFileSync(path, "something else");
			const error = await rejected(readNpy(path));
			assert.instance(error, FormatError);
			assert.match(String(error), `readNpy: ${path}: expected an npy file`);
		}));
});
