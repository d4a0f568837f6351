import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { type Backend, compile, javascriptBackend, wasmBackend } from "../../lib/compile/index.ts";
import type { Data } from "../../lib/core/params.ts";
import { apply, type Tensor } from "../../lib/index.ts";
import { inOrder, type Term } from "../../lib/scalar/scalar.ts";
import { near } from "../near.ts";

import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

/**
 * Ops whose passes over a slice make their sums in another order, or of other terms, than the op's
 * own evaluation, or in float32 of terms that are rounded before.
 */
const OTHER_ORDER = new Set([
	"powerNorm",
	"logSoftmax",
	"logSumExp",
	"norm",
	"shares",
	"softmax",
	"std",
	"variance",
]);

/** Whether a formula calls a function that has a form of its own for float32. */
function hasOwnForm(term: Term): boolean {
	return inOrder(term).some((part) => {
		if (part.kind !== "call") return false;
		const { of } = part;
		return (
			of.short !== undefined || of.single !== undefined || ("term" in of && hasOwnForm(of.term()))
		);
	});
}

/** How far the JavaScript backend may be off in float32: it rounds functions of float64, once. */
function allowedFor(op: (typeof records)[number]): number {
	if (OTHER_ORDER.has(op.name)) return 2e-6;
	// By itself such a function may be two units off.
	return op.formula !== undefined && hasOwnForm(op.formula()) ? 3 * 2 ** -23 : 0;
}

/** Runs the op compiled and by itself on the same arguments. */
function agrees(
	op: (typeof records)[number],
	inputs: readonly Tensor[],
	params: Data,
	tolerance: number,
	backend: Backend = wasmBackend,
): void {
	const f = (given: readonly Tensor[]) => apply(op, given, params);
	near(compile(f, { backend })(inputs), f(inputs), tolerance);
}

suite("compile/equality", (test) => {
	test("every op gives compiled what it gives by itself, in float64 and views of it", () => {
		for (const op of records) {
			if (op.sample === undefined) continue;
			const draw = drawFrom(numbersFrom(1));
			for (let i = 0; i < sampled(4); i++) {
				const { inputs, params } = op.sample(draw);
				agrees(op, inputs, params, 1e-12);
			}
		}
	});

	test("the javascript backend gives the bits of every op by itself in float64", () => {
		for (const op of records) {
			if (op.sample === undefined) continue;
			const draw = drawFrom(numbersFrom(3));
			for (let i = 0; i < sampled(8); i++) {
				const { inputs, params } = op.sample(draw);
				agrees(op, inputs, params, OTHER_ORDER.has(op.name) ? 1e-14 : 0, javascriptBackend);
			}
		}
	});

	test("and in float32 those of most, and all up to its precision", () => {
		for (const op of records) {
			if (op.sample === undefined) continue;
			const draw = drawFrom(numbersFrom(4));
			for (let i = 0; i < sampled(4); i++) {
				const { inputs, params } = op.sample(draw);
				const singles = inputs.map((x) => (x.dtype === "float64" ? x.astype("float32") : x));
				agrees(op, singles, params, allowedFor(op), javascriptBackend);
			}
		}
	});

	test("WebAssembly in float32, up to its precision", () => {
		for (const op of records) {
			if (op.sample === undefined) continue;
			const draw = drawFrom(numbersFrom(2));
			for (let i = 0; i < sampled(2); i++) {
				const { inputs, params } = op.sample(draw);
				const singles = inputs.map((x) => (x.dtype === "float64" ? x.astype("float32") : x));
				agrees(op, singles, params, 2e-6);
			}
		}
	});
});
