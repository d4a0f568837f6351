import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { ElementPlace } from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { distance, isCertain, type Verdict } from "./compare.ts";
import type { Comparison } from "./examine.ts";
import type { Finding } from "./report.ts";

/** Of elements that move together so many are named. */
const NAMED = 4;

/** Where a comparison was made. */
export interface PlacedComparison {
	/** The argument that moved; null: all of them. */
	readonly leaf: number | null;
	/** The element that moved; null: a direction. */
	readonly element: number | null;
	/** The elements of the arguments that moved together, since they are equal. */
	readonly tied?: readonly ElementPlace[];
	readonly comparison: Comparison;
}

/**
 * So many certain comparisons make up for one that is not, of the same argument and result: near a
 * kink in single precision one of thousands may be uncertain.
 */
const CERTAIN_FOR_ONE = 3;

/** The comparisons of one argument and one result in one mode. */
class Block {
	readonly counts: Record<Verdict, number> = noCounts();
	readonly worst = new Map<Verdict, PlacedComparison>();
	/**
	 * The largest derivative, the largest distance from differences that passes, and the largest
	 * terms.
	 */
	private size = 0;
	private apart = 0;
	private terms = 0;
	/** How many pass whose derivative is seen not to be 0. */
	telling = 0;
	/** For how many it takes others that are certain; infinite where these would not do. */
	doubtful = 0;
	/** Those that are within their bounds, which are large beside themselves. */
	private readonly vague: PlacedComparison[] = [];

	add(place: PlacedComparison): void {
		const { verdict, given, numeric } = place.comparison;
		this.counts[verdict]++;
		if (verdict === "pass") {
			this.size = Math.max(this.size, Math.abs(given), Math.abs(numeric.left));
			this.terms = Math.max(this.terms, numeric.terms);
			this.apart = Math.max(this.apart, distance(given, numeric));
			if (isCertain(numeric) && Math.abs(numeric.left) > numeric.bound) this.telling++;
		}
		const isWithin = verdict === "pass" || verdict === "at-kink";
		if (isWithin && !isCertain(numeric)) this.vague.push(place);
		else if (verdict !== "pass") this.note(place);
	}

	private note(place: PlacedComparison): void {
		const { verdict } = place.comparison;
		const worst = this.worst.get(verdict);
		if (worst === undefined || isPlainer(place, worst)) this.worst.set(verdict, place);
	}

	get agreement(): number {
		return this.apart === 0 ? 0 : this.apart / Math.max(this.size, this.terms);
	}

	/** Once all are there: a bound that is large beside the largest derivative says little. */
	close(): void {
		if (this.counts["ill-conditioned"] > 0) this.doubtful = Number.POSITIVE_INFINITY;
		for (const place of this.vague) {
			const { numeric, verdict } = place.comparison;
			if (isCertain(numeric, this.size)) {
				if (verdict !== "pass") this.note(place);
				continue;
			}
			this.doubtful++;
			this.counts[verdict]--;
			this.counts["ill-conditioned"]++;
			const worst = this.worst.get("ill-conditioned")?.comparison.numeric.bound ?? 0;
			if (numeric.bound > worst) this.worst.set("ill-conditioned", place);
		}
	}
}

/** Gives the likely cause of a failure, if it is found. */
type Explain = (leaf: number, result: number | null, mode: Mode) => string | null;

/** Keeps count of the comparisons of one problem. */
export class Tally {
	private readonly problem: Problem;
	private readonly results: readonly Tensor[];
	private readonly explain: Explain;
	private readonly blocks = new Map<string, Block>();

	constructor(problem: Problem, results: readonly Tensor[], explain: Explain) {
		this.problem = problem;
		this.results = results;
		this.explain = explain;
	}

	add(place: PlacedComparison): void {
		const { leaf, tied } = place;
		const { mode, output } = place.comparison;
		const result = output === null ? "weighted" : this.locate(output).result;
		const key = `${mode} ${tied === undefined ? leaf : "tied"} ${result}`;
		const block = this.blocks.get(key) ?? new Block();
		this.blocks.set(key, block);
		block.add(place);
	}

	/** The counts, the findings and the agreement of everything that was added. */
	close(): { counts: Record<Verdict, number>; findings: Finding[]; agreement: number } {
		const counts = noCounts();
		const findings: Finding[] = [];
		let agreement = 0;
		for (const block of this.blocks.values()) block.close();
		for (const [key, block] of this.blocks) {
			agreement = Math.max(agreement, block.agreement);
			for (const verdict of Object.keys(counts) as Verdict[])
				counts[verdict] += block.counts[verdict];
			for (const [verdict, place] of block.worst) {
				const certain = verdict === "ill-conditioned" ? this.certainBeside(key) : 0;
				const count = block.counts[verdict];
				findings.push(this.finding(verdict as Finding["verdict"], place, { count, certain }));
			}
		}
		return { counts, findings: findings.filter(isNews), agreement };
	}

