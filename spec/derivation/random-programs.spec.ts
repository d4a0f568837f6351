import * as fc from "fast-check";
import { programs } from "../../lib/check/programs.ts";
import { derive } from "../../lib/derivation/index.ts";
import * as adjoint from "../../lib/index.ts";
import { grad, type Tensor } from "../../lib/index.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { runPrinted } from "./run-printed.ts";

/** The sum of a program's results, each weighted unevenly so that no mistake cancels. */
function total(results: readonly Tensor[]): Tensor {
	return results
		.filter((x) => x.dtype === "float64")
		.map((x, i) =>
			x
				.mul(adjoint.arange(1, x.size + 1).reshape(x.shape))
				.sum()
				.mul(i + 1),
		)
		.reduce((sum, x) => sum.add(x), adjoint.tensor(0));
}

suite("derivation/random-programs", (test) => {
	test("the printed TypeScript of random programs gives the engine's gradients", () => {
		fc.assert(
			fc.property(programs({ maxOps: 6 }), ({ run, args }) => {
				const given = Object.fromEntries(args.map((x, i) => [`x${i + 1}`, x]));
				const f = (x: typeof given) => total(run(Object.values(x)));
				const derivation = derive(f, { x: given }, { simplify: false });
				const variables = new Map(Object.entries(given));
				for (const { name, value } of derivation.constants) {
					if (value.kind === "constant") variables.set(name, value.tensor);
				}
				const found = runPrinted(derivation.print("ts"), variables);
				for (const [name, g] of Object.entries(grad(f)(given))) {
					near(found[`grad_${name}`] as Tensor, g, 1e-9);
				}
			}),
			{ numRuns: 60 },
		);
	});
});
