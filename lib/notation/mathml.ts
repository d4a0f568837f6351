/** What a command of LaTeX is in MathML: the symbol and the element it goes into. */
const SYMBOLS: Readonly<Record<string, readonly [element: "mi" | "mo", text: string]>> = {
	...operators(
		"odot ⊙ cdot ⋅ times × ast ∗ bmod mod sum ∑ le ≤ ge ≥ ne ≠ land ∧ lor ∨ lnot ¬ to →",
	),
	...operators("lvert | rvert | lVert ‖ rVert ‖ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉"),
	partial: ["mi", "∂"],
	infty: ["mi", "∞"],
	top: ["mi", "⊤"],
	ldots: ["mi", "…"],
	...functions("exp log max min det sin cos tan arcsin arccos arctan sinh cosh tanh"),
	...letters(
		"alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi",
		"αβγδεζηθικλμνξ",
	),
	...letters("pi rho sigma tau upsilon phi varphi chi psi omega", "πρστυϕφχψω"),
	...letters("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega", "ΓΔΘΛΞΠΣΥΦΨΩ"),
};

const OPEN = new Set(["(", "[", "\\lvert", "\\lVert", "\\lfloor", "\\lceil"]);
const CLOSE = new Set([")", "]", "\\rvert", "\\rVert", "\\rfloor", "\\rceil"]);

/** Operators from a list in which a symbol follows each name. */
function operators(list: string): Record<string, readonly ["mo", string]> {
	const words = list.split(" ");
	const pairs = words.flatMap((name, i) => (i % 2 === 0 ? [[name, ["mo", words[i + 1]!]]] : []));
	return Object.fromEntries(pairs);
}

function functions(names: string): Record<string, readonly ["mi", string]> {
	return Object.fromEntries(names.split(" ").map((name) => [name, ["mi", name]]));
}

function letters(names: string, texts: string): Record<string, readonly ["mi", string]> {
	return Object.fromEntries(names.split(" ").map((name, i) => [name, ["mi", [...texts][i]!]]));
}

/**
 * The mathematics of LaTeX, as far as derivations use it, as a native MathML element: LaTeX is the
 * one source, so both say the same.
 * @throws SyntaxError for a command that it does not know
 */
export function mathml(latex: string, style: "inline" | "display" = "inline"): string {
	const tokens = latex.match(/\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\S/gu) ?? [];
	const attribute = style === "display" ? ' displaystyle="true"' : "";
	return `<math${attribute}>${new Reader(tokens).row()}</math>`;
}

function escaped(text: string): string {
	const entities: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };
	return text.replace(/[<>&]/g, (character) => entities[character]!);
}

/** Reads tokens from the front and writes MathML. */
class Reader {
	private readonly tokens: readonly string[];
	private at = 0;

	constructor(tokens: readonly string[]) {
		this.tokens = tokens;
	}

	/** Everything up to the end or to a bracket that closes. */
	row(): string {
		let out = "";
		while (this.at < this.tokens.length && !this.isClosing()) out += this.scripted();
		return out;
	}

	private isClosing(): boolean {
		const token = this.tokens[this.at]!;
		return token === "}" || CLOSE.has(token) || token === "\\right";
	}

	/** An item with what stands below and above it. */
	private scripted(): string {
		const isBig = this.tokens[this.at] === "\\sum";
		const base = this.item();
		let [below, above] = ["", ""];
		for (
			let next = this.tokens[this.at];
			next === "_" || next === "^";
			next = this.tokens[this.at]
		) {
			this.at++;
			if (next === "_") below = this.item();
			else above = this.item();
		}
		if (below !== "" && above !== "") {
			const both = isBig ? "munderover" : "msubsup";
			return `<${both}>${base}${below}${above}</${both}>`;
		}
		if (above !== "") return `<msup>${base}${above}</msup>`;
		if (below === "") return base;
		const element = isBig ? "munder" : "msub";
		return `<${element}>${base}${below}</${element}>`;
	}

	/** One thing: a symbol, a group, or a command with its arguments. */
	item(): string {
		const token = this.tokens[this.at++]!;
		if (token === "{") return this.until("}", "", "");
		if (token === "\\left") return this.item();
		if (OPEN.has(token)) return this.bracketed(token);
		if (/^\d/.test(token)) return `<mn>${token}</mn>`;
		if (/^\p{L}$/u.test(token)) return `<mi>${token}</mi>`;
		if (token.startsWith("\\")) return this.command(token.slice(1));
		return `<mo>${token === "-" ? "−" : escaped(token)}</mo>`;
	}

	private bracketed(open: string): string {
		const start = this.symbol(open, "prefix");
		const inside = this.row();
		if (this.tokens[this.at] === "\\right") this.at++;
		return `<mrow>${start}${inside}${this.symbol(this.tokens[this.at++]!, "postfix")}</mrow>`;
	}

	private symbol(token: string, form: string): string {
		return `<mo form="${form}">${SYMBOLS[token.slice(1)]?.[1] ?? token}</mo>`;
	}

	private until(close: string, before: string, after: string): string {
		const inside = this.row();
		if (this.tokens[this.at] === close) this.at++;
		return `<mrow>${before}${inside}${after}</mrow>`;
	}

	private command(name: string): string {
		const known = SYMBOLS[name];
		if (known !== undefined) return `<${known[0]}>${known[1]}</${known[0]}>`;
		const read = Object.hasOwn(STRUCTURES, name) ? STRUCTURES[name] : undefined;
		if (read !== undefined) return read(this);
		throw new SyntaxError(`mathml: \\${name} is not among the commands that derivations use`);
	}

	/** The letters in braces as they stand. */
	word(): string {
		let out = "";
		this.at++;
		while (this.tokens[this.at] !== "}") {
			const token = this.tokens[this.at++]!;
			out += token === "\\," ? " " : escaped(token);
		}
		this.at++;
		return out;
	}
}

function accented(reader: Reader, sign: string): string {
	return `<mover accent="true">${reader.item()}<mo>${sign}</mo></mover>`;
}

/** The commands that take arguments. */
const STRUCTURES: Readonly<Record<string, (reader: Reader) => string>> = {
	frac: (reader) => `<mfrac>${reader.item()}${reader.item()}</mfrac>`,
	hat: (reader) => accented(reader, "^"),
	bar: (reader) => accented(reader, "¯"),
	tilde: (reader) => accented(reader, "˜"),
	sqrt: (reader) => `<msqrt>${reader.item()}</msqrt>`,
	operatorname: (reader) => `<mi mathvariant="normal">${reader.word()}</mi>`,
	mathrm: (reader) => `<mi mathvariant="normal">${reader.word()}</mi>`,
	",": () => '<mspace width="0.17em"></mspace>',
	";": () => '<mspace width="0.28em"></mspace>',
};
