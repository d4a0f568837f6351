/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** A way to damage bytes; `other` is another file, to take parts of. */
type Damage = (bytes: Uint8Array, random: () => number, other: Uint8Array) => Uint8Array;

const pick = <T>(random: () => number, choices: ArrayLike<T>): T =>
	choices[Math.floor(random() * choices.length)]!;

/** A place, and a short length from there on. */
function range(bytes: Uint8Array, random: () => number): [from: number, to: number] {
	const from = Math.floor(random() * (bytes.length + 1));
	return [from, Math.min(bytes.length, from + 1 + Math.floor(random() ** 3 * 64))];
}

function spliced(bytes: Uint8Array, from: number, to: number, insert: Uint8Array): Uint8Array {
	const out = new Uint8Array(bytes.length - (to - from) + insert.length);
	out.set(bytes.subarray(0, from));
	out.set(insert, from);
	out.set(bytes.subarray(to), from + insert.length);
	return out;
}

const texts = [
	..."0 1 -1 2 3 255 256 2147483647 2147483648 4294967295 9007199254740991 9007199254740993".split(
		" ",
	),
	..."18446744073709551615 1e308 1e999 -0 NaN Infinity null true false True False () (0,) [] {} [[[[[".split(
		" ",
	),
	..."__proto__ constructor __metadata__ adjoint tensor value number array object".split(" "),
	..."<f8 >f8 <f4 <f2 <i8 >u8 |b1 |u1 |O F64 F32 F16 BF16 I64 U64 BOOL F8_E4M3 F8_E5M2 F4 U8".split(
		" ",
	),
	...[
		'"',
		"'",
		",",
		":",
		"{",
		"}",
		"(",
		")",
		"\\",
		"\\ud800",
		"\n",
		"\r",
		"\r\n",
		" ",
		"\0",
		"\u{1f600}",
		"\ufeff",
	],
].map((text) => new TextEncoder().encode(text));

const isDigit = (byte: number) => byte >= 48 && byte <= 57;

const damages: readonly Damage[] = [
	function flipBit(bytes, random) {
		const out = bytes.slice();
		if (out.length > 0) out[Math.floor(random() * out.length)]! ^= 1 << Math.floor(random() * 8);
		return out;
	},
	function setByte(bytes, random) {
		const out = bytes.slice();
		if (out.length > 0)
			out[Math.floor(random() * out.length)] = pick(random, [0, 1, 127, 128, 255]);
		return out;
	},
	function setWord(bytes, random) {
		const out = bytes.slice();
		if (out.length < 8) return out;
		const size = pick(random, [2, 4, 8]);
		const value = pick(random, [0n, 1n, -1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n]);
		const word = new DataView(new ArrayBuffer(8));
		word.setBigUint64(0, BigInt.asUintN(64, value), true);
		const at = Math.floor(random() * (out.length - size + 1));
		out.set(new Uint8Array(word.buffer, 0, size), at);
		return out;
	},
	function cutOff(bytes, random) {
		return bytes.slice(0, Math.floor(random() * (bytes.length + 1)));
	},
	function remove(bytes, random) {
		return spliced(bytes, ...range(bytes, random), new Uint8Array(0));
	},
	function repeat(bytes, random) {
		const [from, to] = range(bytes, random);
		return spliced(bytes, to, to, bytes.subarray(from, to));
	},
	function insertText(bytes, random) {
		const [from] = range(bytes, random);
		return spliced(bytes, from, from, pick(random, texts));
	},
	function replaceByText(bytes, random) {
		return spliced(bytes, ...range(bytes, random), pick(random, texts));
	},
	/** The header's sizes and offsets, where most of what can go wrong does. */
	function replaceNumber(bytes, random) {
		const start = Math.floor(random() * bytes.length);
		let from = start;
		while (from < bytes.length && !isDigit(bytes[from]!)) from++;
		let to = from;
		while (to < bytes.length && isDigit(bytes[to]!)) to++;
		return spliced(bytes, from, to, pick(random, texts));
	},
	function takeFromOther(bytes, random, other) {
		const [from, to] = range(bytes, random);
		return spliced(bytes, from, to, other.subarray(...range(other, random)));
	},
];

/** A file with one to a few things wrong. */
export function damaged(file: Uint8Array, random: () => number, other: Uint8Array): Uint8Array {
	let out = file;
	do {
		out = pick(random, damages)(out, random, other);
	} while (random() < 0.25);
	return out;
}
