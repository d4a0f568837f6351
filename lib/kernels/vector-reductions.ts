import { callTo, ModuleBuilder } from "../asm/assembler.ts";
import type { Expr } from "../asm/expression.ts";
import type { FunctionBuilder, Local } from "../asm/function.ts";
import { f32, f64, i32 } from "../asm/scalar.ts";
import { f32x4, f64x2, i32x4, v128 } from "../asm/simd.ts";
import type { TypedArray } from "../core/dtype.ts";
import { BLOCK, halfOf, pairwiseColumnSums, pairwiseSum } from "./pairwise.ts";
import { WINDOW, windowAt, windowPages } from "./vector-code.ts";
import { WORTH_CODE, windowMemory } from "./vectors.ts";

// Sums and extremes of floats that lie side by side, with the bits of plain loops. Elements pass
// through a window in WebAssembly's memory, as `vectors` says.

type Floats = Float32Array | Float64Array;
const isFloats = (x: TypedArray): x is Floats =>
	x instanceof Float32Array || x instanceof Float64Array;

/** Slices of at least so many elements are worth the way through a window. */
const LONG = 128;
/** So many elements are compared, or added up, in a round. */
const ROUND = { compared: 16, added: 8 };

/** The functions of a window of float32, or of float64; addresses are in bytes. */
interface Kernels {
	readonly window: Floats;
	/** The sum of n elements from an address on, pairwise. */
	readonly total: (from: number, n: number) => number;
	/** The greatest, or least, of the elements from the first one; NaN if one is. */
	readonly greatest: (to: number) => number;
	readonly least: (to: number) => number;
}

/** The four float32 of a vector as float64. */
function doubles(f: FunctionBuilder<"f64">, x: Local<"v128">): Local<"v128">[] {
	const upper = i32x4.shuffle(x, x, [2, 3, 2, 3]);
	return [x, upper].map((half) => f.let(f64x2.promote(half)));
}

function moduleFor(bytes: 4 | 8): Uint8Array<ArrayBuffer> {
	const m = new ModuleBuilder({ pages: windowPages });
	const float = bytes === 4 ? f32 : f64;
	const asDouble = (x: Expr) => (bytes === 4 ? f64.promote(x as Expr<"f32">) : x) as Expr<"f64">;
	const run = m.define("run", ["i32", "i32"], "f64", (f, from, n) => {
		const sums = [0, 1, 2, 3].map(() => f.let(f64x2.const(0)));
		const rest = f.let(i32.add(from, i32.mul(i32.and(n, -ROUND.added), bytes)));
		f.for(from, rest, ROUND.added * bytes, (at) => {
			const vectors = Array.from({ length: bytes / 2 }, (_, i) => f.let(v128.load(at, 16 * i)));
			const loaded = bytes === 8 ? vectors : vectors.flatMap((x) => doubles(f, x));
			for (const [i, sum] of sums.entries()) f.set(sum, f64x2.add(sum, loaded[i]!));
		});
		const [a, b, c, d] = sums.map((sum) => f64.add(f64x2.extract(sum, 0), f64x2.extract(sum, 1)));
		const total = f.let(f64.add(f64.add(a!, b!), f64.add(c!, d!)));
		const end = f.let(i32.add(from, i32.mul(n, bytes)));
		f.for(rest, end, bytes, (at) => {
			f.set(total, f64.add(total, asDouble(float.load(at))));
		});
		return total;
	});
	// It calls itself: `pairwise` in WebAssembly, since a call of JavaScript's for each run takes as
	// long as the run.
	const total = { ...run, index: run.index + 1 };
	m.define("total", total.params, total.result, (f, from, n) => {
		f.if(i32.le(n, BLOCK), () => f.return(callTo(run, from, n)));
		const half = f.let(i32.and(i32.shr(n, 1), -ROUND.added));
		const second = i32.add(from, i32.mul(half, bytes));
		return f64.add(callTo(total, from, half), callTo(total, second, i32.sub(n, half)));
	});
	const lanes = bytes === 4 ? f32x4 : f64x2;
	for (const [name, choose] of [
		["greatest", lanes.pmax],
		["least", lanes.pmin],
	] as const) {
		m.define(name, ["i32"], "f64", (f, to) => {
			const vectors = (ROUND.compared * bytes) / 16;
			const found = Array.from({ length: vectors }, (_, i) =>
				f.let(v128.load(windowAt(0), 16 * i)),
			);
			const nan = f.let(i32x4.const(0));
			f.for(windowAt(0), to, ROUND.compared * bytes, (at) => {
				const loaded = found.map((_, i) => f.let(v128.load(at, 16 * i)));
				for (const [i, x] of loaded.entries()) f.set(found[i]!, choose(found[i]!, x));
				for (const x of loaded) f.set(nan, v128.or(nan, lanes.ne(x, x)));
			});
			f.if(v128.anyTrue(nan), () => f.return(f64.const(Number.NaN)));
			let all = found.reduce((x, y) => f.let(choose(x, y)));
			all = f.let(choose(all, i32x4.shuffle(all, all, [2, 3, 0, 1])));
			if (bytes === 8) return f64x2.extract(all, 0);
			all = f.let(choose(all, i32x4.shuffle(all, all, [1, 0, 3, 2])));
			return f64.promote(f32x4.extract(all, 0));
		});
	}
	return m.bytes();
}

