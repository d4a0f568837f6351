import { DTypeError } from "../core/error.ts";

/** The layout of a float of 8 or 16 bits: a sign, bits of exponent, bits of fraction. */
export interface SmallFloat {
	readonly name: string;
	readonly exponentBits: number;
	readonly fractionBits: number;
	/** Has no infinities, and NaN only where all bits are 1: its largest exponent is for numbers. */
	readonly finite?: boolean;
}

/** IEEE 754 binary16. */
export const HALF: SmallFloat = { name: "float16", exponentBits: 5, fractionBits: 10 };
/** The upper half of a float32. */
export const BRAIN: SmallFloat = { name: "bfloat16", exponentBits: 8, fractionBits: 7 };
/** The upper half of a float16. */
export const E5M2: SmallFloat = { name: "float8_e5m2", exponentBits: 5, fractionBits: 2 };
/** As PyTorch's `float8_e4m3fn`. */
export const E4M3: SmallFloat = {
	name: "float8_e4m3",
	exponentBits: 4,
	fractionBits: 3,
	finite: true,
};

/** The exponent of the subnormal numbers, and of the smallest normal ones. */
const leastExponent = ({ exponentBits }: SmallFloat) => 2 - 2 ** (exponentBits - 1);

/** The number that these bits stand for. */
export function decodeSmall(type: SmallFloat, bits: number): number {
	const { exponentBits, fractionBits, finite = false } = type;
	const top = 2 ** exponentBits - 1;
	const most = 2 ** fractionBits - 1;
	const sign = bits >> (exponentBits + fractionBits) === 0 ? 1 : -1;
	const exponent = (bits >> fractionBits) & top;
	const fraction = bits & most;
	const unit = 2 ** (leastExponent(type) - fractionBits);
	if (exponent === 0) return sign * fraction * unit;
	if (exponent === top) {
		if (finite ? fraction === most : fraction > 0) return Number.NaN;
		if (!finite) return sign * Number.POSITIVE_INFINITY;
	}
	return sign * (most + 1 + fraction) * unit * 2 ** (exponent - 1);
}

const double = new DataView(new ArrayBuffer(8));

/**
 * The bits of the number that is nearest to the value, of two the even one. NaN is the usual one.
 * @throws DTypeError for a finite value that would become infinite
 */
export function encodeSmall(op: string, type: SmallFloat, value: number): number {
	const { name, exponentBits, fractionBits } = type;
	const infinity = (2 ** exponentBits - 1) << fractionBits;
	if (Number.isNaN(value)) return infinity | (1 << (fractionBits - 1));
	double.setFloat64(0, value);
	const word = double.getUint16(0);
	const sign = (word >> 15) << (exponentBits + fractionBits);
	if (!Number.isFinite(value)) return sign | infinity;
	const least = leastExponent(type);
	const exponent = Math.max(((word >> 4) & 0x7ff) - 1023, least);
	// Both powers of two, so that nothing is rounded yet.
	const steps = roundToEven(Math.abs(value) * 2 ** -exponent * 2 ** fractionBits);
	// The leading 1 of a normal number, and a carry, count the exponent up by themselves.
	const bits = ((exponent - least) << fractionBits) + steps;
	if (bits >= infinity) {
		const largest = decodeSmall(type, infinity - 1);
		throw new DTypeError(
			`${op}: ${value} does not fit into ${name}, whose largest number is ${largest}`,
		);
	}
	return sign | bits;
}

function roundToEven(x: number): number {
	const below = Math.floor(x);
	const rest = x - below;
	return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
