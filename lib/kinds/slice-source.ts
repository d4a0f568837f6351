import { BLOCK } from "../kernels/pairwise.ts";
import { definition, helpersOf, type Written, written } from "../scalar/javascript.ts";
import { type ArgumentTerm, inOrder, operandsOf, type Term } from "../scalar/scalar.ts";
import { isElement, type Reducing, type SliceForm, termsIn } from "../scalar/slices.ts";

// Forms of slices as JavaScript for engines.

/** Whether all that is done is to add elements up, and then something with the sums. */
function isSum(form: SliceForm): boolean {
	const results = form.passes.flatMap((pass) => pass.results);
	const [one, ...more] = results;
	return one?.by === "total" && isElement(one.of, form) && more.length === 0 && !form.perElement;
}

/** The most numbers for which a kernel keeps storage. */
const SMALL = 2 ** 14;

const EACH = "for (let i = start; i < start + n; i++)";

/** The source of a function that makes the kernels of a form. */
export function kernelSource(name: string, form: SliceForm): string {
	return new Writer(form).source(name);
}

class Writer {
	private readonly form: SliceForm;
	/** The texts of arguments, and terms that are kept from one pass for the values of elements. */
	private readonly texts: string[];
	private readonly kept: ReadonlyMap<Term, Term>;
	/** Lines of functions beside the kernel. */
	private readonly functions: string[] = [];

	constructor(form: SliceForm) {
		this.form = form;
		const numbers = form.leaves.filter(({ kind }) => kind === "number").length;
		this.texts = form.leaves.map((leaf) => {
			switch (leaf.kind) {
				case "n":
					return "n";
				case "position":
					return "(i - start)";
				case "result":
					return `r${leaf.index}`;
				case "number":
					return `given[${leaf.index}]`;
				default:
					return leaf.index === 0 ? "x[i]" : `given[${numbers + leaf.index - 1}]`;
			}
		});
		this.kept = form.perElement ? keptIn(form) : new Map();
		this.texts.push(...[...this.kept].map((_, k) => `kept${k}[base${k} + i]`));
	}

	source(name: string): string {
		const { passes, value, perElement } = this.form;
		const results = passes.flatMap((pass) => pass.results);
		const helpers = new Set(termsIn(this.form).flatMap(helpersOf));
		const lines = passes.flatMap(({ results: some, unless }) => {
			const made = this.pass(some, results);
			if (unless === null) return made;
			const { statements, value: test } = this.written(unless);
			return [
				`{ ${statements.join(" ")} if (!(${test})) {`,
				...made.map((line) => `  ${line}`),
				"} }",
			];
		});
		return [
			...[...helpers].flatMap((f) => definition(f)),
			...[...this.kept].map((_, k) => `let scratch${k} = new Float64Array(0);`),
			...this.functions,
			`function ${name}Slice(x, start, n, given, to, o) {`,
			...results.map((_, k) => `let r${k} = 0;`),
			...this.declarations(),
			...lines,
			...(perElement
				? [`${EACH} { ${this.assigned("to[o + i - start]", value)} }`, "return 0;"]
				: [this.returned(value)]),
			"}",
			...(isSum(this.form) ? this.columns(name) : []),
			`return { slice: ${name}Slice, columns: ${isSum(this.form) ? `${name}Columns` : "null"} };`,
		].join("\n");
	}

	/** Where terms are kept: in the result where that has all digits. */
	private declarations(): string[] {
		return [...this.kept].flatMap((_, k) => [
			`let kept${k} = to, base${k} = o - start;`,
			`if (${k} > 0 || !(to instanceof Float64Array)) {`,
			// Only what is small stays between calls.
			`if (scratch${k}.length < n && n <= ${SMALL}) scratch${k} = new Float64Array(n);`,
			`kept${k} = n <= ${SMALL} ? scratch${k} : new Float64Array(n); base${k} = -start;`,
			"}",
		]);
	}

	private columns(name: string): string[] {
		return [
			`function ${name}Columns(x, start, n, stride, width, given) {`,
			"const sums = pairwiseColumnSums(x, start, n, stride, width);",
			...(this.written(this.form.value).value === "r0"
				? []
				: [
						`for (let i = 0; i < width; i++) { const r0 = sums[i]; ${this.assigned("sums[i]", this.form.value)} }`,
					]),
			"return sums;",
			"}",
		];
	}

	private written(term: Term): Written {
		const isValue = term === this.form.value && this.kept.size > 0;
		return written(isValue ? replaced(term, this.kept) : term, this.texts);
	}

	/** A statement block that gives a place the value of a term. */
	private assigned(place: string, term: Term, operator = "="): string {
		const { statements, value } = this.written(term);
		return `${statements.join(" ")} ${place} ${operator} ${number(term, value)};`;
	}

	private returned(term: Term): string {
		const { statements, value } = this.written(term);
		return `${statements.join(" ")} return ${number(term, value)};`;
	}

