// The editor: TypeScript with errors at the lines where they arise.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import {
	bracketMatching,
	HighlightStyle,
	indentUnit,
	LanguageSupport,
	syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Problem } from "../protocol.ts";

const COLOURS = HighlightStyle.define([
	{ tag: tags.comment, class: "code-comment" },
	{ tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: "code-keyword" },
	{ tag: [tags.string, tags.number, tags.bool, tags.null], class: "code-literal" },
	{ tag: [tags.typeName, tags.className], class: "code-type" },
	{ tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "code-call" },
]);

/** An error in the text, as positions in it. */
export interface TextError {
	readonly from: number;
	readonly to: number;
	readonly message: string;
}

/** The text that the reader writes. */
export class Editor {
	private readonly view: EditorView;
	private readonly language = new Compartment();
	private readonly types = new Compartment();
	/** Errors by where they come from: of running, of types. */
	private readonly errors = new Map<string, readonly TextError[]>();

	/** @param onChange is told at each change that the reader makes */
	constructor(parent: Element, onChange: () => void) {
		this.view = new EditorView({
			parent,
			state: EditorState.create({
				extensions: [
					lineNumbers(),
					history(),
					drawSelection(),
					bracketMatching(),
					EditorView.lineWrapping,
					new LanguageSupport(typescriptLanguage),
					indentUnit.of("\t"),
					syntaxHighlighting(COLOURS),
					keymap.of([...defaultKeymap, ...historyKeymap]),
					this.language.of([]),
					this.types.of([]),
					EditorView.updateListener.of((update) => {
						if (
							update.docChanged &&
							!update.transactions.some((each) => each.isUserEvent("load"))
						) {
							onChange();
						}
					}),
				],
			}),
		});
	}

	get text(): string {
		return this.view.state.doc.toString();
	}

	/** Puts another text in the place of the reader's; that is no change of the reader's. */
	load(text: string): void {
		this.errors.clear();
		this.view.dispatch({
			changes: { from: 0, to: this.view.state.doc.length, insert: text },
			selection: { anchor: 0 },
			userEvent: "load",
		});
		this.showErrors();
	}

	/** What a screen reader calls it. */
	label(text: string): void {
		const attributes = EditorView.contentAttributes.of({ "aria-label": text });
		this.view.dispatch({ effects: this.language.reconfigure(attributes) });
	}

	/** Completion and hovers come from these. */
	useTypes(extensions: Extension): void {
		this.view.dispatch({ effects: this.types.reconfigure(extensions) });
	}

	focus(): void {
		this.view.focus();
	}

	/** Underlines the errors of one source, `run` or `types`. */
	mark(source: string, errors: readonly TextError[]): void {
		this.errors.set(source, errors);
		this.showErrors();
	}

	/** Where a problem lies; nothing where it has no line in this text. */
	placeOf({ line, column, message }: Problem): readonly TextError[] {
		const { doc } = this.view.state;
		if (line === null || !Number.isInteger(line) || line < 1 || line > doc.lines) return [];
		const { from, to } = doc.line(line);
		const start = Math.min(to, from + Math.max(0, Number(column ?? 1) - 1));
		return [{ from: start, to, message }];
	}

	private showErrors(): void {
		const { length } = this.view.state.doc;
		const all = [...this.errors.values()].flat();
		const shown = all.map(({ from, to, message }): Diagnostic => {
			const end = Math.min(to, length);
			return { from: Math.min(from, end), to: end, message, severity: "error" };
		});
		this.view.dispatch(setDiagnostics(this.view.state, shown));
	}
}
