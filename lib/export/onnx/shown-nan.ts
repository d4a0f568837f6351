import type { Term } from "../../scalar/scalar.ts";
import type { SliceForm } from "../../scalar/slices.ts";

/** Numbers beside which NaN is tried. */
const OTHERS = [0, 1, -1, Number.POSITIVE_INFINITY];

/**
 * Whether an element that is NaN makes all that a form gives NaN, whatever the greatest of the
 * elements then is: the elements less that go into a total, which all results are made of. So it is
 * in a softmax.
 */
export function showsNan({ leaves, passes, value }: SliceForm): boolean {
	const leafOf = (term: Term) => (term.kind === "argument" ? leaves[term.index]! : null);
	const isElement = (term: Term) => {
		const leaf = leafOf(term);
		return leaf?.index === 0 && (leaf.kind === "element" || leaf.kind === "double");
	};
	const marked = new Set<number>();
	const isMarked = (term: Term) => {
		const leaf = leafOf(term);
		return leaf?.kind === "result" && marked.has(leaf.index);
	};
	for (const [i, { by, of }] of passes.flatMap(({ results }) => results).entries()) {
		if (by === "total" && passesOn(of, isElement)) marked.add(i);
		if (by === "value" && passesOn(of, isMarked)) marked.add(i);
	}
	return passesOn(value, isMarked);
}

/** Whether a term is NaN where such a part of it is. */
function passesOn(term: Term, isPart: (part: Term) => boolean): boolean {
	if (isPart(term)) return true;
	if (!("of" in term) || !("evaluate" in term.of)) return false;
	const { of, args } = term;
	const marked = args.findIndex((arg) => passesOn(arg, isPart));
	if (marked < 0) return false;
	return OTHERS.every((other) => {
		const numbers = args.map((_, i) => (i === marked ? Number.NaN : other));
		return Number.isNaN(of.evaluate(...numbers));
	});
}
