import { inSlice } from "./reducers.ts";
import {
	type ArgumentTerm,
	constant,
	operandsOf,
	type Scalar,
	type Term,
	type Truth,
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
		form ??= new Builder(arity, formula.length - arity).form(formula, perElement);
		return form;
	};
}

class Builder {
	private readonly leaves: Leaf[] = [];
	private readonly made: (Reducing & { readonly result: ArgumentTerm<"number"> })[] = [];
	private readonly args: readonly Scalar[];

	constructor(arity: number, numbers: number) {
		const inputs = Array.from({ length: arity }, (_, index) =>
			this.argument({ kind: "element", index }),
		);
		const given = Array.from({ length: numbers }, (_, index) =>
			this.argument({ kind: "number", index }),
		);
		this.args = [...inputs, ...given];
	}

	form(formula: SliceFormula, perElement: boolean): SliceForm {
		const term = this.read(formula(...(this.args as [Scalar, ...Scalar[]])));
		const value = perElement ? this.hoisted(term) : this.reusing(term);
		const passes = this.passes(value);
		const order = passes.flatMap(({ results }) => results);
		const leaves = this.leaves.map(
			(leaf): Leaf =>
				leaf.kind === "result"
					? { kind: "result", index: order.indexOf(this.made[leaf.index]!) }
					: leaf,
		);
		const written = passes.map(({ results, unless }) => {
			return { results: results.map(({ by, of }) => ({ by, of })), unless };
		});
		return { leaves, passes: written, perElement, value };
	}

	/** A term with results, elements and numbers in place of what only formulas of slices call. */
	private readonly terms = new Map<Term, Term>();
	private read(term: Term): Term {
		const known = this.terms.get(term);
		if (known !== undefined) return known;
		const args = operandsOf(term).map((operand) => this.read(operand));
		const what = inSlice(term);
		let made = term;
		if (what === "n" || what === "position") made = this.argument({ kind: what });
		else if (what === "double") made = this.doubled(args[0]!);
		else if (what !== null) made = this.result(what, this.hoisted(args[0]!));
		else if (args.some((arg, i) => arg !== operandsOf(term)[i])) made = { ...term, args } as Term;
		this.terms.set(term, made);
		return made;
	}

	/** A term of the same elements, in float64. */
	private doubled(term: Term): Term {
		if (term.kind === "argument") {
			const leaf = this.leaves[term.index]!;
			return leaf.kind === "element" ? this.argument({ ...leaf, kind: "double" }) : term;
		}
		if (term.kind === "constant") return term;
		return { ...term, args: term.args.map((arg) => this.doubled(arg)) } as Term;
	}

	/** The argument that stands for something: the same one each time. */
	private argument(leaf: Leaf): ArgumentTerm<"number"> {
		const known = this.leaves.findIndex(
			(other) =>
				other.kind === leaf.kind &&
				(other as { index?: number }).index === (leaf as { index?: number }).index,
		);
		const index = known >= 0 ? known : this.leaves.push(leaf) - 1;
		return { kind: "argument", type: "number", index };
	}

	/** The result of a reducer; the same one where the same term is reduced again. */
	private result(by: Reducing["by"], of: Term): ArgumentTerm<"number"> {
		const known = this.made.find((one) => one.by === by && one.of === of);
		if (known !== undefined) return known.result;
		const result = this.argument({ kind: "result", index: this.made.length });
		this.made.push({ by, of, result });
		return result;
	}

	private differs(term: Term): boolean {
		return leavesIn(term, this.leaves).some(varies);
	}

	/** A term of elements in which what is the same for all of them is a result, computed before. */
	private readonly known = new Map<Term, Term>();
	private hoisted(term: Term | number): Term {
		if (typeof term === "number") return constant(term);
		const known = this.known.get(term);
		if (known !== undefined) return known;
		let made = term;
		if ("args" in term) {
			if (term.type === "number" && !this.differs(term)) made = this.result("value", term);
			else {
				const args = operandsOf(term).map((operand) => this.hoisted(operand));
				if (args.some((arg, i) => arg !== term.args[i])) made = { ...term, args } as Term;
			}
		}
		this.known.set(term, made);
		return made;
	}

	/** A term in which what is a result already stands as that. */
	private reusing(term: Term): Term {
		const known = this.known.get(term);
		if (known !== undefined || !("args" in term)) return known ?? term;
		const args = term.args.map((arg) => this.reusing(arg));
		return args.every((arg, i) => arg === term.args[i]) ? term : ({ ...term, args } as Term);
	}

	/** The passes whose results a value needs; of a choice, those of what may not be chosen last. */
	private passes(value: Term): SlicePass[] {
		if (value.kind === "apply" && value.of.name === "select") {
			const [test, x, y] = value.args as [Truth, Scalar, Scalar];
			const always = this.needed([test, x]);
			const others = [...this.needed([y])].filter((one) => !always.has(one));
			if (others.length > 0 && !this.differs(test)) {
				return [...this.inLevels([...always], null), ...this.inLevels(others, test)];
			}
		}
		return this.inLevels([...this.needed([value])], null);
	}

	/** All results of which terms are made, each after those of which it is made. */
	private needed(terms: readonly Term[]): Set<Reducing> {
		const found = new Set<Reducing>();
		const visit = (term: Term): void => {
			for (const leaf of leavesIn(term, this.leaves)) {
				if (leaf.kind !== "result") continue;
				const one = this.made[leaf.index]!;
				visit(one.of);
				found.add(one);
			}
		};
		terms.forEach(visit);
		return found;
	}

	/** Results in passes: each pass has those that need no other of it. */
	private inLevels(results: readonly Reducing[], unless: Truth | null): SlicePass[] {
		const passes: Reducing[][] = [];
		const levels = new Map<Reducing, number>();
		for (const one of results) {
			const before = [...this.needed([one.of])].map((other) => levels.get(other) ?? -1);
			let level = Math.max(-1, ...before) + 1;
			// Values and reducers do not share a pass.
			while ((passes[level] ?? [one]).some(({ by }) => (by === "value") !== (one.by === "value"))) {
				level++;
			}
			levels.set(one, level);
			passes[level] = [...(passes[level] ?? []), one];
		}
		return passes.map((pass) => ({ results: pass, unless }));
	}
}
