import type { ShaderWriter } from "../../wgsl/shader.ts";
import { factors } from "./factors.ts";

// What steps y ← a·y + b do together, of some in a row: again such a step. Its factor has an
// exponent of its own: it may be too large or too small where what it is multiplied by is not. No
// step at all has no sum yet: 0 is not multiplied then, for it might be by ∞.

/** The name of the function that makes one step of two, or of what does one to a number. */
export function affineSteps(m: ShaderWriter, name: "step" | "merged"): string {
	factors(m, "of");
	m.define(
		"affine",
		`struct Affine { factor: Factors, sum: f32 }
fn affine_step(factor: f32, sum: f32) -> Affine { return Affine(factors_of(factor), sum); }
fn affine_merged(a: Affine, b: Affine) -> Affine {
	if (a.factor.number == 1f && a.factor.power == 0 && a.sum == 0f) { return b; }
	let factor = factors_merged(a.factor, b.factor);
	let sum = factors_whole(factors_merged(b.factor, factors_of(a.sum)));
	return Affine(factor, sum + b.sum);
}`,
	);
	return `affine_${name}`;
}