	/**
	 * How many certain derivatives make up for the uncertain ones of a block; 0 if they are too few.
	 * At higher orders, where a block may have a handful, those of all arguments and results count.
	 */
	private certainBeside(key: string): number {
		const mode = key.slice(0, key.indexOf(" ") + 1);
		const isBeside = (other: string) =>
			other === key || (this.problem.made.length > 0 && other.startsWith(mode));
		const blocks = [...this.blocks].filter(([other]) => isBeside(other));
		const doubtful = blocks.reduce((total, [, block]) => total + block.doubtful, 0);
		const telling = blocks.reduce((total, [, block]) => total + block.telling, 0);
		return CERTAIN_FOR_ONE * doubtful <= telling ? telling : 0;
	}

	private finding(
		verdict: Finding["verdict"],
		place: PlacedComparison,
		{ count, certain }: Pick<Finding, "count" | "certain">,
	): Finding {
		const { inputs, outputs, x, made } = this.problem;
		const { mode, output, given, again = null, numeric, refusal = null } = place.comparison;
		const { leaf, element, tied } = place;
		const at = output === null ? null : this.locate(output);
		return {
			verdict,
			order: made.length + 1,
			mode: modeName([...made, mode]),
			argument: leaf === null ? this.nameOf(tied) : inputs[leaf]!,
			together: tied !== undefined,
			index: leaf === null || element === null ? null : indexOf(element, x[leaf]!.shape),
			result: at === null ? outputs.join(" + ") : outputs[at.result]!,
			resultIndex: at === null ? null : indexOf(at.element, this.results[at.result]!.shape),
			given,
			again,
			numeric,
			refusal,
			count,
			certain,
			cause:
				verdict === "fail" && leaf !== null && mode !== "value"
					? this.explain(leaf, at?.result ?? null, mode)
					: null,
		};
	}

	/** What elements that move together are called; left out: everything moves. */
	private nameOf(tied: readonly ElementPlace[] | undefined): string {
		const { inputs, x } = this.problem;
		if (tied === undefined) return inputs.join(" + ");
		const names = tied.slice(0, NAMED).map(({ leaf, element, sign }, i) => {
			const index = indexOf(element, x[leaf]!.shape);
			const before = sign === -1 ? " - " : i > 0 ? " + " : "";
			return `${before}${inputs[leaf]}${index.length > 0 ? `[${index.join(", ")}]` : ""}`;
		});
		const more = tied.length - NAMED;
		return `${names.join("")}${more > 0 ? ` + ${more} more` : ""}`;
	}

	/** The result to which an element of all of them together belongs. */
	private locate(output: number): { result: number; element: number } {
		let element = output;
		let result = 0;
		while (element >= this.results[result]!.size) element -= this.results[result++]!.size;
		return { result, element };
	}
}

/** A finding on a weighted sum says nothing new beside one on a single element. */
function isNews(finding: Finding, _: number, all: readonly Finding[]): boolean {
	const { verdict, mode, argument, resultIndex } = finding;
	const isSame = (other: Finding) =>
		other.verdict === verdict && other.mode === mode && other.argument === argument;
	return resultIndex !== null || !all.some((other) => isSame(other) && other.resultIndex !== null);
}

/** Where the function is smooth a failure is plainer than at a kink; else the larger one is. */
function isPlainer(one: PlacedComparison, other: PlacedComparison): boolean {
	const isSmooth = ({ comparison }: PlacedComparison) => comparison.numeric.kind === "smooth";
	if (isSmooth(one) !== isSmooth(other)) return isSmooth(one);
	return excess(one) > excess(other);
}

/** How far a comparison is from passing; without numbers, as far as can be. */
function excess({ comparison: { given, again, numeric } }: PlacedComparison): number {
	const far = again === undefined ? distance(given, numeric) : Math.abs(given - again);
	return Number.isNaN(far) ? Number.POSITIVE_INFINITY : far;
}

/** No comparison of any verdict. */
export function noCounts(): Record<Verdict, number> {
	return {
		pass: 0,
		"at-kink": 0,
		fail: 0,
		"ill-conditioned": 0,
		"non-finite": 0,
		"not-deterministic": 0,
	};
}

/** The indices of an element that is given by its place in row-major order. */
export function indexOf(place: number, shape: Shape): number[] {
	const index: number[] = [];
	let rest = place;
	for (const size of [...shape].reverse()) {
		index.unshift(rest % size);
		rest = Math.floor(rest / size);
	}
	return index;
}

/** Several modes on top of each other, the last one outermost. */
function modeName(modes: readonly Comparison["mode"][]): string {
	return [...modes].reverse().join(" over ");
}
