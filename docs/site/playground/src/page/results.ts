// What there is to see of a derivation: a tab for each thing, and badges for what was checked.
import {
	type Derived,
	FORMS,
	type Lang,
	type Problem,
	type Ran,
	type TextForm,
	type Verdict,
} from "../protocol.ts";
import { said } from "./causes.ts";
import { element, prose } from "./elements.ts";
import { openFrame } from "./frames.ts";
import { showManual } from "./manual-report.ts";
import { type Sandbox, SandboxError } from "./sandbox.ts";
import { isDark } from "./theme.ts";
import type { TrainingPanel } from "./training-panel.ts";
import { language, type Word, word } from "./words.ts";

const TABS = ["yours", "derivation", ...FORMS, "checks", "compiled", "training"] as const;
export type Tab = (typeof TABS)[number];

const TITLES: Readonly<Record<Tab, string | { readonly word: Word }>> = {
	yours: { word: "yours" },
	derivation: { word: "derivation" },
	numpy: "NumPy",
	ts: "TypeScript",
	plain: { word: "plain" },
	latex: "LaTeX",
	jax: "JAX",
	wgsl: "WGSL",
	checks: { word: "checks" },
	compiled: { word: "compiled" },
	training: { word: "training" },
};

/** Milliseconds of rest after which checks run: they take longer than a derivation. */
const REST = 350;

/** The parts of the page that results are written to. */
export interface Places {
	readonly tabs: HTMLElement;
	readonly badges: HTMLElement;
	readonly panel: HTMLElement;
	readonly view: HTMLElement;
	readonly content: HTMLElement;
}

/** The checks; null for one that still runs. */
interface Verdicts {
	verify: Verdict | null;
	gradients: Verdict | null;
}

export class Results {
	/** Is told when a backward pass was checked and all is right; gives what leads on from there. */
	onAllRight: () => Node[] = () => [];
	/** Is told what went wrong while a tab was filled, or null. */
	onProblem: (problem: Problem | null) => void = () => {};
	/** The gradients that a lesson asks for. */
	wanted: readonly string[] = [];
	private readonly places: Places;
	private readonly sandbox: Sandbox;
	private readonly training: TrainingPanel;
	private readonly say: (text: string) => void;
	private frame: Promise<Window> | null = null;
	private tab: Tab = "derivation";
	private derived: Derived | null = null;
	/** What a program without a function printed; null for one with a function. */
	private printed: string | null = null;
	/** Counts derivations, so that what comes late is not shown beside a newer one. */
	private generation = 0;
	private timer = 0;
	private verdicts: Verdicts = blank();

	constructor(
		places: Places,
		sandbox: Sandbox,
		training: TrainingPanel,
		say: (text: string) => void,
	) {
		this.places = places;
		this.sandbox = sandbox;
		this.training = training;
		this.say = say;
		places.panel.tabIndex = 0;
		places.tabs.addEventListener("keydown", (event) => this.walk(event));
	}

	/** A program has run. */
	async show({ derived, printed }: Ran): Promise<void> {
		this.generation++;
		this.derived = derived;
		this.printed = derived === null ? String(printed) : null;
		this.verdicts = blank();
		this.training.reset();
		this.drawBadges();
		this.places.panel.classList.remove("stale");
		this.places.badges.classList.remove("stale");
		if (derived !== null) await this.showPage(derived);
		await this.fill();
		clearTimeout(this.timer);
		if (derived === null) return;
		this.timer = window.setTimeout(() => void this.check(), REST);
	}

	/** Another program comes: nothing of the last one stays. */
	clear(): void {
		this.stale();
		this.derived = null;
		this.printed = null;
		this.places.content.replaceChildren();
		this.places.badges.replaceChildren();
	}

	/** What is shown belongs to an earlier text. */
	stale(): void {
		this.generation++;
		clearTimeout(this.timer);
		this.training.pause();
		this.places.panel.classList.add("stale");
		this.places.badges.classList.add("stale");
	}

	/** Writes tabs and badges, in the language of the page. */
	draw(): void {
		const { tabs } = this.places;
		const hadFocus = tabs.contains(document.activeElement);
		tabs.replaceChildren(
			...TABS.map((tab) => {
				const title = TITLES[tab];
				const isOn = tab === this.tab;
				return element(
					"button",
					{
						type: "button",
						role: "tab",
						id: `tab-${tab}`,
						"aria-selected": String(isOn),
						"aria-controls": "panel",
						tabindex: isOn ? "0" : "-1",
						click: () => this.open(tab),
					},
					typeof title === "string" ? title : word(title.word),
				);
			}),
		);
		const chosen = document.getElementById(`tab-${this.tab}`)!;
		this.places.panel.setAttribute("aria-labelledby", chosen.id);
		if (hadFocus) chosen.focus();
		this.drawBadges();
	}

	open(tab: Tab): void {
		if (tab !== "training") this.training.pause();
		this.tab = tab;
		this.draw();
		void this.fill();
	}

