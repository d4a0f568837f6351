import { number, structure } from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { Tensor } from "../core/tensor.ts";

/** What is measured, by name: numbers, or tensors with one element. */
export type Metrics = Readonly<Record<string, Tensor | number>>;

/** Metrics as plain numbers. */
export type Numbers = Readonly<Record<string, number>>;

/** Metrics as plain numbers, read from the tensors. */
export function numbersOf(metrics: Metrics): Numbers {
	checkArgument("numbersOf", "the metrics", metrics, structure);
	const read = (x: Tensor | number) => (x instanceof Tensor ? x.item() : x);
	return calledAs("numbersOf", () =>
		Object.fromEntries(Object.entries(metrics).map(([name, x]) => [name, read(x)])),
	);
}

/** Sums of metrics over batches, each weighted by its number of rows. */
export interface Sums {
	readonly weight: number;
	readonly totals: Numbers;
}

const SUMS: OptionKinds<Sums> = { weight: number, totals: structure };

/** Sums of nothing yet. */
export const noSums: Sums = { weight: 0, totals: {} };

/** The sums with the metrics of one more batch. */
export function addBatch(sums: Sums, metrics: Numbers, rows: number): Sums {
	checkArgument("addBatch", "the metrics", metrics, structure);
	const { weight, totals } = checkOptions("addBatch", sums, SUMS, ["weight", "totals"]);
	const before = (name: string) => (Object.hasOwn(totals, name) ? totals[name]! : 0);
	const added = Object.entries(metrics).map(([name, x]) => [name, before(name) + x * rows]);
	return { weight: weight + rows, totals: { ...totals, ...Object.fromEntries(added) } };
}

/** The mean of each metric. */
export function means(sums: Sums): Numbers {
	const { weight, totals } = checkOptions("means", sums, SUMS, ["weight", "totals"]);
	return Object.fromEntries(Object.entries(totals).map(([name, total]) => [name, total / weight]));
}

/** `loss 0.1234  accuracy 0.98`: four digits of each. */
export function showNumbers(numbers: Numbers): string {
	checkArgument("showNumbers", "the numbers", numbers, structure);
	return Object.entries(numbers)
		.map(([name, x]) => `${name} ${showNumber(x)}`)
		.join("  ");
}

/** A number to four significant digits. */
export function showNumber(x: number): string {
	if (x === 0 || !Number.isFinite(x)) return String(x);
	const digits = Math.floor(Math.log10(Math.abs(x)));
	return digits < -4 || digits > 6 ? x.toExponential(3) : x.toFixed(Math.max(0, 3 - digits));
}