function kernelsOf(bytes: 4 | 8, memory: WebAssembly.Memory): Kernels {
	const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleFor(bytes)), {
		env: { memory },
	});
	const Floats = bytes === 4 ? Float32Array : Float64Array;
	return {
		...(exports as unknown as Pick<Kernels, "total" | "greatest" | "least">),
		window: new Floats(memory.buffer, windowAt(0), WINDOW),
	};
}

const made: { [bytes: number]: Kernels | null } = {};
let seen = 0;

/** The kernels for n elements; null where code is not worth it yet, or there are no vectors. */
function kernelsFor(x: Floats, n: number): Kernels | null {
	seen += n;
	if (seen < WORTH_CODE) return null;
	const bytes = x.BYTES_PER_ELEMENT as 4 | 8;
	const memory = windowMemory();
	const kernels = made[bytes] ?? (memory && kernelsOf(bytes, memory));
	made[bytes] = kernels;
	return kernels;
}

/** The sum of the n elements from `start`, pairwise. */
function sum(x: TypedArray, start: number, n: number): number {
	const kernels = n >= LONG && isFloats(x) ? kernelsFor(x, n) : null;
	return kernels === null ? pairwiseSum(x, start, n) : sumInWindows(kernels, x, start, n);
}

function sumInWindows(kernels: Kernels, x: TypedArray, start: number, n: number): number {
	if (n > WINDOW) {
		const half = halfOf(n);
		return sumInWindows(kernels, x, start, half) + sumInWindows(kernels, x, start + half, n - half);
	}
	kernels.window.set(x.subarray(start, start + n));
	return kernels.total(windowAt(0), n);
}

/** The kernels of a sum and nothing else, as `makeSliceKernels` would generate them. */
export const sumKernels = { slice: sum, columns: pairwiseColumnSums };

/**
 * The greatest or least of the n elements from `start`, NaN if one is; undefined where it has to be
 * found by a loop. Of 0 and −0 the first counts, which vectors do not know.
 */
export function vectorExtreme(
	x: TypedArray,
	start: number,
	n: number,
	which: "greatest" | "least",
): number | undefined {
	const kernels = n >= LONG && isFloats(x) ? kernelsFor(x, n) : null;
	if (kernels === null) return undefined;
	const { window } = kernels;
	const worst = which === "greatest" ? -Infinity : Infinity;
	let made = worst;
	for (let from = 0; from < n; from += WINDOW) {
		const count = Math.min(n - from, WINDOW);
		const whole = Math.ceil(count / ROUND.compared) * ROUND.compared;
		window.set(x.subarray(start + from, start + from + count));
		if (count < whole) window.fill(worst, count, whole);
		const part = kernels[which](whole * window.BYTES_PER_ELEMENT);
		made = which === "greatest" ? Math.max(made, part) : Math.min(made, part);
	}
	return made === 0 ? undefined : made;
}
