import type { DType } from "../core/dtype.ts";
import { forLoops } from "../kernels/narrow.ts";
import { leastForVectors, type VectorLoop, vectorLoop } from "../kernels/vectors.ts";
import * as s from "../scalar/index.ts";
import { written } from "../scalar/javascript.ts";
import { isRounded } from "../scalar/rounding.ts";
import { argument, inOrder, rewritten, type Scalar, type Term } from "../scalar/scalar.ts";
import { isElement, type Reducing, type SliceForm } from "../scalar/slices.ts";

// Forms of slices as JavaScript for engines.

const EACH = "for (let i = start; i < start + n; i++)";

/**
 * What a reducer starts from, and what it does with each value; the last `made` is its result. An
 * extreme notes where it found it, if that is asked for.
 */
type Loop = readonly [start: string, step: (value: string, note: string) => string];

/** The first of equal ones stays, and so does a NaN. */
const extreme = (start: string, order: string): Loop => [
	start,
	(value, note) =>
		`const value = ${value}; if (value ${order} made) continue; made = value; ${note} if (value !== value) break;`,
];

const loops: Partial<Record<Reducing["by"], Loop>> = {
	// Of truth; a sum of numbers is pairwise.
	total: ["0", (value) => `if (${value}) made++;`],
	greatest: extreme("-Infinity", "<="),
	least: extreme("Infinity", ">="),
	every: ["1", (value) => `if (!${value}) { made = 0; break; }`],
	some: ["0", (value) => `if (${value}) { made = 1; break; }`],
	find: ["n", (value) => `if (${value}) { made = i - start; break; }`],
};

/** The dtype that holds all values of each leaf, for elements of x of a dtype. */
export function leafDTypes(form: SliceForm, dtype: DType): DType[] {
	const results = form.passes.flatMap((pass) => pass.results);
	const isOne = ({ by, of }: Reducing) => EXTREMES.has(by) && isElement(of, form);
	return form.leaves.map((leaf) => {
		const hasIt = leaf.kind === "result" ? isOne(results[leaf.index]!) : isOfX(leaf);
		return hasIt ? dtype : "float64";
	});
}

const EXTREMES = new Set<Reducing["by"]>(["greatest", "least"]);
const isOfX = ({ kind, index }: SliceForm["leaves"][number]) => kind === "element" && index === 0;

/**
 * What computes by vectors the term that is kept of each element, from x and what is the same for
 * all elements of a slice; null where nothing is kept, or vectors cannot have it.
 */
export function keptLoop(form: SliceForm, dtype: DType): VectorLoop | null {
	const { leaves } = form;
	const kept = keptIn(form);
	const isPlain = leaves.length <= 3 && leaves.every(({ kind }) => kind !== "position");
	if (kept === undefined || !isPlain) return null;
	return vectorLoop(kept, leafDTypes(form, dtype), isRounded(kept) ? "float32" : "float64");
}

/**
 * What makes by vectors the values of elements, from what is kept of each and what is the same for
 * all elements; null where there is more to it.
 */
export function valueLoop(form: SliceForm, dtype: DType): VectorLoop | null {
	const kept = keptIn(form);
	const same = kept && sameInValue(form, kept);
	if (!same) return null;
	const term = rewritten(form.value, (part, was) => {
		if (was === kept) return argument(0);
		return part.kind === "argument" ? { ...part, index: 1 + same.indexOf(part.index) } : part;
	});
	const own = isRounded(kept) ? "float32" : "float64";
	const inputs = [own, ...same.map(() => own)] as const;
	return vectorLoop(term, inputs, dtype === "float32" ? "float32" : "float64");
}

/** The leaves in the value beside what is kept, if they are results; else null. */
function sameInValue({ value, leaves }: SliceForm, kept: Term): number[] | null {
	const rest = rewritten(value, (part, was) => (was === kept ? s.n : part));
	const indices = inOrder(rest).flatMap((part) => (part.kind === "argument" ? [part.index] : []));
	const areFew = indices.length <= 2 && indices.every((i) => leaves[i]!.kind === "result");
	return areFew ? indices : null;
}

/**
 * The source that returns the kernels of a form; it calls what `makeSliceKernels` gives it, `keep`
 * and `finish` for the loops above where there are such.
 */
