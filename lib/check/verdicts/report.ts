import type { Numeric } from "../differences/line.ts";
import { distance, isDrowned, type Verdict } from "./compare.ts";

/** A derivative on which something is to be said: the worst of several that are alike. */
export interface Finding {
	readonly verdict: Exclude<Verdict, "pass">;
	/** 1 for a derivative of the function itself, 2 for one of its derivative, … */
	readonly order: number;
	/**
	 * How the derivative is computed, as `reverse`, `forward over reverse`; `value`: it is the
	 * function itself.
	 */
	readonly mode: string;
	/** The argument, by its path, as `args[0].w1`; all of them where all move, or none does. */
	readonly argument: string;
	/** The element of the argument that moves; null: it moves as a whole, in a random direction. */
	readonly index: readonly number[] | null;
	/** Whether equal elements, which `argument` names, move together. */
	readonly together: boolean;
	/**
	 * What is differentiated, by its path, as `result.loss`; at second order a gradient or tangent.
	 */
	readonly result: string;
	/** Its element; null: its elements are summed with random weights. */
	readonly resultIndex: readonly number[] | null;
	/** The derivative that was given. */
	readonly given: number;
	/** Where it is not deterministic: what a second call at the same point gave; else null. */
	readonly again: number | null;
	/** What differences say of it. */
	readonly numeric: Numeric;
	/** Why numbers are missing, at the point or nearby, if an error says so; else null. */
	readonly refusal: string | null;
	/** How many derivatives of this argument and result have this verdict. */
	readonly count: number;
	/**
	 * Where it is ill-conditioned: how many other derivatives of this argument and result, at higher
	 * orders of any, are certain, if that makes up for it, at least three for each; else 0.
	 */
	readonly certain: number;
	/** On a failure, what makes the numbers agree, if one of the usual mistakes does. */
	readonly cause: string | null;
}

const SEVERITY: readonly Finding["verdict"][] = [
	"not-deterministic",
	"fail",
	"non-finite",
	"ill-conditioned",
	"at-kink",
];

/**
 * Orders findings: failures first, and of each verdict those first that are read most easily:
 * where the function is smooth, of single elements, and with a known cause.
 */
export function plainFirst(a: Finding, b: Finding): number {
	const difficulties = (finding: Finding) => [
		SEVERITY.indexOf(finding.verdict),
		finding.numeric.kind === "smooth" ? 0 : 1,
		finding.index === null ? 1 : 0,
		finding.resultIndex === null ? 1 : 0,
		finding.cause === null ? 1 : 0,
	];
	const others = difficulties(b);
	return (
		difficulties(a)
			.map((difficulty, i) => difficulty - others[i]!)
			.find(Boolean) ?? 0
	);
}

/** So many findings are told in full. */
const TOLD = 6;

/** What a check of gradients found. Its `toString` is meant to be read. */
export class GradientReport {
	/**
	 * Whether every derivative is confirmed: it passes, or lies between those of the two sides of a
	 * kink; a few may be uncertain among many of the same argument and result that are not.
	 */
	readonly ok: boolean;
	/** How many derivatives have each verdict. */
	readonly counts: Readonly<Record<Verdict, number>>;
	/** What is not a pass: failures first, the plainest of them before others. */
	readonly findings: readonly Finding[];
	/**
	 * The largest distance between a derivative that passes and its differences, relative to the
	 * largest derivative of that argument and result, or to what the terms of the function over the
	 * size of the argument make likely.
	 */
	readonly agreement: number;
	/** The seed of the random directions, to repeat the check. */
	readonly seed: number;
	/** The arguments that were held fixed by `only` and `except`. */
	readonly fixed: readonly string[];
	/** What was being compared when the time limit ended the check; null: it is whole. */
	readonly stoppedAt: string | null;

	/** @internal */
	constructor(found: Omit<GradientReport, "ok" | "toString">) {
		this.counts = found.counts;
		this.findings = found.findings;
		this.agreement = found.agreement;
		this.seed = found.seed;
		this.fixed = found.fixed;
		this.stoppedAt = found.stoppedAt;
		this.ok = found.stoppedAt === null && found.findings.every(isHarmless);
	}

