import { mathml } from "../../../notation/mathml.ts";
import { symbolLatex } from "../../text/latex-symbols.ts";

/** Text as it may stand in HTML, also within quotation marks. */
export function escaped(text: string): string {
	const entities: Readonly<Record<string, string>> = {
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		'"': "&quot;",
	};
	return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** A paragraph in which mathematics stands between dollar signs. */
export function paragraph(text: string): string {
	const parts = text.split("$").map((part, i) => {
		if (i % 2 === 0) return escaped(part);
		// Fractions within a line would be too small to read.
		return mathml(part, part.includes("\\frac") ? "display" : "inline");
	});
	return `<p>${parts.join("")}</p>`;
}

/** A node has room for so many letters that can be read. */
const MOST_LETTERS = 13;

/** A variable as SVG text: its index below the line. Of a long name the end of the word is cut. */
export function variableLabel(name: string): string {
	const [head = "", ...rest] = name.split("_").filter((part) => part !== "");
	const [, letters = "", digits = ""] = /^(.*?)(\d*)$/.exec(head)!;
	const index = [digits, ...rest].filter((part) => part !== "").join(",");
	// A Greek letter is there by its name.
	const isGreek = letters !== "" && symbolLatex(letters) === `\\${letters}`;
	const shown = isGreek ? mathml(`\\${letters}`).replace(/<[^>]*>/g, "") : letters;
	const below = [...index].slice(-(MOST_LETTERS - 4)).join("");
	const room = MOST_LETTERS - [...below].length;
	const word = [...shown].length <= room ? shown : `${[...shown].slice(0, room - 1).join("")}…`;
	const base =
		[...word].length === 1 ? `<tspan class="letter">${escaped(word)}</tspan>` : escaped(word);
	return index === "" ? base : `${base}<tspan class="index" dy="4">${escaped(below)}</tspan>`;
}
