import { ShapeError } from "../core/error.ts";
import { broadcastShapes, type Shape, showShape } from "../core/shape.ts";

/** The axes of one operand, one label each; no label of `...` is a letter that the user wrote. */
export type Labels = readonly string[];

/**
 * Subscripts taken apart: the labels of each operand, those of the result, and the size of each
 * label.
 */
export interface Subscripts {
	readonly operands: readonly Labels[];
	readonly out: Labels;
	readonly sizes: ReadonlyMap<string, number>;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * Takes `"ij,jk->ik"` apart for operands of these shapes. Without an arrow, the result has the
 * labels that stand once, in alphabetical order, after those of `...`. The axes of `...` get
 * letters that are not in use.
 * @throws ShapeError where the subscripts are not well formed or do not fit the shapes
 */
export function parseSubscripts(subscripts: string, shapes: readonly Shape[]): Subscripts {
	const fail = (why: string) => new ShapeError(`einsum: ${why} in "${subscripts}"`);
	const [left, right, ...more] = subscripts.replaceAll(/\s/g, "").split("->");
	if (left === undefined || more.length > 0) throw fail("expected at most one ->");
	const terms = left.split(",");
	for (const term of right === undefined ? terms : [...terms, right]) {
		if (!/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term)) {
			throw fail(`expected letters and at most one ... for an operand, got "${term}"`);
		}
	}
	if (terms.length !== shapes.length) {
		throw fail(`expected ${terms.length} operands, got ${shapes.length}`);
	}
	const ranks = terms.map((term, i) => {
		const rank = shapes[i]!.length;
		const named = term.replace("...", "").length;
		if (term.includes("...") ? rank < named : rank !== named) {
			throw fail(
				`expected ${named} axes${term.includes("...") ? " or more" : ""} for "${term}", got shape ${showShape(shapes[i]!)}`,
			);
		}
		return rank - named;
	});
	const spare = [...LETTERS].filter((letter) => !subscripts.includes(letter));
	const hidden = Math.max(0, ...ranks);
	if (hidden > spare.length) throw fail("not enough letters are left for the axes of ...");
	const ellipsis = spare.slice(0, hidden);
	const labelsOf = (term: string, rank: number): string[] => {
		const [before, after] = term.split("...");
		return after === undefined
			? [...term]
			: [...before!, ...ellipsis.slice(hidden - rank), ...after];
	};
	const operands = terms.map((term, i) => labelsOf(term, ranks[i]!));
	const out = right === undefined ? implicitOut(terms, ellipsis) : labelsOf(right, hidden);
	const known = new Set(operands.flat());
	out.forEach((label, i) => {
		if (!known.has(label)) throw fail(`the label ${label} of the result stands in no operand`);
		if (out.indexOf(label) !== i) throw fail(`the label ${label} stands twice in the result`);
	});
	return { operands, out, sizes: sizesOf(operands, shapes, ellipsis, fail) };
}

function implicitOut(terms: readonly string[], ellipsis: Labels): string[] {
	const all = [...terms.join("").replaceAll(".", "")];
	const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label));
	return [...ellipsis, ...once.sort()];
}

/**
 * The size of each label: axes of one label agree, or one of size 1 in one operand is stretched to
 * the size that another has.
 */
function sizesOf(
	operands: readonly Labels[],
	shapes: readonly Shape[],
	ellipsis: Labels,
	fail: (why: string) => ShapeError,
): Map<string, number> {
	const sizes = new Map<string, number>();
	const hidden = shapes.map((shape, i) =>
		shape.filter((_, axis) => ellipsis.includes(operands[i]![axis]!)),
	);
	broadcastShapes("einsum", hidden).forEach((size, i, full) => {
		sizes.set(ellipsis[ellipsis.length - full.length + i]!, size);
	});
	operands.forEach((labels, i) => {
		labels.forEach((label, axis) => {
			const size = shapes[i]![axis]!;
			const beside = shapes[i]![labels.indexOf(label)]!;
			const known = sizes.get(label) ?? size;
			if (beside !== size || (known !== size && known !== 1 && size !== 1)) {
				const other = beside === size ? known : beside;
				throw fail(`the label ${label} has both size ${other} and size ${size}`);
			}
			sizes.set(label, known === 1 ? size : known);
		});
	});
	return sizes;
}
