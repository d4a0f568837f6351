import { FormatError } from "../core/error.ts";

/** What the header of an npy file says. */
export interface NpyHeader {
	/** The dtype, as in `<f8`. */
	readonly descr: string;
	/** Whether neighbours in the file are neighbours along the first axis, not the last. */
	readonly fortranOrder: boolean;
	readonly shape: readonly number[];
}

/** NumPy has no arrays of more axes, and reads none. */
export const MOST_AXES = 64;

const SPACE = /\s*/y;
const QUOTED = /'([^'\\]*)'|"([^"\\]*)"/y;
const WORD = /True|False/y;
/** Python 2 wrote an L behind a long. */
const WHOLE = /(\d+)L?/y;

/**
 * Parses a header: a Python dict of literals with the keys `descr`, `fortran_order` and `shape` and
 * no others.
 * @throws FormatError for anything else
 */
export function parseNpyHeader(text: string): NpyHeader {
	return new HeaderParser(text).parse();
}

class HeaderParser {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	parse(): NpyHeader {
		let descr: string | undefined;
		let fortranOrder: boolean | undefined;
		let shape: number[] | undefined;
		this.#expect("{");
		while (!this.#take("}")) {
			const key = this.#string("a key");
			this.#expect(":");
			if (key === "descr" && descr === undefined) descr = this.#descr();
			else if (key === "fortran_order" && fortranOrder === undefined)
				fortranOrder = this.#boolean();
			else if (key === "shape" && shape === undefined) shape = this.#tuple();
			else throw this.#error(`the key '${key}' is unknown or stands twice`);
			if (!this.#take(",") && this.#peek() !== "}") throw this.#error("a comma or } is missing");
		}
		if (this.#peek() !== "") throw this.#error("something stands behind the dict");
		if (descr === undefined || fortranOrder === undefined || shape === undefined) {
			throw this.#error("descr, fortran_order or shape is missing");
		}
		return { descr, fortranOrder, shape };
	}

	#descr(): string {
		if (this.#peek() === "[") {
			throw new FormatError(
				"decodeNpy: expected plain numbers, got a structured dtype; save its fields one by one",
			);
		}
		return this.#string("a dtype");
	}

	#tuple(): number[] {
		const items: number[] = [];
		this.#expect("(");
		while (!this.#take(")")) {
			const size = Number(this.#match(WHOLE, "a size")[1]);
			if (!Number.isSafeInteger(size)) throw this.#error(`a size of ${size} is too large`);
			items.push(size);
			// (3) is a number in Python, (3,) a tuple.
			if (this.#take(",")) continue;
			if (this.#peek() !== ")" || items.length === 1) throw this.#error("a comma is missing");
		}
		if (items.length > MOST_AXES) throw this.#error(`${items.length} axes are too many`);
		return items;
	}

	#boolean(): boolean {
		return this.#match(WORD, "True or False")[0] === "True";
	}

	#string(what: string): string {
		const [, single, double] = this.#match(QUOTED, what);
		return single ?? double ?? "";
	}

	/** The next character that is not a space; empty at the end. */
	#peek(): string {
		SPACE.lastIndex = this.#at;
		SPACE.test(this.#text);
		this.#at = SPACE.lastIndex;
		return this.#text.charAt(this.#at);
	}

	#take(character: string): boolean {
		const found = this.#peek() === character;
		if (found) this.#at++;
		return found;
	}

	#expect(character: string): void {
		if (!this.#take(character)) throw this.#error(`${character} is missing`);
	}

	#match(pattern: RegExp, what: string): RegExpExecArray {
		this.#peek();
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text);
		if (found === null) throw this.#error(`${what} is missing`);
		this.#at = pattern.lastIndex;
		return found;
	}

	#error(why: string): FormatError {
		return new FormatError(`decodeNpy: the header is damaged: ${why} at character ${this.#at}`);
	}
}
