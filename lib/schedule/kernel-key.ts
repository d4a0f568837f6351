import type { Kernel } from "./kernel.ts";

/**
 * Gives kernels texts that are equal only where the kernels do the same: what stands in them is
 * compared by structure, functions by identity. What a kernel has in several places, such as an
 * expression, is written once, so the text is no longer than the kernel is large.
 */
export function kernelKeys(): (kernel: Kernel) => string {
	const functions = new Map<unknown, number>();
	const numbered = (f: unknown): string => {
		const number = functions.get(f) ?? functions.size;
		functions.set(f, number);
		return `f${number}`;
	};
	return (kernel) => {
		const seen = new Map<object, number>();
		const write = (x: unknown): string => {
			if (typeof x === "number") return Object.is(x, -0) ? "-0" : String(x);
			if (typeof x === "function") return numbered(x);
			if (typeof x !== "object" || x === null) return JSON.stringify(x) ?? "undefined";
			// A list says nothing by being the same one: a shape may stand in several places.
			if (Array.isArray(x)) return `[${x.map(write).join()}]`;
			const before = seen.get(x);
			if (before !== undefined) return `#${before}`;
			seen.set(x, seen.size);
			return `{${Object.entries(x).map(([name, value]) => `${name}:${write(value)}`)}}`;
		};
		return write(kernel);
	};
}
