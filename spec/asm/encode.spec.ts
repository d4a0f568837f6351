import * as assert from "uvu/assert";
import {
	encodeModule,
	float32,
	float64,
	signed32,
	signed64,
	text,
	unsigned,
} from "../../lib/asm/encode.ts";
import { suite } from "../suite.ts";

suite("wasm/encode", (test) => {
	test("unsigned numbers have seven bits a byte, the lowest first", () => {
		assert.equal(unsigned(0), [0]);
		assert.equal(unsigned(127), [0x7f]);
		assert.equal(unsigned(128), [0x80, 1]);
		// The example of the DWARF standard, from which LEB128 comes.
		assert.equal(unsigned(624485), [0xe5, 0x8e, 0x26]);
		assert.equal(unsigned(2 ** 32 - 1), [0xff, 0xff, 0xff, 0xff, 0x0f]);
	});

	test("signed numbers end on a byte that has their sign", () => {
		const cases: [number, number[]][] = [
			[63, [63]],
			[64, [0xc0, 0]],
			[-1, [0x7f]],
			[-64, [0x40]],
			[-65, [0xbf, 0x7f]],
			[-123456, [0xc0, 0xbb, 0x78]],
			[-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
		];
		for (const [value, bytes] of cases) {
			assert.equal(signed32(value), bytes);
			assert.equal(signed64(BigInt(value)), bytes);
		}
		assert.equal(signed32(2 ** 32 - 1), [0x7f]);
		assert.equal(signed64(-(2n ** 63n)), [...new Array(9).fill(0x80), 0x7f]);
	});

	test("floats are little-endian, names are counted in UTF-8", () => {
		assert.equal(float32(1), [0, 0, 0x80, 0x3f]);
		assert.equal(float64(-2), [0, 0, 0, 0, 0, 0, 0, 0xc0]);
		assert.equal(text("π"), [2, 0xcf, 0x80]);
	});

	test("a module has its sections in order, and leaves empty ones out", () => {
		const bytes = encodeModule({ code: [[2, 0, 0x0b]], functions: [[0]], types: [[0x60, 0, 0]] });
		assert.equal(
			[...bytes],
			[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b],
		);
		assert.ok(WebAssembly.validate(bytes));
		assert.ok(WebAssembly.validate(encodeModule({})));
	});
});
