import * as assert from "uvu/assert";
import { specialNumbers } from "../../lib/check/readings.ts";
import { records } from "../../lib/check/records.ts";
import { inFunctions } from "../../lib/notation/formula.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import * as functions from "../../lib/scalar/functions.ts";
import * as s from "../../lib/scalar/index.ts";
import { definition, forEngines, helpersOf } from "../../lib/scalar/javascript.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import {
	type CallTerm,
	constant,
	type DefinedFunction,
	inOrder,
	type Scalar,
	type Term,
} from "../../lib/scalar/scalar.ts";
import { specialized, truthAsNumber, truthIn } from "../../lib/scalar/specialize.ts";
import { suite } from "../suite.ts";

/** What a call of a function is of. */
function functionOf(f: (x: Scalar, y: Scalar) => Scalar): DefinedFunction {
	return (f(constant(0), constant(0)) as CallTerm).of as DefinedFunction;
}

const terms = new Map<string, Term>(
	[...records, ...Object.values(functions).map(functionOf)].flatMap((one) => {
		const term = "term" in one ? one.term : one.formula;
		return term === undefined ? [] : [[one.name, term()] as const];
	}),
);

const arityOf = (term: Term) =>
	Math.max(0, ...inOrder(term).map((part) => (part.kind === "argument" ? part.index + 1 : 0)));

/** Each number beside each. */
function grid(arity: number): number[][] {
	const numbers = arity < 3 ? specialNumbers : [0, -0, 1, -20, Infinity, -Infinity, NaN];
	return Array.from({ length: arity }).reduce<number[][]>(
		(all) => all.flatMap((point) => numbers.map((x) => [...point, x])),
		[[]],
	);
}

/** A term as JavaScript runs its text. */
function run(term: Term, style = forEngines): (...x: number[]) => number {
	const f = { name: "formula", arity: arityOf(term), term: () => term };
	const text = [...helpersOf(term), f].flatMap((one) => definition(one, style)).join("\n");
	return new Function(`${text}\nreturn (...x) => Number(formula(...x));`)();
}

/** A text gives what the primitives give one after the other. */
function checkText(name: string, term: Term, style = forEngines): void {
	const [actual, expected] = [run(term, style), termEvaluator(term)];
	for (const point of grid(arityOf(term))) {
		const [a, e] = [actual(...point), expected(...point)];
		assert.ok(Object.is(a, e), `${name}(${point.join(", ")}): expected ${e}, got ${a}`);
	}
}

suite("scalar/readings", (test) => {
	test("what engines run is, bit for bit, what the primitives give", () => {
		for (const [name, term] of terms) checkText(name, term);
	});

	test("so is what readers are shown", () => {
		const style = inFunctions(({ name }) => name);
		for (const [name, term] of terms) checkText(name, term, style);
	});

	test("where an argument is a constant or truth, a formula that is made for it gives the same bits", () => {
		const known: Term[] = [
			...[0, -0, 1, 2, -20, Infinity, NaN].map(constant),
			truthAsNumber({ kind: "argument", type: "truth", index: 9 }),
		];
		for (const [name, term] of terms) {
			const arity = arityOf(term);
			const whole = termEvaluator(term);
			for (let i = 0; i < arity; i++) {
				for (const value of known) {
					const args = Array.from({ length: arity }, (_, index): Term => {
						return index === i ? value : { kind: "argument", type: "number", index };
					});
					const short = termEvaluator(specialized(term, args));
					for (const point of grid(arity)) {
						for (const t of value.kind === "constant" ? [0] : [0, 1]) {
							const given = point.with(i, value.kind === "constant" ? value.value : t);
							const padded = Object.assign([...point], { 9: t });
							const [a, e] = [short(...padded), whole(...given)];
							assert.ok(Object.is(a, e), `${name}(${given}): expected ${e}, got ${a}`);
						}
					}
				}
			}
		}
	});

	test("a mask that is truth leaves a choice, and a power of a number no question", () => {
		const truth = truthAsNumber({ kind: "argument", type: "truth", index: 1 });
		const g: Term = { kind: "argument", type: "number", index: 0 };
		const kept = specialized(terms.get("keepWhere")!, [g, truth]);
		assert.equal(kept, s.select(truthIn(truth)!, g, 0));
		const cube = specialized(terms.get("power")!, [g, constant(3)]);
		assert.equal(cube, s.pow(g, 3));
	});

	test("truth is no number", () => {
		termOf((x: Scalar) => {
			// @ts-expect-error a comparison gives truth
			s.add(s.less(x, 0), x);
			// @ts-expect-error and so does this
			return s.and(x, x);
		}, 1);
	});
});
