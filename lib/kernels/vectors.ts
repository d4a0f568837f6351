import { engine, hasSimd } from "../asm/engine.ts";
import { ARRAYS, type DType, type TypedArray } from "../core/dtype.ts";
import { roundsOnTheWay } from "../scalar/rounding.ts";
import { argument, type NativeFunction, type Term } from "../scalar/scalar.ts";
import { twoTo } from "../scalar/short.ts";
import {
	argumentsIn,
	forVectors,
	nativesIn,
	vectorModule,
	WINDOW,
	windowAt,
	windowPages,
} from "./vector-code.ts";

// Large arrays pass through windows in WebAssembly's memory, which caches hold: so vectors, which
// JavaScript lacks, compute them, and results are arrays of JavaScript all the same.

/** Arrays of at least so many elements are worth the way through windows. */
export const MANY = 256;
/** Loops of JavaScript have no float32, and to round at each step takes them long. */
const MANY_ROUNDED = 16;
/** So many elements have to be seen before code is made for them: that costs milliseconds. */
export const WORTH_CODE = 2 ** 15;
/** The code of functions is long; and so it takes to make vectors as wide as the engine can. */
const WORTH_FUNCTIONS = 2 ** 19;

/** Of how many elements on a term is worth the way through windows. */
export function leastForVectors(term: Term): number {
	return roundsOnTheWay(term) ? MANY_ROUNDED : MANY;
}

/**
 * Does what a `Loop` does, with the same bits; false where that has to be done by one: elements do
 * not lie side by side, too few were seen, there are no vectors here, or an int32 does not fit.
 */
export type VectorLoop = (
	n: number,
	out: TypedArray,
	o: number,
	...sources: (TypedArray | number)[]
) => boolean;

/** The loop of a formula of arguments of these dtypes; null where vectors cannot have its bits. */
export function vectorLoop(formula: Term, inputs: readonly DType[], out: DType): VectorLoop | null {
	const term = forVectors(formula, out);
	if (term === null) return null;
	const read = argumentsIn(term);
	const hasFunctions = nativesIn(term).length > 0;
	const rounds = roundsOnTheWay(term);
	// When code is made, and when it is made anew.
	const stages = [
		...(hasFunctions && !rounds ? [] : [WORTH_CODE]),
		...(hasFunctions ? [WORTH_FUNCTIONS] : []),
	];
	let [seen, made] = [0, 0];
	let kernel: ReturnType<typeof kernelFor> = null;
	return (n, result, o, ...sources) => {
		seen += n;
		if (seen < stages[0]!) return false;
		for (let k = 0; k < inputs.length; k++)
			if ((sources[3 * k + 2] as number) >>> 1 !== 0) return false;
		if (made < stages.length && seen >= stages[made]!) {
			// Vectors of float32 are what engines join, and with much to compute they should.
			if (seen >= WORTH_FUNCTIONS && rounds) engine();
			kernel = kernelFor(term, inputs, out);
			made = stages.findLastIndex((stage) => seen >= stage) + 1;
		}
		if (kernel === null) return false;
		const { run, windows } = kernel;
		const to = windows[inputs.length]!;
		for (let k = 0; k < inputs.length; k++) {
			if (sources[3 * k + 2] !== 0 || !read.has(k)) continue;
			const x = sources[3 * k] as TypedArray;
			windows[k]!.fill(x[sources[3 * k + 1] as number]!, 0, Math.min(n, WINDOW));
		}
		for (let from = 0; from < n; from += WINDOW) {
			const count = Math.min(n - from, WINDOW);
			for (let k = 0; k < inputs.length; k++) {
				if (sources[3 * k + 2] !== 1 || !read.has(k)) continue;
				const x = sources[3 * k] as TypedArray;
				const start = from + (sources[3 * k + 1] as number);
				windows[k]!.set(x.length === count ? x : x.subarray(start, start + count));
			}
			if (run(count) !== 0) return false;
			result.set(count === WINDOW ? to : to.subarray(0, count), o + from);
		}
		return true;
	};
}

let memory: WebAssembly.Memory | null | undefined;

/** The memory of all windows; null where there is none, or no vectors. */
export function windowMemory(): WebAssembly.Memory | null {
	if (memory === undefined) memory = newMemory();
	return memory;
}

function newMemory(): WebAssembly.Memory | null {
	if (!hasSimd()) return null;
	try {
		return new WebAssembly.Memory({ initial: windowPages });
	} catch (error) {
		// Engines reserve gigabytes of addresses for any memory: there may be a limit.
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/** A kernel and the windows of its arguments and its result; null where there can be none. */
function kernelFor(term: Term, inputs: readonly DType[], out: DType) {
	const memory = windowMemory();
	if (memory === null || !nativesIn(term).every(hasSameBits)) return null;
	return kernelOf(term, inputs, out, memory);
}

function kernelOf(term: Term, inputs: readonly DType[], out: DType, memory: WebAssembly.Memory) {
	const module = new WebAssembly.Module(vectorModule(term, inputs, out));
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const windows = [...inputs, out].map(
		(dtype, k): TypedArray => new ARRAYS[dtype](memory.buffer, windowAt(k), WINDOW),
	);
	return { run: exports.run as (n: number) => number, windows };
}

/** What is no function of the engine needs no trial. */
const tried = new Map([
	[twoTo, true],
	[Math.fround, true],
]);

/**
 * Whether this engine's own function has the bits of its vectors, by a window of numbers of all
 * sizes; engines are free to choose.
 */
function hasSameBits(of: NativeFunction): boolean {
	const known = tried.get(of.evaluate);
	if (known !== undefined) return known;
	const x = argument(0);
	const term: Term = { kind: "call", type: "number", of, args: [x] };
	const { run, windows } = kernelOf(term, ["float64"], "float64", windowMemory()!);
	const [from, to] = windows as [TypedArray, TypedArray];
	for (let i = 0; i < WINDOW; i++) {
		// Between ±1, and up to ±1024 in one half, down to a tiny one in the other.
		const size = ((i * 0.6180339887498949) % 1) * 2 ** (i % 2 === 0 ? i % 11 : -(i % 64));
		from[i] = i % 4 < 2 ? size : -size;
	}
	run(WINDOW);
	const isSame = from.every((value, i) => Object.is(of.evaluate(value), to[i]));
	tried.set(of.evaluate, isSame);
	return isSame;
}
