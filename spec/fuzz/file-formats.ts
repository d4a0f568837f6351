import * as assert from "node:assert/strict";
import { parseCsv } from "../../lib/data/index.ts";
import { AdjointError, type Tensor, tensor } from "../../lib/index.ts";
import {
	decodeNpy,
	decodeNpz,
	decodeSafetensors,
	decodeState,
	encodeNpy,
	encodeNpz,
	encodeSafetensors,
	encodeState,
	type ReadOptions,
} from "../../lib/io/index.ts";
import { encodeZip } from "../../lib/io/zip.ts";
import { NPZ, SAFETENSORS } from "../io/archives.ts";
import { READABLE, REFUSED } from "../io/numpy-files.ts";
import { bytesOf } from "../io/support.ts";
import { damaged } from "./damage.ts";

/** A format: files that are whole, how they are damaged, and what must hold of what is read. */
export interface FileFormat {
	readonly name: string;
	readonly files: readonly Uint8Array[];
	/** Left out: anywhere. */
	readonly damage?: typeof damaged;
	/** Reads, and checks what was read. May throw our errors and no others. */
	readonly check: (bytes: Uint8Array) => void;
}

/** A tensor of more elements is not gone through. */
const MOST = 100_000;

/** Its shape and elements belong together, and all that is done with it comes to an end. */
function checkTensor(x: Tensor): void {
	const { data } = x;
	assert.equal(data.length, x.size);
	assert.ok(x.size <= MOST);
	assert.equal(typeof String(x), "string");
	assert.equal(x.add(0).size, x.size);
}

/** What was read is written, read and written: the same bytes. */
function checkAgain<T>(
	value: T,
	encode: (value: T) => Uint8Array,
	decode: (bytes: Uint8Array) => T,
): void {
	const once = encode(value);
	assert.ok(Buffer.from(encode(decode(once))).equals(once));
}

/** Without options what is read is the same, or refused where something was left out. */
function checkOptions(
	read: (options?: ReadOptions) => Readonly<Record<string, Tensor>>,
	check: (tensors: Readonly<Record<string, Tensor>>) => void,
): void {
	const errors: AdjointError[] = [];
	const some = read({ onUnreadable: (_, error) => errors.push(error) });
	for (const x of Object.values(some)) checkTensor(x);
	for (const { message } of errors) assert.ok(message.length < 1e5);
	check(some);
	if (errors.length > 0) assert.throws(read, AdjointError);
	else assert.deepEqual(Object.keys(read()), Object.keys(some));
	const first = Object.keys(some)[0];
	if (first !== undefined) assert.deepEqual(Object.keys(read({ names: [first] })), [first]);
}

const a = tensor([
	[1.5, -2, Number.NaN],
	[0, -0, 1e300],
]);
const all = {
	a,
	"b.c": tensor([1, 2, 3], { dtype: "int32" }).reshape([3, 1]),
	"": tensor(true),
	empty: tensor([], { shape: [3, 0, 2], dtype: "float32" }),
	é: a.astype("float32").T,
};
const state = { params: [all, { w: a }], step: 7, best: -0, note: "x\n", done: false, none: null };

const npy = [...READABLE.map(([, , , base64]) => base64), ...Object.values(REFUSED)].map(bytesOf);
const contents = (x: Uint8Array) => new TextDecoder().decode(x);

/** The formats that are read. */
export const fileFormats: readonly FileFormat[] = [
	{
		name: "npy",
		files: npy,
		check(bytes) {
			const x = decodeNpy(bytes);
			checkTensor(x);
			checkAgain(x, encodeNpy, decodeNpy);
		},
	},
	{
		name: "npz",
		files: [...Object.values(NPZ).map(bytesOf), encodeNpz(all), encodeNpz(all, { compress: true })],
		check: checkNpz,
	},
	{
		// With right checksums, so that what is inside is looked at.
		name: "npy in npz",
		files: npy,
		damage(file, random, other) {
			const files = [
				["a.npy", damaged(file, random, other)],
				["b.npy", other],
			] as const;
			return encodeZip("fuzz", files, random() < 0.5);
		},
		check: checkNpz,
	},
	{
		name: "safetensors",
		files: [
			...Object.values(SAFETENSORS).map(bytesOf),
			encodeSafetensors(all, { about: "x" }),
			encodeSafetensors({ a: tensor([0.1, -2]) }, {}, { floats: "bfloat16" }),
		],
		damage: damageBehindLength,
		check(bytes) {
			const { metadata } = decodeSafetensors(bytes, { names: [] });
			const encode = (tensors: Readonly<Record<string, Tensor>>) =>
				encodeSafetensors(tensors, metadata);
			checkOptions(
				(options) => decodeSafetensors(bytes, options).tensors,
				(tensors) => checkAgain(tensors, encode, (again) => decodeSafetensors(again).tensors),
			);
		},
	},
	{
		name: "state",
		files: [encodeState(state), encodeState(a), encodeState([])],
		damage: damageBehindLength,
		check: (bytes) => checkAgain(decodeState(bytes), encodeState, decodeState),
	},
	{
		name: "csv",
		files: [
			'a,b,c\n1,2,x\n3.5,-4e1,"y ""z"" \n"\n',
			"a;b\r\n1;2\r\n\r\n",
			"x\ty\r1\t2\r",
			"\ufeff1\n",
		].map((text) => new TextEncoder().encode(text)),
		check(bytes) {
			for (const separator of [",", ";", "\t"]) {
				const table = parseCsv(contents(bytes), { separator });
				for (const name of table.columns) {
					assert.equal(table.text(name).length, table.length);
					assert.equal(table.classes(name).labels.size, table.length);
				}
				checkTensor(table.numbers(table.columns));
			}
		},
	},
];

function checkNpz(bytes: Uint8Array): void {
	checkOptions(
		(options) => decodeNpz(bytes, options),
		(tensors) => checkAgain(tensors, encodeNpz, decodeNpz),
	);
}

/** Half of the files still say the right length of their header: it is read. */
function damageBehindLength(file: Uint8Array, random: () => number, other: Uint8Array): Uint8Array {
	const bytes = damaged(file, random, other);
	if (random() < 0.5) return bytes;
	const before = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
	const header = damaged(file.slice(8, 8 + Number(before)), random, other);
	const out = Buffer.concat([file.subarray(0, 8), header, file.subarray(8 + Number(before))]);
	out.writeBigUInt64LE(BigInt(header.length));
	return new Uint8Array(out);
}
