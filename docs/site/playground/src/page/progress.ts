// What the reader has done, kept in this browser alone.
const KEY = "adjoint-playground";

interface Progress {
	readonly lang?: string;
	/** The lessons that are done. */
	readonly done?: readonly string[];
	/** The reader's text of each lesson. */
	readonly code?: Readonly<Record<string, string>>;
}

/** What is kept; nothing where the browser keeps nothing, or something else is there. */
export function progress(): Required<Progress> {
	const nothing = { lang: "", done: [], code: {} };
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
		return { ...nothing, ...(typeof kept === "object" ? kept : {}) };
	} catch {
		return nothing;
	}
}

/** Keeps a part besides what is kept. */
export function keep(part: Progress): void {
	try {
		localStorage.setItem(KEY, JSON.stringify({ ...progress(), ...part }));
	} catch {
		// A browser may forbid it; then the page forgets.
	}
}
