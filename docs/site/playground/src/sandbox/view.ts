// Shows the page of a derivation in a frame of its own: what it shows was made in the worker in
// which the reader's code runs, so it is no more to be trusted than that code. The policy of this
// page runs no script but this one.
import { paint } from "../paint.ts";

/** The script of a derivation's page, which the build puts in the place of this name. */
declare function DERIVATION_SCRIPT(
	document: Pick<
		Document,
		"querySelector" | "querySelectorAll" | "getElementById" | "body" | "activeElement"
	> & { addEventListener(type: string, listener: () => void): void },
	addEventListener: (type: string, listener: () => void) => void,
): void;

/** What no derivation needs, and what might take the frame elsewhere. */
const NOT_SHOWN = "script, meta, base, link, iframe, object, embed, form";

let listeners = new AbortController();

/** Shows a page in the place of the last one; what was open, and the step, stay. */
function show(html: string): void {
	const page = new DOMParser().parseFromString(html, "text/html");
	const openBefore = openParts();
	const step = stepNow();
	const { scrollTop } = document.documentElement;
	listeners.abort();
	listeners = new AbortController();
	const { signal } = listeners;
	document.documentElement.lang = page.documentElement.lang;
	for (const part of page.querySelectorAll(NOT_SHOWN)) part.remove();
	document.head.replaceChildren(...page.head.children);
	document.body.replaceChildren(...page.body.childNodes);
	for (const part of document.querySelectorAll("details")) {
		const isOpen = openBefore.get(nameOf(part));
		if (isOpen !== undefined) part.open = isOpen;
	}
	// It listens to the document for as long as its page is there.
	DERIVATION_SCRIPT(
		{
			querySelector: document.querySelector.bind(document),
			querySelectorAll: document.querySelectorAll.bind(document),
			getElementById: document.getElementById.bind(document),
			body: document.body,
			get activeElement() {
				return document.activeElement;
			},
			addEventListener: (type, listener) => document.addEventListener(type, listener, { signal }),
		},
		(type, listener) => window.addEventListener(type, listener, { signal }),
	);
	const next = document.querySelector<HTMLButtonElement>('[data-go="1"]');
	for (let i = 0; i < step; i++) next?.click();
	document.documentElement.scrollTop = scrollTop;
}

/** The number of the line that is looked at; 0 where all are shown. */
function stepNow(): number {
	return Number(/\d+/.exec(document.querySelector("output")?.textContent ?? "")?.[0] ?? 0);
}

function openParts(): ReadonlyMap<string, boolean> {
	return new Map(
		[...document.querySelectorAll("details")].map((part) => [nameOf(part), part.open]),
	);
}

/** Where a part that opens stands: in a line, by its class. */
function nameOf(part: HTMLElement): string {
	return `${part.closest("[id]")?.id ?? ""} ${part.className}`;
}

/** From the page: a derivation to show, and whether the page is dark. */
interface Shown {
	readonly html?: string;
	readonly isDark: boolean;
}

addEventListener("message", ({ source, data }: MessageEvent<Shown>) => {
	if (source !== parent) return;
	if (data.html !== undefined) show(data.html);
	paint(data.isDark);
});
parent.postMessage({ from: "view" }, "*");
