import { ModuleBuilder } from "../../../../lib/asm/assembler.ts";
import { i32 } from "../../../../lib/asm/scalar.ts";
import { v128 } from "../../../../lib/asm/simd.ts";
import type { ScalarFunction } from "../../../../lib/backends/wasm/math/calls.ts";
import {
	type Code,
	double,
	type Floats,
	single,
	type Vector,
} from "../../../../lib/backends/wasm/math/floats.ts";

/** A function of vectors; `sin` and `cos` also take JavaScript's own. */
export type VectorFunction = (f: Code, floats: Floats, x: Vector, scalar: ScalarFunction) => Vector;

/** The values of a vector function at these points. */
export function valuesAt<T extends Float32Array | Float64Array>(
	vector: VectorFunction,
	points: T,
	scalar: (x: number) => number = Math.sin,
): T {
	const floats = points instanceof Float32Array ? single : double;
	const m = new ModuleBuilder({ pages: 1 });
	const callee = m.import("scalar", ["f64"], "f64");
	const size = Math.ceil(points.byteLength / 16) * 16;
	m.define("run", [], "none", (f) => {
		f.for(0, size, 16, (i) => {
			const x = f.let(v128.load(i));
			f.store(v128, i32.add(i, size), vector(f as Code, floats, x, callee));
		});
	});
	const memory = new WebAssembly.Memory({ initial: Math.ceil((2 * size) / 65536) });
	const env = { memory, scalar };
	const module = new WebAssembly.Module(m.bytes());
	new Uint8Array(memory.buffer).set(new Uint8Array(points.buffer));
	(new WebAssembly.Instance(module, { env }).exports.run as () => void)();
	const bytes = memory.buffer.slice(size, size + points.byteLength);
	return (points instanceof Float32Array ? new Float32Array(bytes) : new Float64Array(bytes)) as T;
}

/**
 * Numbers drawn evenly from 0 to below 1, always the same (G. Marsaglia, "Xorshift RNGs", 2003).
 */
function uniform(): () => number {
	let state = 0x2545f491;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
}

/** n points: a third within ±3, a third up to ±`widest`, a third of any size at all. */
export function points(n: number, widest: number, dtype: "float32" | "float64"): number[] {
	const next = uniform();
	const exponents = dtype === "float32" ? 149 : 1074;
	const all = Array.from({ length: n }, (_, i) => {
		const even = 2 * next() - 1;
		if (i % 3 === 0) return 3 * even;
		if (i % 3 === 1) return widest * even;
		return Math.sign(even) * 2 ** (exponents * (2 * next() - 1));
	});
	return dtype === "float32" ? [...Float32Array.from(all)] : all;
}
