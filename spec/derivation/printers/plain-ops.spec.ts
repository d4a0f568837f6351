import * as assert from "uvu/assert";
import { records } from "../../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../../lib/check/sampling.ts";
import { DerivationError } from "../../../lib/core/error.ts";
import type { Op } from "../../../lib/core/op.ts";
import { elements } from "../../../lib/core/strided.ts";
import { derive } from "../../../lib/derivation/index.ts";
import type { Tensor } from "../../../lib/index.ts";
import * as adjoint from "../../../lib/index.ts";
import { near, refuses } from "../../near.ts";
import { suite } from "../../suite.ts";
import { runPrinted } from "../run-printed.ts";

/** As a printed program of plain loops takes a tensor and gives it. */
const given = (x: Tensor) =>
	x.rank === 0 ? Number(x.item()) : Float64Array.from(elements(x), Number);
const list = (x: unknown) => (typeof x === "number" ? [x] : [...(x as Float64Array)]);

/** The sum of all elements, each weighted unevenly so that no mistake cancels. */
function total(x: Tensor): Tensor {
	const weights = adjoint.arange(1, x.size + 1, 1, { dtype: "float64" }).reshape(x.shape);
	return x.astype("float64").mul(weights).mul(0.1).sum();
}

/**
 * Runs the printed loops of an op and its gradient, and compares both with the engine. The
 * arguments of other dtypes than float64 are not differentiated.
 */
function compare(op: Op, seed: number): boolean {
	const { inputs, params } = op.sample!(drawFrom(numbersFrom(seed)));
	const entries = inputs.map((x, i) => [`x${i + 1}`, x] as const);
	const floats = Object.fromEntries(entries.filter(([, x]) => x.dtype === "float64"));
	const others = Object.fromEntries(entries.filter(([, x]) => x.dtype !== "float64"));
	const f = (floats: Record<string, Tensor>, others: Record<string, Tensor>) => {
		const all = { ...floats, ...others };
		return total(
			adjoint.apply(
				op,
				entries.map(([name]) => all[name]!),
				params,
			),
		);
	};
	const derivation = derive(f, { floats, others });
	const variables = new Map<string, unknown>(entries.map(([name, x]) => [name, given(x)]));
	for (const { name, value } of derivation.constants) {
		if (value.kind === "constant") variables.set(name, given(value.tensor));
	}
	const text = derivation.print("plain");
	const found = runPrinted(text, variables);
	const [value, gradient] = adjoint.valueAndGrad(f)(floats, others);
	near(list(found[derivation.forward.at(-1)!.variable]), [value.item()], 1e-12);
	for (const [name, g] of Object.entries(gradient)) {
		near(list(found[`grad_${name}`]), [...elements(g)], 1e-12);
	}
	return inputs.some((x) => x.size > 0);
}

/** Series and fractions of as many terms as an element needs: nobody reads them as loops. */
const WITHOUT_LOOPS = ["betainc", "gammainc", "gammaincSlope", "gammaincc"];

suite("derivation/printers/plain-ops", (test) => {
	for (const op of records) {
		if (WITHOUT_LOOPS.includes(op.name)) {
			test(`${op.name} has no plain loops, and says so`, () => {
				refuses(() => compare(op, 0), DerivationError, `${op.name}: it has no form as plain loops`);
			});
			continue;
		}
		test(`${op.name}: the plain loops of it and of its gradient give what the engine does`, () => {
			let full = 0;
			for (let seed = 0; full < 2 && seed < 24; seed++) if (compare(op, seed)) full++;
			assert.is(full, 2);
		});
	}
});