export function kernelSource(form: SliceForm, keeps = false, finishes = false): string {
	const { leaves, passes, perElement } = form;
	const results = passes.flatMap((pass) => pass.results);
	const kept = keptIn(form);
	const numbers = leaves.filter(({ kind }) => kind === "number").length;
	const texts = leaves.map(({ kind, index }) => {
		if (kind === "n") return "n";
		if (kind === "position") return "(i - start)";
		if (kind === "result") return `r${index}`;
		if (kind === "number") return `given[${index}]`;
		return index === 0 ? "x[i]" : `given[${numbers + index - 1}]`;
	});
	const sameSources = (k: number) => `same, ${k}, 0`;
	const setSame = (k: number) => `same[${k}] = ${texts[k]};`;
	texts.push("kept[base + i]");
	const keptTerm = argument(leaves.length);
	const value = rewritten(form.value, (part, was) => (was === kept ? keptTerm : part));

	/** The extreme that `find` seeks, as the first that equals it or is NaN: its loop notes where. */
	const sought = ({ by, of }: Reducing): Reducing | undefined => {
		const text = (test: Term) => JSON.stringify(written(test, texts));
		return results.find((one, k) => {
			if (by !== "find" || !["greatest", "least"].includes(one.by)) return false;
			const index = leaves.findIndex((leaf) => leaf.kind === "result" && leaf.index === k);
			const [x, extreme] = [one.of as Scalar, argument(index)];
			return text(of) === text(s.or(s.equal(x, extreme), s.notEqual(x, x)));
		});
	};

	/** A block of statements that does something with the value of a term. */
	const block = (term: Term, use: (value: string) => string) => {
		const { statements, value } = written(term, texts, forLoops);
		const number = term.type === "truth" ? `(${value} ? 1 : 0)` : value;
		return `{ ${statements.join(" ")} ${use(number)} }`;
	};

	/**
	 * The sum of a run of terms is a function of its own that is given all it reads, which is faster
	 * than one inside. Counts are exact in any order, so they are taken along.
	 */
	const functions: string[] = [];
	const nameOf = (one: Reducing) => `r${results.indexOf(one)}`;
	const sum = (r: string, of: Term, counts: readonly Reducing[]): string => {
		return of === kept ? sumKept(r, of) : sumOneByOne(r, of, counts);
	};
	const sumKept = (r: string, of: Term): string => {
		const fill = `${EACH} ${block(of, (value) => `kept[base + i] = ${value};`)}`;
		const added = `${r} = sum(kept, base + start, n);`;
		if (!keeps) return `${fill} ${added}`;
		functions.push(`const same = new Float64Array(${leaves.length});`);
		const set = leaves.map((leaf, k) => (isOfX(leaf) ? "" : setSame(k)));
		const sources = leaves.map((leaf, k) => (isOfX(leaf) ? "x, start, 1" : sameSources(k)));
		const keep = `keep(n, kept, base + start, ${sources.join(", ")})`;
		return `${set.join(" ")} if (n < ${leastForVectors(of)} || !${keep}) ${fill} ${added}`;
	};
	const sumOneByOne = (r: string, of: Term, counts: readonly Reducing[]): string => {
		const before = results.map((_, k) => `r${k}`).join(", ");
		const call = (from: string, count: string) =>
			`total_${r}(x, start, n, given, ${before}, ${from}, ${count})`;
		const step = block(of, (value) => `total += ${value};`);
		const along = counts.map((one) => block(one.of, (test) => `if (${test}) n_${nameOf(one)}++;`));
		functions.push(
			...counts.map((one) => `let n_${nameOf(one)};`),
			`function ${call("from", "count")} {`,
			`if (count > BLOCK) { const half = halfOf(count); return ${call("from", "half")} + ${call("from + half", "count - half")}; }`,
			`let total = 0; for (let i = from, end = from + count; i < end; i++) { ${step} ${along.join(" ")} } return total;`,
			"}",
		);
		return [
			...counts.map((one) => `n_${nameOf(one)} = 0;`),
			`${r} = ${call("start", "n")};`,
			...counts.map((one) => `${nameOf(one)} = n_${nameOf(one)};`),
		].join(" ");
	};

	const reduced = (one: Reducing, counts: readonly Reducing[]): string => {
		const { by, of } = one;
		const r = nameOf(one);
		if (by === "value" || by === "first") {
			return `const i = start; ${block(of, (value) => `${r} = ${value};`)}`;
		}
		if (isSum(one)) {
			return isElement(of, form) ? `${r} = sum(x, start, n);` : sum(r, of, counts);
		}
		if (by === "product") {
			if (isElement(of, form)) return `${r} = scaledProduct(x, start, n);`;
			const fill = `${EACH} ${block(of, (value) => `factors[i - start] = ${value};`)}`;
			return `const factors = new Float64Array(n); ${fill} ${r} = scaledProduct(factors, 0, n);`;
		}
		const extreme = sought(one);
		if (extreme !== undefined) return `${r} = at_${nameOf(extreme)};`;
		const [begin, step] = loops[by]!;
		const note = results.some((other) => sought(other) === one) ? `at_${r} = i - start;` : "";
		const loop = block(of, (value) => step(value, note));
		const found = `let made = ${begin}; ${EACH} ${loop} ${r} = made;`;
		const isExtreme = isElement(of, form) && (by === "greatest" || by === "least");
		if (!isExtreme || note !== "") return found;
		return `${r} = vectorExtreme(x, start, n, "${by}"); if (${r} === undefined) { ${found} }`;
	};

	const lines = passes.flatMap((pass) => {
		const sum = pass.results.find((one) => isSum(one) && !isElement(one.of, form));
		const counts = sum === undefined || sum.of === kept ? [] : pass.results.filter(isCount);
		const made = pass.results
			.filter((one) => !counts.includes(one))
			.map((one) => `{ ${reduced(one, one === sum ? counts : [])} }`);
		if (pass.unless === null) return made;
		return block(pass.unless, (test) => `if (!${test}) { ${made.join("\n")} }`);
	});
	const finish = (): string => {
		const same = sameInValue(form, kept!)!;
		const sources = ["kept, base + start, 1", ...same.map(sameSources)];
		const isLong = `n >= MANY && to.constructor === Result`;
		return `${same.map(setSame).join(" ")} if (${isLong} && finish(n, to, o, ${sources.join(", ")})) return 0;`;
	};
	const whole = onlyReducer(form);
	const given = "(x, start, n, given, to, o) {";
	return [
		`function slice${given}`,
		`let kept, base, ${results.map((_, k) => `r${k} = 0, at_r${k} = 0`).join(", ")};`,
		...(kept === undefined
			? []
			: [`[kept, base] = placeFor(start, n, to, o, ${isRounded(kept)});`]),
		...lines,
		finishes ? finish() : "",
		perElement
			? `${EACH} ${block(value, (value) => `to[o + i - start] = ${value};`)} return 0;`
			: block(value, (value) => `return ${value};`),
		"}",
		...functions,
		"function columns(x, start, n, stride, width, given) {",
		`const made = ${whole === "product" ? "scaledColumnProducts" : "pairwiseColumnSums"}(x, start, n, stride, width);`,
		`for (let i = 0; i < width; i++) { const r0 = made[i]; ${block(value, (value) => `made[i] = ${value};`)} }`,
		"return made;",
		"}",
		`return { slice, columns: ${whole === null ? null : "columns"} };`,
	].join("\n");
}

const isSum = ({ by, of }: Reducing) => by === "total" && of.type === "number";
const isCount = ({ by, of }: Reducing) => by === "total" && of.type === "truth";

/** What all elements become, by adding them up or by multiplying them, if that is all there is. */
function onlyReducer(form: SliceForm): "total" | "product" | null {
	const [one, ...more] = form.passes.flatMap((pass) => pass.results);
	if (one === undefined || more.length > 0 || form.perElement || !isElement(one.of, form))
		return null;
	if (one.by === "product") return one.by;
	return isSum(one) ? "total" : null;
}

/** A term that is summed and stands in the values of elements too: it is kept for them. */
export function keptIn({ passes, perElement, value }: SliceForm): Term | undefined {
	if (!perElement) return undefined;
	const shown: Term[] = inOrder(value).filter((part) => "args" in part);
	const sums = passes.flatMap(({ results }) => results.filter(({ by }) => by === "total"));
	return sums.map(({ of }) => of).find((of) => shown.includes(of));
}
