import { join } from "node:path";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { AdjointError, FormatError, type Tensor, tensor } from "../../lib/index.ts";
import { decodeNpz, encodeNpy, encodeNpz, readNpz, writeNpz } from "../../lib/io/index.ts";
import { encodeZip } from "../../lib/io/zip.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { NPZ } from "./archives.ts";
import { bytesOf, identical, inFolder, rejected, tensors } from "./support.ts";

const EXPECTED = {
	a: tensor([
		[1.5, -2],
		[Number.NaN, -0],
	]),
	b: tensor([1, 2, 3], { dtype: "int32" }),
	flag: tensor([true, false]),
};

function sameTensors(
	actual: Readonly<Record<string, Tensor>>,
	expected: Readonly<Record<string, Tensor>>,
): void {
	assert.equal(Object.keys(actual), Object.keys(expected));
	for (const [name, x] of Object.entries(expected)) identical(actual[name]!, x);
}

/** The archive with the 4 bytes at `at`, counted from `from`, replaced. */
function patched(from: Uint8Array, signature: number[], at: number, value: number): Uint8Array {
	const bytes = from.slice();
	const start = bytes.findIndex((_, i) => signature.every((byte, k) => bytes[i + k] === byte));
	new DataView(bytes.buffer).setUint32(start + at, value, true);
	return bytes;
}

const CENTRAL = [0x50, 0x4b, 1, 2];

