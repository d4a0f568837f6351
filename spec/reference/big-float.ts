// Numbers of as many bits as are asked for, with exponents of any size: nothing over- or
// underflows. Plain series, made of nothing that the library has.

/** mantissa · 2^exponent */
export interface Big {
	readonly mantissa: bigint;
	readonly exponent: bigint;
}

let bits = 160;

/** What `f` gives where numbers have so many bits. */
export function withBits<T>(count: number, f: () => T): T {
	const before = bits;
	bits = count;
	try {
		return f();
	} finally {
		bits = before;
	}
}

/** How many bits a whole number has. */
function lengthOf(x: bigint): number {
	const digits = (x < 0n ? -x : x).toString(16);
	return 4 * (digits.length - 1) + (32 - Math.clz32(Number.parseInt(digits[0]!, 16)));
}

/** The position of the leading bit: 2^rank ≤ |x| < 2^(rank + 1). */
export function rankOf({ mantissa, exponent }: Big): bigint {
	return exponent + BigInt(lengthOf(mantissa) - 1);
}

function shifted(x: bigint, by: number): bigint {
	if (-by > 20000) return x < 0n ? -1n : 0n;
	return by >= 0 ? x << BigInt(by) : x >> BigInt(-by);
}

/** A number cut to the bits that it may have. */
function cut(mantissa: bigint, exponent: bigint): Big {
	if (mantissa === 0n) return ZERO;
	const excess = lengthOf(mantissa) - bits;
	if (excess <= 0) return { mantissa, exponent };
	return { mantissa: mantissa >> BigInt(excess), exponent: exponent + BigInt(excess) };
}

export const ZERO: Big = { mantissa: 0n, exponent: 0n };
export const ONE: Big = { mantissa: 1n, exponent: 0n };

/** The number that a float64 is, exactly. */
export function big(x: number): Big {
	const word = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
	const exponent = (word >> 52n) & 0x7ffn;
	const fraction = word & 0xfffffffffffffn;
	if (exponent === 0x7ffn) throw new RangeError(`${x} is no number`);
	const size = exponent === 0n ? fraction : fraction | (1n << 52n);
	if (size === 0n) return ZERO;
	return {
		mantissa: word >> 63n === 1n ? -size : size,
		exponent: (exponent === 0n ? 1n : exponent) - 1075n,
	};
}

/** About the same as a float64; ±∞ or 0 where it is too large or too small. */
export function approximate(x: Big): number {
	if (x.mantissa === 0n) return 0;
	const excess = Math.max(0, lengthOf(x.mantissa) - 60);
	if (rankOf(x) < -1080n) return 0;
	if (rankOf(x) > 1023n) return sign(x) * Number.POSITIVE_INFINITY;
	const exponent = Number(x.exponent) + excess;
	const half = Math.trunc(exponent / 2);
	return Number(x.mantissa >> BigInt(excess)) * 2 ** half * 2 ** (exponent - half);
}

export const sign = (x: Big): number => (x.mantissa === 0n ? 0 : x.mantissa < 0n ? -1 : 1);
export const neg = ({ mantissa, exponent }: Big): Big => ({ mantissa: -mantissa, exponent });
export const abs = (x: Big): Big => (sign(x) < 0 ? neg(x) : x);
/** x · 2^by */
export const scaled = (x: Big, by: number): Big => ({ ...x, exponent: x.exponent + BigInt(by) });

export function add(x: Big, y: Big): Big {
	if (x.mantissa === 0n) return y;
	if (y.mantissa === 0n) return x;
	const [high, low] = rankOf(x) >= rankOf(y) ? [x, y] : [y, x];
	// What lies below all the bits that count does not count.
	if (rankOf(high) - rankOf(low) > BigInt(bits + 70)) return cut(high.mantissa, high.exponent);
	const shift = x.exponent - y.exponent;
	return shift < 0n ? add(y, x) : cut((x.mantissa << shift) + y.mantissa, y.exponent);
}

export const sub = (x: Big, y: Big): Big => add(x, neg(y));
export const mul = (x: Big, y: Big): Big => cut(x.mantissa * y.mantissa, x.exponent + y.exponent);

export function div(x: Big, y: Big): Big {
	if (y.mantissa === 0n) throw new RangeError("division by 0");
	const more = BigInt(Math.max(0, bits + 2 + lengthOf(y.mantissa) - lengthOf(x.mantissa)));
	return cut((x.mantissa << more) / y.mantissa, x.exponent - y.exponent - more);
}

/** The square root of a whole number, by Newton's method. */
function root(x: bigint): bigint {
	let y = 1n << BigInt(Math.ceil(lengthOf(x) / 2) + 1);
	for (;;) {
		const next = (y + x / y) >> 1n;
		if (next >= y) return y;
		y = next;
	}
}

export function sqrt(x: Big): Big {
	if (sign(x) < 0) throw new RangeError("square root of a negative number");
	if (x.mantissa === 0n) return ZERO;
	let more = BigInt(Math.max(0, 2 * bits + 4 - lengthOf(x.mantissa)));
	if ((x.exponent - more) % 2n !== 0n) more++;
	return cut(root(x.mantissa << more), (x.exponent - more) / 2n);
}

export const compare = (x: Big, y: Big): number => sign(sub(x, y));

/** The greatest whole number that is not above x. */
export function floor(x: Big): bigint {
	return shifted(x.mantissa, Number(x.exponent));
}

export const whole = (x: bigint): Big => ({ mantissa: x, exponent: 0n });

/** A fixed-point number of p bits behind the point. */
export const toFixed = (x: Big, p: number): bigint => shifted(x.mantissa, Number(x.exponent) + p);

/** And back. */
export const fromFixed = (x: bigint, p: number): Big => cut(x, BigInt(-p));

/** How many bits numbers have. */
export const bitsNow = (): number => bits;
