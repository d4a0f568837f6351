import { uniformNumber } from "./builder.ts";
import { factorsIn, type Monomial } from "./known-terms.ts";
import type { Instruction, Value } from "./program.ts";
import { overTerm, timesTerm } from "./sum-of-products.ts";
import { sharedBy } from "./write-terms.ts";

// What goes back through a choice comes as two terms, each 0 where the other counts.

/** A choice between something and 0. */
interface Choice {
	readonly step: Instruction;
	readonly condition: Value;
	/** Which argument is not 0 all over, and the other one. */
	readonly at: number;
	readonly other: number;
}

/** What sums of products are read by, and written as. */
interface Means {
	readonly read: (value: Value) => readonly Monomial[];
	readonly write: (terms: readonly Monomial[]) => Value;
	readonly make: (like: Instruction, inputs: readonly Value[]) => Value;
}

/**
 * Terms of which a condition picks one are a choice: `where(c, g, 0) · x + where(c, 0, g) · y` is
 * g · `where(c, x, y)`.
 */
export function inChoices(terms: readonly Monomial[], means: Means): readonly Monomial[] {
	for (const [i, term] of terms.entries()) {
		for (const other of terms.slice(i + 1)) {
			const one = together(term, other, means);
			if (one === null) continue;
			const rest = terms.filter((each) => each !== term && each !== other);
			return inChoices([...rest, one], means);
		}
	}
	return terms;
}

function together(term: Monomial, other: Monomial, means: Means): Monomial | null {
	for (const choice of choicesIn(term)) {
		for (const opposite of choicesIn(other)) {
			if (choice.condition !== opposite.condition || choice.at !== opposite.other) continue;
			if (choice.step.op !== opposite.step.op) continue;
			const parts = [picked(term, choice, means), picked(other, opposite, means)];
			if (parts.some((part) => part === null)) continue;
			return shared(parts as Monomial[], choice, means);
		}
	}
	return null;
}

/** The choices among the factors; of a product that absorbs zeros only the first makes it 0. */
function choicesIn({ factors, absorbing }: Monomial): Choice[] {
	return [...factors].flatMap(([x, p], i) => {
		const choice = p === 1 && (i === 0 || absorbing === null) ? choiceOf(x) : null;
		return choice === null ? [] : [choice];
	});
}

function choiceOf(value: Value): Choice | null {
	if (value.kind !== "instruction" || value.op.traits?.branches?.length !== 2) return null;
	const { inputs, op } = value;
	const [first, second] = op.traits!.branches as [number, number];
	const condition = inputs.find((_, i) => i !== first && i !== second);
	const isZero = (i: number) => uniformNumber(inputs[i]!) === 0;
	if (condition === undefined || isZero(first) === isZero(second)) return null;
	const [at, other] = isZero(first) ? [second, first] : [first, second];
	return { step: value, condition, at, other };
}

/** The term where it is not 0. */
function picked(term: Monomial, { step, at }: Choice, { read }: Means): Monomial | null {
	const [value, ...more] = read(step.inputs[at]!);
	if (value === undefined || more.length > 0 || value.absorbing !== null) return null;
	const chosen = { coefficient: 1, factors: new Map([[step, 1]]), absorbing: null };
	const rest = { ...overTerm(term, chosen), absorbing: null };
	return timesTerm({ ...value, absorbing: term.absorbing }, rest);
}

/** What both have in common, times the choice between the rest of them. */
function shared(parts: readonly Monomial[], { step, at, other }: Choice, means: Means): Monomial {
	const { coefficient, factors, absorbing, first } = sharedBy(parts);
	const common = { coefficient, factors, absorbing };
	const [here, there] = parts.map((part) => means.write([overTerm(part, common)]));
	const inputs = step.inputs.map((x, i) => (i === at ? here! : i === other ? there! : x));
	const choice = [means.make(step, inputs), 1] as const;
	// The factor that makes an absorbing product 0 stays first.
	const isFirst = first !== undefined && factors.has(first);
	const all = factorsIn(isFirst ? [...factors, choice] : [choice, ...factors]);
	return { coefficient, factors: all, absorbing: all.size > 1 ? absorbing : null };
}
