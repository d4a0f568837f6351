import * as kind from "../core/argument-kinds.ts";
import { checkArgument, checkOptions } from "../core/options.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";

/** How a sparkline is drawn. */
export interface SparklineOptions {
	/** At most so many characters: of more numbers, neighbours are averaged. Left out: 60. */
	readonly width?: number;
}

/**
 * A row of numbers as a line of small bars, from the least to the greatest: `▇▅▃▂▁`. A NaN or an
 * infinity is a blank.
 */
export function sparkline(values: readonly number[], options?: SparklineOptions): string {
	checkArgument("sparkline", "the values", values, kind.numbers);
	const { width = 60 } = checkOptions("sparkline", options, { width: kind.count });
	const shown = values.length <= width ? values : averaged(values, width);
	const finite = shown.filter(Number.isFinite);
	const min = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
	const max = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
	return shown
		.map((value) => {
			if (!Number.isFinite(value)) return " ";
			const height = max === min ? 0 : (value - min) / (max - min);
			return BLOCKS[Math.round(height * (BLOCKS.length - 1))];
		})
		.join("");
}

function averaged(values: readonly number[], width: number): number[] {
	return Array.from({ length: width }, (_, i) => {
		const start = Math.floor((i * values.length) / width);
		const part = values.slice(start, Math.floor(((i + 1) * values.length) / width));
		return part.reduce((total, value) => total + value, 0) / part.length;
	});
}
