/** An axis of a chart: where values lie, and which of them are marked. */
export interface Axis {
	/** From a value to its place, 0 at the lower end and 1 at the upper. */
	readonly place: (value: number) => number;
	readonly ticks: readonly number[];
}

/** Numbers of smaller size count as 0. */
const LEAST = 1e-300;

/**
 * An axis over these finite values. Its ends lie at the outermost values or, `round`ed, at the
 * marks beyond them; a logarithmic one needs positive values.
 */
export function axisOf(
	values: readonly number[],
	{ logarithmic, round, count }: { logarithmic: boolean; round: boolean; count: number },
): Axis {
	const scale = logarithmic ? Math.log10 : (value: number) => value;
	const scaled = values.map(scale);
	let [low, high] = [
		scaled.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
		scaled.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
	];
	if (low > high) [low, high] = [0, 1];
	// What differs by rounding alone is drawn flat.
	if (high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high), LEAST)) {
		const room = logarithmic || Math.abs(low) < LEAST ? 0.5 : Math.abs(low) / 2;
		[low, high] = [low - room, high + room];
	}
	const step = logarithmic
		? Math.max(1, Math.ceil((high - low) / count))
		: stepOf(high - low, count);
	if (round) [low, high] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
	const ticks: number[] = [];
	for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
		const tick = logarithmic ? 10 ** (i * step) : Number((i * step).toPrecision(12));
		if (!logarithmic || (tick > 0 && Number.isFinite(tick))) ticks.push(tick);
	}
	return { place: (value) => (scale(value) - low) / (high - low), ticks };
}

/** 1, 2 or 5 times a power of ten, so that about `count` steps cover the range. */
function stepOf(range: number, count: number): number {
	const rough = range / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough)!;
	return factor * power;
}

/** A mark in few characters: `0.001`, `1e-7`, `20000`. */
export function showTick(value: number): string {
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
		return value.toExponential().replace("e+", "e");
	}
	return String(value);
}
