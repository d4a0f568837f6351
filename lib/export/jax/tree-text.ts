import type { Flattened } from "../../core/tree.ts";
import { isPlainObject } from "../../core/tree.ts";

/** A word in a tree that stands for a leaf's text, and no string of the user's. */
class Leaf {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** A tree in Python, around these texts: dictionaries and lists, and a tuple outside. */
export function treeText(tree: Flattened<unknown>, texts: readonly string[]): string {
	const rebuilt = tree.rebuild<unknown>(texts.map((text) => new Leaf(text)));
	if (!Array.isArray(rebuilt)) return nested(rebuilt);
	const items = rebuilt.map(nested);
	return items.length === 1 ? `(${items[0]},)` : items.join(", ") || "()";
}

function nested(node: unknown): string {
	if (node instanceof Leaf) return node.text;
	if (Array.isArray(node)) return `[${node.map(nested).join(", ")}]`;
	if (isPlainObject(node)) {
		const entries = Object.entries(node).map(
			([key, item]) => `${JSON.stringify(key)}: ${nested(item)}`,
		);
		return `{${entries.join(", ")}}`;
	}
	return "None";
}
