// Scalar functions that JavaScript's Math lacks, in double precision.

/** exp(−y²) without the error of rounding y² first: y is split into a part of few bits and a small rest. */
function expMinusSquare(y: number): number {
	const head = Math.trunc(y * 16) / 16;
	return Math.exp(-head * head) * Math.exp(-(y - head) * (y + head));
}

/** erf(x) for |x| ≤ 0.46875. */
function erfNearZero(x: number): number {
	const s = x * x;
	const p =
		(((0.18577770618460315 * s + 3.1611237438705655) * s + 113.86415415105016) * s +
			377.485237685302) *
			s +
		3209.3775891384694;
	const q =
		(((s + 23.601290952344122) * s + 244.02463793444417) * s + 1282.6165260773723) * s +
		2844.236833439171;
	return (x * p) / q;
}

/** erfc(y) for 0.46875 ≤ y ≤ 4. */
function erfcInMiddle(y: number): number {
	const p =
		(((((((2.1531153547440383e-8 * y + 0.5641884969886701) * y + 8.883149794388377) * y +
			66.11919063714163) *
			y +
			298.6351381974001) *
			y +
			881.952221241769) *
			y +
			1712.0476126340707) *
			y +
			2051.0783778260716) *
			y +
		1230.3393547979972;
	const q =
		(((((((y + 15.744926110709835) * y + 117.6939508913125) * y + 537.1811018620099) * y +
			1621.3895745666903) *
			y +
			3290.7992357334597) *
			y +
			4362.619090143247) *
			y +
			3439.3676741437216) *
			y +
		1230.3393548037495;
	return (expMinusSquare(y) * p) / q;
}

/** erfc(y) for y ≥ 4. */
function erfcInTail(y: number): number {
	if (y > 28) return 0; // less than the least number; also keeps ∞ out of the formula
	const s = 1 / (y * y);
	const p =
		((((0.016315387137302097 * s + 0.30532663496123236) * s + 0.36034489994980445) * s +
			0.12578172611122926) *
			s +
			0.016083785148742275) *
			s +
		0.0006587491615298378;
	const q =
		((((s + 2.568520192289822) * s + 1.8729528499234673) * s + 0.5279051029514285) * s +
			0.06051834131244132) *
			s +
		0.0023352049762686918;
	return (expMinusSquare(y) * (1 / Math.sqrt(Math.PI) - (s * p) / q)) / y;
}

/**
 * The error function, 2/√π · ∫₀ˣ exp(−t²) dt, to a few units in the last place. Rational approximations of
 * W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969).
 */
export function erf(x: number): number {
	const y = Math.abs(x);
	if (y <= 0.46875) return erfNearZero(x);
	const rest = y <= 4 ? erfcInMiddle(y) : erfcInTail(y);
	return Math.sign(x) * (0.5 - rest + 0.5);
}

/** 1 − erf(x), to a few units in the last place also where it is tiny; from the same source. */
export function erfc(x: number): number {
	const y = Math.abs(x);
	if (y <= 0.46875) return 1 - erfNearZero(x);
	const rest = y <= 4 ? erfcInMiddle(y) : erfcInTail(y);
	return x < 0 ? 2 - rest : rest;
}

/** 1 / (1 + e⁻ˣ) without overflow. */
export function sigmoid(x: number): number {
	if (x >= 0) return 1 / (1 + Math.exp(-x));
	const e = Math.exp(x);
	return e / (1 + e);
}

/** The derivative of `sigmoid`, from the smaller of sigmoid(x) and sigmoid(−x), which has all its digits. */
export function sigmoidSlope(x: number): number {
	const least = sigmoid(-Math.abs(x));
	return least * (1 - least);
}

/** log(1 + eˣ) without overflow. */
export function softplus(x: number): number {
	return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** log(eˣ + eʸ) without overflow. */
export function logAddExp(x: number, y: number): number {
	// Equal arguments by themselves, because ∞ − ∞ is NaN.
	return x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));
}

/** xʸ as C and NumPy have it; in JavaScript 1 to the power of NaN or ±∞ is NaN, and so is −1 to ±∞. */
export function power(x: number, y: number): number {
	return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
}

/** The remainder with the sign of the divisor; NaN for the divisor 0. */
export function floorMod(x: number, y: number): number {
	const r = x % y;
	return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

/** The nearest whole number; of two equally near, the even one. */
export function roundHalfToEven(x: number): number {
	const below = Math.floor(x);
	const rest = x - below;
	if (rest === 0.5) return below % 2 === 0 ? below : Math.ceil(x);
	return rest < 0.5 ? below : Math.ceil(x);
}