	private pass(some: readonly Reducing[], all: readonly Reducing[]): string[] {
		const sum = some.find((one) => one.by === "total" && !isCount(one));
		// Counts are exact in any order, so they are taken along where a sum is.
		const counts = sum === undefined || isElement(sum.of, this.form) ? [] : some.filter(isCount);
		const along = counts.map((one) => [`r${all.indexOf(one)}`, one.of] as const);
		return some
			.filter((one) => !counts.includes(one))
			.map((one) => this.result(`r${all.indexOf(one)}`, one, one === sum ? along : []));
	}

	/**
	 * The pairwise loop of a sum, with counts taken along: each has its variable and its truth. It is
	 * a function of its own that is given all it reads, which is faster than one inside.
	 */
	private sum(r: string, of: Term, counts: readonly (readonly [string, Term])[]): string {
		const { statements, value } = this.written(of);
		const k = [...this.kept.keys()].indexOf(of);
		const tests = counts.map(([, test]) => this.written(test));
		const given = ["x", "start", "n", "given", ...this.texts.filter((text) => /^r\d/.test(text))];
		if (k >= 0) given.push(`kept${k}`, `base${k}`);
		const call = (from: string, count: string) => `sum${r}(${[...given, from, count].join(", ")})`;
		this.functions.push(
			...counts.map(([count]) => `let counted_${count} = 0;`),
			`function ${call("from", "count")} {`,
			`if (count > ${BLOCK}) { const half = halfOf(count); return ${call("from", "half")} + ${call("from + half", "count - half")}; }`,
			"let total = 0;",
			...tests.map((_, i) => `let found${i} = 0;`),
			"for (let i = from, end = from + count; i < end; i++) {",
			`${statements.join(" ")} const value = ${value}; total += value;`,
			...(k < 0 ? [] : [`kept${k}[base${k} + i] = value;`]),
			...tests.map((test, i) => `{ ${test.statements.join(" ")} if (${test.value}) found${i}++; }`),
			"}",
			...counts.map(([count], i) => `counted_${count} += found${i};`),
			"return total;",
			"}",
		);
		return [
			...counts.map(([count]) => `counted_${count} = 0;`),
			`${r} = ${call("start", "n")};`,
			...counts.map(([count]) => `${count} = counted_${count};`),
		].join(" ");
	}

	private result(
		r: string,
		{ by, of }: Reducing,
		counts: readonly (readonly [string, Term])[],
	): string {
		const { form } = this;
		const { statements, value } = this.written(of);
		const before = statements.join(" ");
		const loop = (begin: string, body: string) =>
			`{ let made = ${begin}; ${EACH} { ${body} } ${r} = made; }`;
		switch (by) {
			case "value":
				return `{ ${this.assigned(r, of)} }`;
			case "first":
				return `{ const i = start; ${this.assigned(r, of)} }`;
			case "total":
				if (isElement(of, form)) return `${r} = pairwiseSum(x, start, n);`;
				if (of.type === "truth") return loop("0", `${before} if (${value}) made++;`);
				return this.sum(r, of, counts);
			case "product": {
				if (isElement(of, form)) return `${r} = scaledProduct(x, start, n);`;
				const fill = this.assigned("factors[i - start]", of);
				return `{ const factors = new Float64Array(n); ${EACH} { ${fill} } ${r} = scaledProduct(factors, 0, n); }`;
			}
			case "greatest":
			case "least": {
				const [start, order] = by === "greatest" ? ["-Infinity", "<="] : ["Infinity", ">="];
				// The first of equal ones stays, and so does a NaN.
				const step = `const value = ${value}; if (value ${order} made) continue; made = value; if (value !== value) break;`;
				return loop(start, `${before} ${step}`);
			}
			case "every":
				return loop("1", `${before} if (!(${value})) { made = 0; break; }`);
			case "some":
				return loop("0", `${before} if (${value}) { made = 1; break; }`);
			case "find":
				return loop("n", `${before} if (${value}) { made = i - start; break; }`);
		}
	}
}

function number(term: Term, text: string): string {
	return term.type === "truth" ? `(${text} ? 1 : 0)` : text;
}

const isCount = ({ by, of }: Reducing) => by === "total" && of.type === "truth";

/** The terms that are summed and stand in the values of elements too, as arguments of their own. */
function keptIn({ passes, value, leaves }: SliceForm): Map<Term, Term> {
	const inside = new Set(inOrder(value));
	const sums = passes.flatMap(({ results }) =>
		results.flatMap(({ by, of }) => (by === "total" && inside.has(of) && "args" in of ? [of] : [])),
	);
	return new Map(
		sums.map((of, k): [Term, ArgumentTerm<"number">] => [
			of,
			{ kind: "argument", type: "number", index: leaves.length + k },
		]),
	);
}

/** A term with others in place of some of its parts. */
function replaced(term: Term, by: ReadonlyMap<Term, Term>): Term {
	const made = new Map<Term, Term>(by);
	for (const part of inOrder(term)) {
		if (made.has(part)) continue;
		const args = operandsOf(part).map((operand) => made.get(operand)!);
		made.set(part, "args" in part ? ({ ...part, args } as Term) : part);
	}
	return made.get(term)!;
}
