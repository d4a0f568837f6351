const [QUOTE, BACKSLASH] = ['"', "\\"].map((character) => character.charCodeAt(0));
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Array.from("[]{}", (character) =>
	character.charCodeAt(0),
);

/**
 * Parses JSON that may be hostile. An engine takes up to 60 bytes for a bracket, so a text that is
 * deeper, or has more brackets, than an honest one is not given to it: `spread` is how many
 * characters there are for each of them.
 * @throws SyntaxError for that, and for what is no JSON
 */
export function parseJson(text: string, deepest: number, spread: number): unknown {
	let [depth, brackets] = [0, 0];
	for (let i = 0, inside = false; i < text.length; i++) {
		const character = text.charCodeAt(i);
		if (character === QUOTE) inside = !inside;
		else if (inside) {
			if (character === BACKSLASH) i++;
		} else if (character === OPEN_ARRAY || character === OPEN_OBJECT) {
			brackets++;
			if (++depth > deepest) throw new SyntaxError(`more than ${deepest} brackets are open`);
		} else if (character === CLOSE_ARRAY || character === CLOSE_OBJECT) depth--;
	}
	if (brackets * spread > text.length + 2 * spread) throw new SyntaxError("too many brackets");
	return JSON.parse(text);
}

/** A value as an error shows it: a long one is cut off. */
export function shortJson(value: unknown): string {
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