	/**
	 * The counts, then the findings with their numbers: the first few, and kinks only where nothing
	 * is worse.
	 */
	toString(): string {
		const parts = Object.entries(this.counts).filter(([, count]) => count > 0);
		const counted = parts.map(([verdict, count]) => `${count} ${verdict}`).join(", ");
		const summary = this.ok ? "gradients agree" : "gradients are not confirmed";
		const fixed = this.fixed.length > 0 ? `; ${this.fixed.join(", ")} held fixed` : "";
		const head = `${summary}: ${counted || "no elements"} (seed ${this.seed}${fixed})`;
		const telling = this.findings.filter((finding) => this.ok || !isHarmless(finding));
		const more = telling.length - TOLD;
		return [
			head,
			...telling.slice(0, TOLD).map(showFinding),
			...(more > 0 ? [`and ${more} more findings`] : []),
			...(this.stoppedAt === null
				? []
				: [`the time limit ended the check at ${this.stoppedAt}: what follows is not compared`]),
		].join("\n");
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/** Whether there is no reason to worry: it is right at a kink, or one of few that are uncertain. */
export function isHarmless({ verdict, certain }: Finding): boolean {
	return verdict === "at-kink" || certain > 0;
}

const WAY_OUT =
	"  pass what is random in as an argument, or fix its key, and use the same mask forward and backward";
const SEVERAL_KINKS =
	"  several kinks meet here; each op is right by itself, and all of them nearby";

const CONTESTED =
	"  they disagree, but the function or its derivative goes up and down within such a step, so this is not called wrong";

function showFinding(finding: Finding): string {
	const { verdict, order, mode, given, numeric, refusal, count, cause } = finding;
	const more = count > 1 ? `, the worst of ${count}` : "";
	const head = `${verdict}: ${showWhat(finding)} (order ${order}, ${mode}${more})`;
	if (verdict === "not-deterministic") {
		return [head, `  ${given}, and ${finding.again} at the same point again`, WAY_OUT].join("\n");
	}
	return [
		head,
		...(Number.isNaN(given) && refusal !== null
			? []
			: [`  given ${given}, differences ${showNumeric(numeric)}`]),
		...(verdict === "at-kink" && numeric.kind === "smooth" ? [SEVERAL_KINKS] : []),
		...(verdict === "ill-conditioned" ? [showDoubt(finding)] : []),
		...(refusal === null ? [] : [`  ${refusal}`]),
		...(cause === null ? [] : [`  likely cause: ${cause}`]),
	].join("\n");
}

function showDoubt({ given, numeric, certain }: Finding): string {
	if (distance(given, numeric) > numeric.bound && !isDrowned(numeric)) return CONTESTED;
	const others = ` here; they are certain for ${certain} others`;
	return `  the differences are too uncertain to tell${certain > 0 ? others : ""}`;
}

/** What was called, or differentiated by what. */
function showWhat({ mode, argument, index, together, result, resultIndex }: Finding): string {
	const element = resultIndex === null ? " · weights" : showIndex(resultIndex);
	if (mode.startsWith("value")) return `${result}${element}`;
	const whole = together ? " together" : " in a random direction";
	const moved = index === null ? whole : showIndex(index);
	return `d ${result}${element} / d ${argument}${moved}`;
}

function showNumeric({ kind, left, right, bound, estimate, step }: Numeric): string {
	if (kind === "none") return "none, since the values are not finite";
	if (kind === "unresolved") return "none, since the function changes too fast for all steps";
	const digits = (x: number) => String(Number(x.toPrecision(2)));
	const [low, high] = [upTo(left, bound), upTo(right, bound)];
	const value = {
		smooth: low,
		kink: `${low} on the left and ${high} on the right of a kink`,
		jump: `${low} on the left and ${high} on the right of a jump`,
		edge: `${low} on the one side where it is finite`,
	}[kind];
	return `${value} ± ${digits(bound)} (estimate ${digits(estimate)}, step ${digits(step)})`;
}

/** A value with the digits that a bound leaves it, and one more. */
function upTo(value: number, bound: number): string {
	const known = Math.ceil(Math.log10(Math.abs(value) / bound)) + 1;
	return String(Number(value.toPrecision(Math.min(17, Math.max(1, known || 1)))));
}

/** An element's indices, as `[3, 7]`; nothing for a scalar. */
function showIndex(index: readonly number[]): string {
	return index.length === 0 ? "" : `[${index.join(", ")}]`;
}
