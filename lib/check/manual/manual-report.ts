import { type Shape, showShape } from "../../core/shape.ts";

/** One gradient of a backward program, compared with the derived one. */
export interface ManualStep {
	/** What the program calls it, as `grad_h`. */
	readonly key: string;
	/** What it is the gradient by, as `h`. */
	readonly name: string;
	readonly agrees: boolean;
	readonly shape: Shape;
	/** The shape of what it is the gradient by. */
	readonly expectedShape: Shape;
	/**
	 * The element that is farthest from the derived gradient; null where the shapes differ or there
	 * is none.
	 */
	readonly worst: {
		readonly index: readonly number[];
		readonly given: number;
		readonly expected: number;
	} | null;
	/** How far rounding may take two ways to compute it apart. */
	readonly bound: number;
	/** Of the first one that is wrong: what makes it agree, if one of the usual mistakes does. */
	readonly cause: string | null;
}

/**
 * What became of a backward program that was written by hand. Its `toString` is meant to be read.
 */
export class ManualReport {
	readonly ok: boolean;
	/** The gradients in backward order. */
	readonly steps: readonly ManualStep[];
	/** The first gradient that is wrong; the ones after it are made from it. */
	readonly firstWrong: ManualStep | null;
	/** The error with which the program ended, and its likely cause; null where it ran to its end. */
	readonly stopped: { readonly message: string; readonly cause: string | null } | null;

	/** @internal */
	constructor(steps: readonly ManualStep[], stopped: ManualReport["stopped"]) {
		this.steps = steps;
		this.stopped = stopped;
		this.firstWrong = steps.find((step) => !step.agrees) ?? null;
		this.ok = stopped === null && this.firstWrong === null;
	}

	/** A line for each gradient; below the first that is wrong, its numbers and the likely cause. */
	toString(): string {
		if (this.stopped !== null) {
			const { message, cause } = this.stopped;
			return ["the backward program stops with an error", `  ${message}`, ...causeLine(cause)].join(
				"\n",
			);
		}
		const lines = this.steps.map((step) => {
			if (step.agrees) return `${step.key}: agrees`;
			if (step === this.firstWrong) return [`${step.key}: wrong`, ...details(step)].join("\n");
			return `${step.key}: wrong, perhaps because of ${this.firstWrong!.key}`;
		});
		return lines.join("\n");
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

function details({ key, name, shape, expectedShape, worst, bound, cause }: ManualStep): string[] {
	const numbers =
		worst === null
			? `${key} has shape ${showShape(shape)}, but ${name} has shape ${showShape(expectedShape)}`
			: `${worst.index.length === 0 ? "it" : `[${worst.index.join(", ")}]`} is ${worst.given}, and should be ${worst.expected} ± ${Number(bound.toPrecision(2))}`;
	return [`  ${numbers}`, ...causeLine(cause)];
}

function causeLine(cause: string | null): string[] {
	return cause === null ? [] : [`  likely cause: ${cause}`];
}
