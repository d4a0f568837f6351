import type { Elements } from "./values.ts";

/** What a program is compared with. */
export interface Reference {
	/** The value of each variable that is known, by the lines themselves. */
	readonly lines: ReadonlyMap<string, Elements>;
	/** What the function and its derivative by the engine give, where a line stands for it. */
	readonly engine: ReadonlyMap<string, Elements>;
	readonly given: ReadonlyMap<string, Elements>;
	/** Of what each gradient is the gradient. */
	readonly gradientOf: ReadonlyMap<string, string>;
	/** The variable that is the result. */
	readonly result: string;
	/** What the program returns. */
	readonly results: readonly string[];
	/** Variables that have to be there. */
	readonly required: readonly string[];
}
