import { mathml } from "../../../notation/mathml.ts";

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

/** A variable as SVG text: its index below the line. */
export function variableLabel(name: string): string {
	const [head = "", ...rest] = name.split("_").filter((part) => part !== "");
	const [, letters = "", digits = ""] = /^(.*?)(\d*)$/.exec(head)!;
	const index = [digits, ...rest].filter((part) => part !== "").join(",");
	const base =
		[...letters].length === 1
			? `<tspan class="letter">${escaped(letters)}</tspan>`
			: escaped(letters);
	return index === "" ? base : `${base}<tspan class="index" dy="4">${escaped(index)}</tspan>`;
}