suite("io/npz", (test) => {
	for (const [name, base64] of Object.entries(NPZ)) {
		test(`an archive of np.${name} is read`, () => {
			sameTensors(decodeNpz(bytesOf(base64)), EXPECTED);
		});
	}

	test("reading what was written gives the same tensors, deflated or not", () => {
		const named = fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), tensors, {
			maxKeys: 4,
		});
		fc.assert(
			fc.property(named, fc.boolean(), (given, compress) => {
				sameTensors(decodeNpz(encodeNpz(given, { compress })), given);
			}),
		);
	});

	test("the same tensors give the same bytes, and deflating makes them fewer", () => {
		const x = { x: tensor(new Array<number>(1000).fill(1)) };
		assert.equal(encodeNpz(x), encodeNpz(x));
		assert.ok(encodeNpz(x, { compress: true }).length < encodeNpz(x).length / 10);
	});

	test("a name is read as it was written, or refused", () => {
		const x = tensor(1);
		for (const name of ["\uFEFFx", "é/😀", "", "__proto__", "n".repeat(65_531)]) {
			assert.equal(Object.keys(decodeNpz(encodeNpz({ [name]: x }))), [name]);
		}
		for (const name of ["\uD800", "a\uDC00b", "n".repeat(65_532), "é".repeat(40_000)]) {
			refuses(
				() => encodeNpz({ [name]: x }),
				FormatError,
				"encodeNpz: expected a name that is valid Unicode",
			);
		}
	});

	test("an archive cut off anywhere is refused", () => {
		for (const base64 of Object.values(NPZ)) {
			const whole = bytesOf(base64);
			for (let length = 0; length < whole.length; length++) {
				refuses(() => decodeNpz(whole.subarray(0, length)), FormatError, "decodeNpz: ");
			}
		}
	});

	test("any byte may be wrong: the archive is read or refused, never anything else", () => {
		for (const base64 of Object.values(NPZ)) {
			const whole = bytesOf(base64);
			fc.assert(
				fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (i, change) => {
					const bytes = whole.slice();
					bytes[i]! ^= change;
					try {
						// Dates and the like may be anything; the elements are what they were.
						for (const [name, x] of Object.entries(decodeNpz(bytes))) {
							if (name in EXPECTED) identical(x, EXPECTED[name as keyof typeof EXPECTED]);
						}
					} catch (error) {
						assert.instance(error, AdjointError);
					}
				}),
				{ numRuns: 1000 },
			);
		}
	});

	test("hostile archives are refused", () => {
		const stored = encodeNpz(EXPECTED);
		const deflated = encodeNpz(EXPECTED, { compress: true });
		const hostile: [bytes: Uint8Array, why: string][] = [
			[patched(stored, CENTRAL, 42, 0xfffffff0), "an offset lies outside"],
			[patched(stored, CENTRAL, 42, 1), "is not where the directory says"],
			[patched(stored, CENTRAL, 20, 0x7fffffff), "files overlap"],
			[patched(stored, CENTRAL, 24, 7), "is not of the size"],
			[patched(deflated, CENTRAL, 24, 7), "cannot be inflated"],
			[patched(deflated, CENTRAL, 16, 7), "checksum"],
			[patched(stored, CENTRAL, 24, 0xffffffff), "zip64 sizes are missing"],
			[patched(stored, CENTRAL, 8, 1), "is encrypted"],
			[patched(stored, CENTRAL, 10, 12), "method 12"],
		];
		for (const [bytes, why] of hostile) refuses(() => decodeNpz(bytes), FormatError, why);
	});

	test("a damaged array is named, and so is a name that stands twice", () => {
		const damaged = encodeZip("encodeNpz", [["a.npy", new Uint8Array(9)]], false);
		refuses(() => decodeNpz(damaged), FormatError, 'decodeNpz: "a": expected an npy file');
		const file = encodeNpy(tensor(1));
		const twice = encodeZip(
			"encodeNpz",
			[
				["a.npy", file],
				["a", file],
			],
			false,
		);
		refuses(() => decodeNpz(twice), FormatError, 'the name "a" stands twice');
	});

	test("one array that cannot be read does not keep one from the others", () => {
		const objects = new TextEncoder().encode("pickled");
		const files = [
			["a.npy", encodeNpy(EXPECTED.a)],
			["objects.npy", objects],
			["flag.npy", encodeNpy(EXPECTED.flag)],
		] as const;
		const bytes = encodeZip("encodeNpz", files, false);
		const { a, flag } = EXPECTED;
		refuses(() => decodeNpz(bytes), FormatError, '"objects": expected an npy file');
		refuses(() => decodeNpz(bytes), FormatError, "the option onUnreadable leaves it out");
		sameTensors(decodeNpz(bytes, { names: ["flag", "a"] }), { a, flag });
		refuses(() => decodeNpz(bytes, { names: ["b"] }), FormatError, 'no tensor is called "b"');
		const seen: string[] = [];
		const onUnreadable = (name: string, error: AdjointError) => {
			seen.push(`${name}: ${error.message}`);
		};
		sameTensors(decodeNpz(bytes, { onUnreadable }), { a, flag });
		assert.is(seen.length, 1);
		assert.match(seen[0]!, 'objects: decodeNpz: "objects": expected an npy file');
		// A wrong checksum, too, is a matter of one array.
		const changed = patched(bytes, CENTRAL, 16, 7);
		assert.equal(Object.keys(decodeNpz(changed, { onUnreadable })), ["flag"]);
	});

	test("an archive of very many arrays takes time by their number, not its square", () => {
		const contents = encodeNpy(tensor(1));
		const files = Array.from({ length: 20_000 }, (_, i) => [`${i}.npy`, contents] as const);
		const bytes = encodeZip("encodeNpz", files, false);
		const start = process.cpuUsage();
		assert.is(Object.keys(decodeNpz(bytes)).length, 20_000);
		assert.ok(process.cpuUsage(start).user < 1.5e6);
	});

	test("a file that was written is read back, and a damaged one is named", () =>
		inFolder(async (folder) => {
			const path = join(folder, "x.npz");
			await writeNpz(path, EXPECTED, { compress: true });
			sameTensors(await readNpz(path), EXPECTED);
			await writeNpz(path, {});
			sameTensors(await readNpz(path), {});
			const error = await rejected(readNpz(import.meta.filename));
			assert.match(String(error), `readNpz: ${import.meta.filename}: expected a zip archive`);
		}));
});
