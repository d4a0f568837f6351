/**
 * Words that cannot be the name of a variable in Python or JavaScript, and what printed programs
 * use of either language.
 */
const RESERVED = new Set(
	(
		"and as assert async await break case catch class const continue debugger def default del delete do elif else enum " +
		"except export extends False finally for from function global if import in instanceof interface is lambda let new None " +
		"nonlocal not np null or package pass private protected public raise return static super switch this throw True try " +
		"typeof var void while with yield implements arguments eval undefined " +
		"abs enumerate float int len list max math range tuple zip Array Float64Array Infinity Math NaN Number"
	).split(" "),
);

/** Gives names out, each once; the same requests in the same order give the same names. */
export class Names {
	private readonly taken = new Set<string>();
	private readonly counts = new Map<string, number>();

	/** The name, made an identifier; with an underscore and a number where it is taken. */
	claim(wanted: string): string {
		const base = identifier(wanted);
		let name = base;
		for (let i = 2; this.taken.has(name); i++) name = `${base}_${i}`;
		this.taken.add(name);
		return name;
	}

	/** The next of `stem1`, `stem2`, … */
	next(stem: string): string {
		let name: string;
		do {
			const count = (this.counts.get(stem) ?? 0) + 1;
			this.counts.set(stem, count);
			name = identifier(stem + count);
		} while (this.taken.has(name));
		this.taken.add(name);
		return name;
	}
}

/**
 * A leaf by its place in an argument: its keys, without the argument's name unless they cannot
 * stand alone.
 */
export function leafName(argument: string, path: string): string {
	const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
	const alone = keys.length > 0 && !/^\d/.test(keys[0]!);
	return (alone ? keys : [argument, ...keys]).join("_");
}

/**
 * A text made a name that Python and JavaScript take, and that printed programs do not use
 * themselves.
 */
export function identifier(text: string): string {
	const cleaned = text.replace(/[^\p{ID_Continue}]/gu, "_").replace(/^(?=\d|$)/, "_");
	return RESERVED.has(cleaned) ? `${cleaned}_` : cleaned;
}
