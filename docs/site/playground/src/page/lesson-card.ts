// The card of a lesson: its question, its text, hints, and the way to the next one.
import { LESSONS, type LessonEntry } from "../lessons/index.ts";
import type { Lesson } from "../lessons/lesson.ts";
import { element, prose } from "./elements.ts";
import { language, word } from "./words.ts";

/** A lesson that is open. */
export interface OpenLesson {
	readonly entry: LessonEntry;
	readonly lesson: Lesson;
}

/** What the buttons of the card do. */
export interface LessonActions {
	readonly open: (entry: LessonEntry) => void;
	readonly showSolution: () => void;
	readonly startAgain: () => void;
}

export class LessonCard {
	private readonly parent: HTMLElement;
	private readonly actions: LessonActions;
	private shown: OpenLesson | null = null;
	private hints = 0;
	private isDone = false;

	constructor(parent: HTMLElement, actions: LessonActions) {
		this.parent = parent;
		this.actions = actions;
	}

	/** Shows a lesson; null for none. */
	show(lesson: OpenLesson | null): void {
		this.shown = lesson;
		this.hints = 0;
		this.isDone = false;
		this.draw();
	}

	/** All gradients of the lesson are right. */
	done(): void {
		if (this.isDone) return;
		this.isDone = true;
		this.draw();
	}

	/** Says that all is right, with a button of this id to the next lesson if there is one. */
	onward(id: string): HTMLElement {
		const { shown, actions } = this;
		const next = shown === null ? undefined : LESSONS[LESSONS.indexOf(shown.entry) + 1];
		const open = () => actions.open(next!);
		const button = element(
			"button",
			{ type: "button", id, click: open },
			`${word("nextLesson")} →`,
		);
		const parts = next === undefined ? [] : [" ", button];
		return element("p", { class: "agrees", role: "status" }, word("allRight"), ...parts);
	}

	/** Writes the card in the language of the page. */
	draw(): void {
		const { shown, parent, actions } = this;
		parent.hidden = shown === null;
		if (shown === null) return;
		const { entry, lesson } = shown;
		const lang = language();
		const button = (id: string, text: string, click: () => void, disabled = false) =>
			element("button", { type: "button", id, disabled, click }, text);
		const hints = lesson.hints.slice(0, this.hints);
		const { length } = lesson.hints;
		const hint = button(
			"hint",
			`${word("hint")} ${Math.min(this.hints + 1, length)}/${length}`,
			() => {
				this.hints++;
				this.draw();
				document.getElementById("hint")?.focus();
			},
			this.hints === length,
		);
		parent.replaceChildren(
			element("h2", {}, entry.title[lang]),
			element("blockquote", {}, ...prose(lesson.question[lang])),
			...lesson.text.map((text) => element("p", {}, ...prose(text[lang]))),
			element(
				"ol",
				{ class: "hints" },
				...hints.map((text) => element("li", {}, ...prose(text[lang]))),
			),
			element(
				"div",
				{ class: "controls" },
				hint,
				button("solution", word("solution"), actions.showSolution),
				button("again", word("again"), actions.startAgain),
			),
			...(this.isDone ? [this.onward("next")] : []),
		);
	}
}
