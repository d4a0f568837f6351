import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { DTypeError } from "../../lib/index.ts";
import { BRAIN, decodeSmall, E4M3, E5M2, encodeSmall, HALF } from "../../lib/io/small-floats.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

suite("io/small-floats", (test) => {
	for (const type of [HALF, BRAIN]) {
		const decode = (bits: number) => decodeSmall(type, bits);
		const encode = (value: number) => encodeSmall("test", type, value);
		const infinity = encode(Number.POSITIVE_INFINITY);

		test(`every ${type.name} is encoded as the bits that it was decoded from`, () => {
			for (let bits = 0; bits < 2 ** 16; bits++) {
				const value = decode(bits);
				assert.ok(Object.is(decode(encode(value)), value));
				if (!Number.isNaN(value)) assert.is(encode(value), bits);
			}
		});

		test(`a number becomes the nearest ${type.name}, halfway the even one`, () => {
			for (let bits = 0; bits < infinity - 1; bits += 7) {
				const [below, above] = [decode(bits), decode(bits + 1)];
				const middle = (below + above) / 2;
				const step = (above - below) / 1024;
				assert.is(encode(middle), bits + (bits % 2));
				assert.is(encode(middle - step), bits);
				assert.is(encode(-middle - step), 0x8000 | (bits + 1));
			}
			assert.is(encode(Number.MIN_VALUE), 0);
			assert.is(encode(-Number.MIN_VALUE), 0x8000);
		});

		test(`what is too large for ${type.name} is refused from halfway to the next on`, () => {
			const largest = decode(infinity - 1);
			const half = (largest - decode(infinity - 2)) / 2;
			assert.is(encode(largest + half * 0.999), infinity - 1);
			for (const value of [largest + half, -largest - half, Number.MAX_VALUE]) {
				refuses(() => encode(value), DTypeError, `${value} does not fit into ${type.name}`);
			}
		});
	}

	test("bfloat16 is the upper half of a float32, float8_e5m2 that of a float16", () => {
		const word = new DataView(new ArrayBuffer(4));
		fc.assert(
			fc.property(fc.nat(0xffff), (bits) => {
				word.setUint32(0, bits * 2 ** 16);
				assert.ok(Object.is(decodeSmall(BRAIN, bits), word.getFloat32(0)));
				assert.ok(Object.is(decodeSmall(E5M2, bits >> 8), decodeSmall(HALF, bits & 0xff00)));
			}),
		);
	});

	test("float8_e4m3 counts on to 448 where others have infinity, and has two NaN", () => {
		const all = Array.from({ length: 256 }, (_, bits) => decodeSmall(E4M3, bits));
		assert.is(all.filter(Number.isFinite).length, 254);
		assert.equal([all[0x7f], all[0xff]], [Number.NaN, Number.NaN]);
		assert.equal(all.slice(0x78, 0x7f), [256, 288, 320, 352, 384, 416, 448]);
		assert.equal(
			all.slice(0, 10),
			[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => i / 512),
		);
		for (let bits = 1; bits < 0x7f; bits++) {
			assert.ok(all[bits]! > all[bits - 1]!);
			assert.is(all[bits + 128], -all[bits]!);
		}
	});
});
