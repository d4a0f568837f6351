/** Numbers are whole in these units, and products in their square: none here is smaller. */
const UNIT = 2 ** 120;

/**
 * x·y + z, computed without error and rounded once to so many bits, to even where two are as near.
 */
export const multiplyAdd = (bits: 24 | 53) => (x: number, y: number, z: number) => {
	if (![x, y, z].every(Number.isFinite)) return x * y + z;
	const exact = BigInt(x * UNIT) * BigInt(y * UNIT) + BigInt(z * UNIT * UNIT);
	const size = exact < 0n ? -exact : exact;
	const dropped = BigInt(Math.max(0, size.toString(16).length * 4 - bits - 4));
	return (
		Number(exact < 0n ? -rounded(size, dropped, bits) : rounded(size, dropped, bits)) / UNIT / UNIT
	);
};

/** A whole number with its last bits dropped, and more of them until no more bits are left. */
function rounded(size: bigint, dropped: bigint, bits: number): bigint {
	const kept = size >> dropped;
	if (kept >> BigInt(bits) > 0n) return rounded(size, dropped + 1n, bits);
	if (dropped === 0n) return size;
	const rest = 2n * (size - (kept << dropped)) - (1n << dropped);
	const up = rest > 0n || (rest === 0n && kept % 2n === 1n);
	return (kept + (up ? 1n : 0n)) << dropped;
}
