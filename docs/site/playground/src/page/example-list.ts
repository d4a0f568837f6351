// The list of examples, with a search: a dialog over the page.
import { element } from "./elements.ts";
import type { Example, ExampleGroup } from "./examples.ts";
import { language, word } from "./words.ts";

/** Lets the reader choose; `onChoice` is told what. */
export function showExamples(
	dialog: HTMLDialogElement,
	groups: readonly ExampleGroup[],
	onChoice: (example: Example) => void,
): void {
	const list = element("div", { class: "found" });
	const count = element("p", { class: "quiet", role: "status" });
	const choose = (example: Example) => {
		dialog.close();
		onChoice(example);
	};
	const search = element("input", {
		type: "search",
		"aria-label": word("searchExamples"),
		placeholder: word("searchExamples"),
		autocomplete: "off",
		input: () => fill(),
		keydown: (event) => {
			if ((event as KeyboardEvent).key !== "Enter") return;
			// The button that gets the focus back would be pressed by the same key.
			event.preventDefault();
			list.querySelector("button")?.click();
		},
	});
	const fill = () => {
		const found = groups.map((group) => ({ ...group, examples: matching(group, search.value) }));
		const all = found.flatMap(({ examples }) => examples);
		count.textContent = word("found").replace("#", String(all.length));
		list.replaceChildren(
			...found
				.filter(({ examples }) => examples.length > 0)
				.flatMap(({ title, examples }) => [
					element("h3", {}, title[language()]),
					element("ul", {}, ...examples.map((each) => element("li", {}, button(each, choose)))),
				]),
		);
	};
	fill();
	const close = element("button", { type: "button", click: () => dialog.close() }, word("close"));
	dialog.replaceChildren(element("div", { class: "head" }, search, close), count, list);
	// What lies around the dialog belongs to it, too.
	dialog.onclick = ({ target }) => {
		if (target === dialog) dialog.close();
	};
	dialog.showModal();
	search.focus();
}

function button(example: Example, choose: (example: Example) => void): HTMLElement {
	const { id, title } = example;
	const click = () => choose(example);
	return element("button", { type: "button", id: `example-${id}`, click }, title[language()]);
}

/** The examples of a group in which each of the words stands, in either language. */
function matching({ title, examples }: ExampleGroup, asked: string): readonly Example[] {
	const words = asked.toLowerCase().split(/\s+/);
	return examples.filter((example) => {
		const parts = [example.id, example.title.en, example.title.zh, title.en, title.zh];
		const text = parts.join(" ").toLowerCase();
		return words.every((each) => text.includes(each));
	});
}
