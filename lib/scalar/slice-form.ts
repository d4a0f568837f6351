import { inSlice } from "./reducers.ts";
import {
	type ArgumentTerm,
	asTerm,
	rewritten,
	type Scalar,
	type Term,
	type Truth,
	withOperands,
} from "./scalar.ts";
import {
	type Leaf,
	leavesIn,
	type Reducing,
	type SliceForm,
	type SliceFormula,
	type SlicePass,
	varies,
} from "./slices.ts";

/** The form of a formula, made when it is first asked for. */
/* @__NO_SIDE_EFFECTS__ */
export function lazySlices(formula: SliceFormula, perElement: boolean, arity = 1): () => SliceForm {
	let form: SliceForm | undefined;
	return () => {
		form ??= formOf(formula, perElement, arity);
		return form;
	};
}

function formOf(formula: SliceFormula, perElement: boolean, arity: number): SliceForm {
	const leaves: Leaf[] = [];
	const made: Reducing[] = [];

	/** The argument that stands for something: of the same number each time. */
	const argument = (kind: Leaf["kind"], of = 0): ArgumentTerm<"number"> => {
		const known = leaves.findIndex((leaf) => leaf.kind === kind && leaf.index === of);
		const index = known < 0 ? leaves.push({ kind, index: of }) - 1 : known;
		return { kind: "argument", type: "number", index };
	};

	/** The result of a reducer; the same one where the same term is reduced again. */
	const result = (by: Reducing["by"], of: Term): Term => {
		const known = made.findIndex((one) => one.by === by && one.of === of);
		return argument("result", known < 0 ? made.push({ by, of }) - 1 : known);
	};

	const differs = (term: Term) => leavesIn(term, leaves).some(varies);

	/** A term for a loop: what is the same for all elements is a result, computed before. */
	const hoisted = (term: Term): Term => {
		if (!("args" in term) || differs(term)) return term;
		return term.type === "number"
			? result("value", term)
			: withOperands(term, term.args.map(hoisted));
	};

	/** What only formulas of slices call becomes an argument; what differs, a term for a loop. */
	const read = (part: Term): Term => {
		const called = inSlice(part);
		const [x] = "args" in part ? part.args : [];
		if (called === "n" || called === "position") return argument(called);
		if (called === "double") {
			return rewritten(x!, (one) => {
				const leaf = one.kind === "argument" ? leaves[one.index]! : null;
				return leaf?.kind === "element" ? argument("double", leaf.index) : one;
			});
		}
		if (called !== null) return result(called, hoisted(x!));
		return "args" in part && differs(part) ? withOperands(part, part.args.map(hoisted)) : part;
	};

	/** All results of which terms are made, each after those of which it is made. */
	const needed = (terms: readonly Term[], found = new Set<Reducing>()): Set<Reducing> => {
		for (const { kind, index } of terms.flatMap((term) => leavesIn(term, leaves))) {
			if (kind === "result") needed([made[index]!.of], found).add(made[index]!);
		}
		return found;
	};

	/** Results in passes, each after what it needs. Values and reducers do not share a pass. */
	const inPasses = (results: Iterable<Reducing>, unless: Truth | null): SlicePass[] => {
		const passes: Reducing[][] = [];
		for (const one of results) {
			const before = needed([one.of]);
			let at = passes.findLastIndex((pass) => pass.some((other) => before.has(other))) + 1;
			while (passes[at]?.some(({ by }) => (by === "value") !== (one.by === "value"))) at++;
			passes[at] = [...(passes[at] ?? []), one];
		}
		return passes.map((pass) => ({ results: pass, unless }));
	};

	/** The passes whose results a value needs; of a choice, those of what may not be chosen last. */
	const passesFor = (value: Term): SlicePass[] => {
		if (value.kind === "apply" && value.of.name === "select" && !differs(value.args[0]!)) {
			const [test, x, y] = value.args as [Truth, Scalar, Scalar];
			const always = needed([test, x]);
			const others = [...needed([y])].filter((one) => !always.has(one));
			return [...inPasses(always, null), ...inPasses(others, test)];
		}
		return inPasses(needed([value]), null);
	};

	const elements = Array.from({ length: arity }, (_, index) => argument("element", index));
	const numbers = Array.from({ length: formula.length - arity }, (_, i) => argument("number", i));
	const term = rewritten(
		asTerm(formula(...(elements.concat(numbers) as unknown as [Scalar, ...Scalar[]]))),
		read,
	);
	const reusing = (part: Term, original: Term) =>
		made.some(({ by, of }) => by === "value" && of === original) ? result("value", original) : part;
	const value = perElement ? hoisted(term) : rewritten(term, reusing);
	const passes = passesFor(value);
	const order = passes.flatMap(({ results }) => results);
	const numbered = leaves.map(({ kind, index }) => {
		return { kind, index: kind === "result" ? order.indexOf(made[index]!) : index };
	});
	return { leaves: numbered, passes, perElement, value };
}
