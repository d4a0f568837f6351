import * as assert from "uvu/assert";
import { compile, javascriptBackend, wasmBackend } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import type { ListFunction } from "../control/loops.ts";
import { near } from "../near.ts";

/** Those that need nothing but JavaScript and WebAssembly. */
export const backends = [wasmBackend, javascriptBackend];

/** The kinds of all steps, those inside of loops included. */
type Explained = ReturnType<ReturnType<typeof compile>["explain"]>["steps"];
const kindsIn = (steps: Explained): string[] =>
	steps.flatMap(({ runs, body }) => [runs, ...kindsIn(body ?? [])]);

/** A compiled function gives what it gives as it is, and runs no op outside of the code. */
export function agrees(f: ListFunction, x: readonly Tensor[], bound: number): void {
	const expected = f(x);
	for (const backend of backends) {
		const run = compile(f, { backend });
		const explanation = run.explain(x);
		assert.not(kindsIn(explanation.steps).includes("evaluation"), String(explanation));
		// Twice: the second call finds what the first one left.
		for (const results of [run(x), run(x)]) {
			for (const [i, y] of results.entries()) {
				assert.is(y.dtype, expected[i]!.dtype);
				near(y, expected[i]!, bound);
			}
		}
	}
}
