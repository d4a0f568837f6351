/** What the editor asks the type checker, about a text and a place in it. */
export interface Question {
	readonly id: number;
	readonly kind: "check" | "complete" | "hover";
	readonly text: string;
	readonly at: number;
}

/** An error, or what a hover shows of a word. */
export interface Note {
	readonly from: number;
	readonly to: number;
	readonly message: string;
}

export interface Suggestion {
	readonly label: string;
	readonly type: string;
}

export interface Reply {
	readonly id: number;
	readonly notes: readonly Note[];
	readonly suggestions: readonly Suggestion[];
}
