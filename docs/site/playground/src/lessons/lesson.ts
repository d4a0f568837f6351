import type { Input, Lang, Program } from "../protocol.ts";

export type Text = Readonly<Record<Lang, string>>;

/** A backward pass for the reader to write. */
export interface Lesson {
	/** What a reader of the introductory program asks, and the lesson answers. */
	readonly question: Text;
	/** Paragraphs; `…` is code. */
	readonly text: readonly Text[];
	/** From the first hint, which points, to the last, which gives a line away. */
	readonly hints: readonly Text[];
	readonly inputs: readonly Input[];
	readonly sizes: Readonly<Record<string, number>>;
	/** The forward pass, and what both passes need. */
	readonly forward: string;
	/** The backward pass as far as it is given, and all of it. */
	readonly start: string;
	readonly solution: string;
	/** The gradients that are to be right. */
	readonly wanted: readonly string[];
}

/** An input whose gradient is asked for. */
export function parameter(name: string, axes: string): Input {
	return { name, axes, kind: "normal", gradient: true, value: "1" };
}

/** An input that is held fixed. */
export function given(name: string, axes: string, kind: Input["kind"] = "normal"): Input {
	return { name, axes, kind, gradient: false, value: "1" };
}

/** What the page shows of a lesson at first; with the solution where it is given away. */
export function programOf(lesson: Lesson, backward = lesson.start): Program {
	const { forward, inputs, sizes } = lesson;
	return { code: `${forward}\n${backward}`, inputs, sizes, seed: 0, dtype: "float64" };
}