	private walk(event: KeyboardEvent): void {
		const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (by === undefined) return;
		event.preventDefault();
		const next = (TABS.indexOf(this.tab) + by + TABS.length) % TABS.length;
		this.open(TABS[next]!);
	}

	private async showPage({ html }: Derived): Promise<void> {
		this.frame ??= openFrame("view.html", this.places.view, word("derivation"));
		(await this.frame).postMessage({ html: String(html), isDark: isDark() }, "*");
	}

	/** The page has become dark or light: the derivation's page does, too. */
	paint(): void {
		void this.frame?.then((frame) => frame.postMessage({ isDark: isDark() }, "*"));
	}

	/** Fills the tab that is open. */
	private async fill(): Promise<void> {
		const { view, content } = this.places;
		view.hidden = this.printed !== null || this.tab !== "derivation";
		content.hidden = !view.hidden;
		if (this.printed !== null) content.replaceChildren(...table("onlyPrints", this.printed));
		if (!view.hidden || this.derived === null) return;
		const { tab, generation } = this;
		const isCurrent = () => tab === this.tab && generation === this.generation;
		try {
			const parts = await this.contentOf(tab);
			if (isCurrent()) content.replaceChildren(...parts);
		} catch (error) {
			if (!(error instanceof SandboxError)) throw error;
			if (!isCurrent() || error.isSuperseded) return;
			content.replaceChildren(element("p", { class: "problem" }, said(error.message)));
			this.onProblem(error.problem);
		}
	}

	private async contentOf(tab: Tab): Promise<Node[]> {
		const lang = language();
		const form = FORMS.find((each) => each === tab);
		if (form !== undefined) return this.text(form, lang);
		if (tab === "yours") return this.manual();
		if (tab === "training") return [this.training.draw()];
		if (tab === "compiled") {
			const cost = await this.sandbox.ask({ kind: "cost" });
			const explanation = await this.sandbox.ask({ kind: "explain" });
			return [...table("costText", cost), ...table("compiledText", explanation)];
		}
		const { verify, gradients } = this.verdicts;
		return [
			...table("verifyText", verify?.text ?? word("runs")),
			...table("gradientsText", gradients?.text ?? word("runs")),
		];
	}

	private async text(form: TextForm, lang: Lang): Promise<Node[]> {
		const text = String(await this.sandbox.ask({ kind: "print", form, lang }));
		const copy = async () => {
			await navigator.clipboard.writeText(text);
			this.say(word("copied"));
		};
		return [
			element("button", { type: "button", class: "copy", click: () => void copy() }, word("copy")),
			element("pre", { tabindex: "0" }, text),
		];
	}

	private async manual(): Promise<Node[]> {
		if (this.derived?.hasBackward !== true) return [element("p", {}, word("noBackward"))];
		const manual = await this.sandbox.ask({ kind: "manual" });
		if (manual.place !== null) this.onProblem(manual.place);
		const { isDone, rows } = showManual(manual, this.wanted);
		return isDone ? [...rows, ...this.onAllRight()] : rows;
	}

	/** Runs what takes longer, when the reader rests. */
	private async check(): Promise<void> {
		const { generation } = this;
		for (const kind of ["verify", "gradients"] as const) {
			try {
				const verdict = await this.sandbox.ask({ kind });
				if (generation !== this.generation) return;
				this.verdicts[kind] = { ok: verdict.ok, text: String(verdict.text) };
			} catch (error) {
				if (!(error instanceof SandboxError)) throw error;
				if (generation !== this.generation || error.isSuperseded) return;
				this.verdicts[kind] = { ok: null, text: error.message };
			}
			this.drawBadges();
			if (this.tab === "checks") void this.fill();
		}
	}

	private drawBadges(): void {
		if (this.derived === null) {
			this.places.badges.replaceChildren();
			return;
		}
		const loss = Number(this.derived.loss);
		const badge = (kind: "verify" | "gradients") => {
			const verdict = this.verdicts[kind];
			const state = stateOf(verdict);
			const text = `${word(kind)}: ${word(state)}`;
			const open = () => this.open("checks");
			return element(
				"button",
				{ type: "button", class: `badge ${state}`, id: `badge-${kind}`, click: open },
				text,
			);
		};
		this.places.badges.replaceChildren(
			element("span", { class: "badge" }, `${word("loss")} = ${Number(loss.toPrecision(5))}`),
			badge("verify"),
			badge("gradients"),
		);
	}
}

function blank(): Verdicts {
	return { verify: null, gradients: null };
}

function stateOf(verdict: Verdict | null): "runs" | "holds" | "fails" | "undecided" {
	if (verdict === null) return "runs";
	if (verdict.ok === null) return "undecided";
	return verdict.ok ? "holds" : "fails";
}

function table(heading: Word, text: string): Node[] {
	const said = element("p", {}, ...prose(word(heading)));
	return [said, element("pre", { tabindex: "0" }, String(text))];
}
