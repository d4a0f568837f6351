// Connects the editor with the type checker, which is loaded with this file.
import { autocompletion, type CompletionContext } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip } from "@codemirror/view";
import type { Question, Reply } from "../types/protocol.ts";
import type { TextError } from "./editor.ts";
import { element } from "./elements.ts";

/** Milliseconds of rest after which the text is checked. */
const REST = 300;

/** What the symbols beside suggestions are called in the editor. */
const SYMBOLS: Readonly<Record<string, string>> = {
	method: "method",
	function: "function",
	property: "property",
	const: "constant",
	let: "variable",
	parameter: "variable",
	interface: "interface",
	type: "type",
	class: "class",
	keyword: "keyword",
	module: "namespace",
};

/**
 * The extensions of the editor that know types.
 * @param onErrors is told the errors of the text, a while after each change
 */
export function typeSupport(onErrors: (errors: readonly TextError[]) => void): Extension {
	const worker = new Worker("types.js");
	const waiting = new Map<number, (reply: Reply) => void>();
	let count = 0;
	let timer = 0;
	worker.onmessage = ({ data }: MessageEvent<Reply>) => {
		waiting.get(data.id)?.(data);
		waiting.delete(data.id);
	};
	const ask = (kind: Question["kind"], text: string, at = 0) =>
		new Promise<Reply>((resolve) => {
			count++;
			waiting.set(count, resolve);
			worker.postMessage({ id: count, kind, text, at } satisfies Question);
		});
	const check = (view: EditorView) => {
		clearTimeout(timer);
		timer = window.setTimeout(async () => {
			const { doc } = view.state;
			const { notes } = await ask("check", doc.toString());
			// What was changed since is checked again.
			if (doc.eq(view.state.doc)) onErrors(notes);
		}, REST);
	};
	const complete = async (context: CompletionContext) => {
		const word = context.matchBefore(/[\w$]*/);
		const isAsked = context.explicit || (word !== null && word.from < word.to);
		const after = context.matchBefore(/\.[\w$]*/);
		if (!isAsked && after === null) return null;
		const { suggestions } = await ask("complete", context.state.doc.toString(), context.pos);
		const options = suggestions.map(({ label, type }) => ({
			label,
			type: SYMBOLS[type] ?? "text",
		}));
		return { from: word?.from ?? context.pos, options, validFor: /^[\w$]*$/ };
	};
	const hover = hoverTooltip(async (view, at) => {
		const { notes } = await ask("hover", view.state.doc.toString(), at);
		const note = notes[0];
		if (note === undefined) return null;
		const dom = element("div", { class: "hover" }, note.message);
		return { pos: note.from, end: note.to, above: true, create: () => ({ dom }) };
	});
	return [
		autocompletion({ override: [complete] }),
		hover,
		EditorView.updateListener.of(({ docChanged, view }) => {
			if (docChanged) check(view);
		}),
		EditorView.domEventHandlers({ focus: (_, view) => check(view) }),
	];
}
