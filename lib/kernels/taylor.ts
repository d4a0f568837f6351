/** The coefficients of a power series, from that of power 0 on, as far as it is wanted. */
export type Taylor = readonly number[];

/** The product of two series, as long as the first. */
export function seriesProduct(p: Taylor, q: Taylor): Taylor {
	if (p.length === 1) return [p[0]! * q[0]!];
	return p.map((_, n) => {
		let sum = 0;
		for (let i = 0; i <= n; i++) sum += p[i]! * q[n - i]!;
		return sum;
	});
}

/** 1 / p. */
export function seriesInverse(p: Taylor): Taylor {
	const out: number[] = [1 / p[0]!];
	for (let n = 1; n < p.length; n++) {
		let sum = 0;
		for (let i = 1; i <= n; i++) sum += p[i]! * out[n - i]!;
		out.push(-sum / p[0]!);
	}
	return out;
}

/** value · exp(p), where p has no part of power 0. */
export function seriesExponential(value: number, p: Taylor): Taylor {
	const out = [value];
	for (let n = 1; n < p.length; n++) {
		let sum = 0;
		for (let k = 1; k <= n; k++) sum += k * p[k]! * out[n - k]!;
		out.push(sum / n);
	}
	return out;
}
