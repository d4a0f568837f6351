import * as fc from "fast-check";
import { DerivationError } from "../../lib/core/error.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { type Tensor, tensor } from "../../lib/index.ts";
import { ours } from "../fuzz/loops/control.ts";
import { loopPrograms } from "../fuzz/loops/programs.ts";

/** A program with loops, branches, batches and gradients in each other, and how it is derived. */
export interface RandomControl {
	/** Null where it is refused, or where rounding to float32 decides how far lines are off. */
	readonly derivation: () => Derivation | null;
	/** As fast-check shows it. */
	readonly [fc.toStringMethod]: () => string;
}

/** Random programs of `fuzz:loops` to be derived. */
export function randomControl(): fc.Arbitrary<RandomControl> {
	return loopPrograms().map((program) => {
		const f = (x: readonly Tensor[]) => {
			const floats = program
				.by(ours)(x)
				.filter(({ dtype }) => dtype === "float64");
			const terms = floats.map((y, i) =>
				y
					.sin()
					.sum()
					.mul(i + 1),
			);
			return terms.reduce((total, term) => total.add(term), tensor(0));
		};
		const derivation = () => {
			if (program.args.some(({ dtype }) => dtype !== "float64")) return null;
			try {
				const derived = derive(f, { x: [...program.args] });
				for (const form of ["numpy", "latex", "markdown", "html"] as const) derived.print(form);
				return derived.print("ts").includes("float32") ? null : derived;
			} catch (error) {
				if (error instanceof DerivationError && /calls/.test(error.message)) return null;
				throw error;
			}
		};
		return { derivation, [fc.toStringMethod]: () => String(program) };
	});
}
