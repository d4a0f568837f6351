type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

/**
 * An element with attributes and children. A function is what happens at the event of that name;
 * true sets an attribute without a value, false leaves it out.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
	name: Name,
	attributes: Attributes = {},
	...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === "function") made.addEventListener(key, value);
		else if (typeof value === "string") made.setAttribute(key, value);
		else made.toggleAttribute(key, value);
	}
	made.append(...children);
	return made;
}

/** Text in which `…` is code. */
export function prose(text: string): Node[] {
	return text
		.split("`")
		.map((part, i) => (i % 2 === 0 ? document.createTextNode(part) : element("code", {}, part)));
}

/** The element of the page with this id. */
export function byId<Found extends HTMLElement = HTMLElement>(id: string): Found {
	const found = document.getElementById(id);
	if (found === null) throw new Error(`the page has no ${id}`);
	return found as Found;
}
