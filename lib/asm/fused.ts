import { ModuleBuilder } from "./assembler.ts";
import { f32x4, f64x2 } from "./simd.ts";

/**
 * Whether the engine knows relaxed SIMD and its multiply-add rounds once, which is up to it: where
 * the processor has no such instruction it rounds twice.
 */
export function fuses(): boolean {
	const m = new ModuleBuilder(null);
	m.define("single", ["f32", "f32", "f32"], "f32", (_, x, y, z) =>
		f32x4.extract(f32x4.relaxedMadd(f32x4.splat(x), f32x4.splat(y), f32x4.splat(z)), 0),
	);
	m.define("double", ["f64", "f64", "f64"], "f64", (_, x, y, z) =>
		f64x2.extract(f64x2.relaxedMadd(f64x2.splat(x), f64x2.splat(y), f64x2.splat(z)), 0),
	);
	const bytes = m.bytes();
	if (!WebAssembly.validate(bytes)) return false;
	const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
	const { single, double } = exports as Record<string, (...x: number[]) => number>;
	return leavesRest(single!, 24) && leavesRest(double!, 53);
}

/**
 * Whether x·x − (x·x rounded) is what rounding took off, for an x whose square needs one bit more
 * than there are.
 */
function leavesRest(madd: (x: number, y: number, z: number) => number, bits: number): boolean {
	const small = 2 ** -Math.ceil(bits / 2);
	const x = 1 + small;
	return madd(x, x, -(1 + 2 * small)) === small * small;
}
