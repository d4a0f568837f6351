/** Makes the third word of the key; it keeps an all-zero key from being weak. */
export const PARITY = 0x1bd11bda;
/** Twenty rounds, a part of the key going in after every four. */
export const GROUPS = 5;

/** The two words that `threefry` made last. */
export const block = new Int32Array(2);

/**
 * Threefry-2x32 with 20 rounds: encrypts a counter of two words under a key of two words and leaves
 * the two random words in `block`. (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel
 * random numbers: as easy as 1, 2, 3", SC11, 2011.) Whole-number arithmetic only, so the result is
 * the same everywhere.
 */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): void {
	let a = key0;
	let b = key1;
	let c = PARITY ^ key0 ^ key1;
	let x = (counter0 + a) | 0;
	let y = (counter1 + b) | 0;
	for (let group = 1; group <= GROUPS; group++) {
		if (group % 2 === 1) {
			x = (x + y) | 0;
			y = ((y << 13) | (y >>> 19)) ^ x;
			x = (x + y) | 0;
			y = ((y << 15) | (y >>> 17)) ^ x;
			x = (x + y) | 0;
			y = ((y << 26) | (y >>> 6)) ^ x;
			x = (x + y) | 0;
			y = ((y << 6) | (y >>> 26)) ^ x;
		} else {
			x = (x + y) | 0;
			y = ((y << 17) | (y >>> 15)) ^ x;
			x = (x + y) | 0;
			y = ((y << 29) | (y >>> 3)) ^ x;
			x = (x + y) | 0;
			y = ((y << 16) | (y >>> 16)) ^ x;
			x = (x + y) | 0;
			y = ((y << 24) | (y >>> 8)) ^ x;
		}
		const first = a;
		a = b;
		b = c;
		c = first;
		x = (x + a) | 0;
		y = (y + b + group) | 0;
	}
	block[0] = x;
	block[1] = y;
}

/** Number i of the stream of a key: 53 random bits as a number in [0, 1). */
export function uniform53(key0: number, key1: number, i: number): number {
	threefry(key0, key1, i, 0);
	return ((block[0]! >>> 5) * 2 ** 26 + (block[1]! >>> 6)) * 2 ** -53;
}

/** Number i of the stream of a key: 24 random bits as a number in [0, 1), exact in float32. */
export function uniform24(key0: number, key1: number, i: number): number {
	threefry(key0, key1, i, 0);
	return (block[0]! >>> 8) * 2 ** -24;
}

/**
 * Number i of the stream of a key: 52 random bits as a number in (0, 1), never an end, as likely p
 * as 1 − p.
 */
export function openUniform(key0: number, key1: number, i: number): number {
	threefry(key0, key1, i, 0);
	return ((block[0]! >>> 6) * 2 ** 26 + (block[1]! >>> 6) + 0.5) * 2 ** -52;
}

/** Counters of the second word: those of draws have 0, those of `split` and `foldIn` 1 and 2. */
const ELEMENT = 3;

/** Uniform numbers in (0, 1), as many as are asked for, for number i of the stream of a key. */
export function uniformsFor(key0: number, key1: number, i: number): () => number {
	threefry(key0, key1, i, ELEMENT);
	const [own0, own1] = [block[0]!, block[1]!];
	let next = 0;
	return () => openUniform(own0, own1, next++);
}
