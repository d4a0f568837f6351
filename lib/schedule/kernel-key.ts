import type { Kernel } from "./kernel.ts";

/**
 * Gives kernels texts that are equal only where the kernels do the same: what stands in them is
 * compared by structure, functions by identity. What a kernel has in several places, such as an
 * expression, is written once, so the text is no longer than the kernel is large. A formula, which
 * many kernels have, is a number there.
 */
export function kernelKeys(): (kernel: Kernel) => string {
	const numbers = new Map<unknown, number>();
	const numberOf = (x: unknown): number => {
		const number = numbers.get(x) ?? numbers.size;
		numbers.set(x, number);
		return number;
	};
	const formulas = new Map<unknown, number>();
	const formula = (term: unknown): number => {
		const number = formulas.get(term) ?? numberOf(textOf(term));
		formulas.set(term, number);
		return number;
	};
	const textOf = (whole: unknown): string => {
		const seen = new Map<object, number>();
		const write = (x: unknown): string => {
			if (typeof x === "number") return Object.is(x, -0) ? "-0" : String(x);
			if (typeof x === "function") return `f${numberOf(x)}`;
			if (typeof x !== "object" || x === null) return JSON.stringify(x) ?? "undefined";
			// A list says nothing by being the same one: a shape may stand in several places.
			if (Array.isArray(x)) return `[${x.map(write).join()}]`;
			const before = seen.get(x);
			if (before !== undefined) return `#${before}`;
			seen.set(x, seen.size);
			const part = ([name, value]: [string, unknown]) =>
				`${name}:${name === "term" ? formula(value) : write(value)}`;
			return `{${Object.entries(x).map(part)}}`;
		};
		return write(whole);
	};
	return textOf;
}
