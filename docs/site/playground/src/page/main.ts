// The page: what the reader changes goes to the sandbox, what comes back is shown.
import { LESSONS, type LessonEntry } from "../lessons/index.ts";
import { programOf } from "../lessons/lesson.ts";
import type { Lang, Problem, Program } from "../protocol.ts";
import { plainly } from "./causes.ts";
import { Editor } from "./editor.ts";
import { byId, element } from "./elements.ts";
import { errorInChinese } from "./errors.ts";
import { type Example, exampleGroups, exampleOf, FIRST } from "./examples.ts";
import { InputsPanel } from "./inputs-panel.ts";
import { LessonCard, type OpenLesson } from "./lesson-card.ts";
import { fragmentOf, readFragment } from "./link.ts";
import { keep, progress } from "./progress.ts";
import { Results } from "./results.ts";
import { Sandbox, SandboxError } from "./sandbox.ts";
import { changeTheme, isDark, onTheme } from "./theme.ts";
import { TrainingPanel } from "./training-panel.ts";
import { language, setLanguage, type Word, word, writeWords } from "./words.ts";

/** Milliseconds of rest after which a change is derived. */
const DEBOUNCE = 25;
/** Milliseconds for which there may be nothing to stop between one question and the next. */
const STOP_REST = 200;
/** Milliseconds of rest after which the address follows. */
const ADDRESS_REST = 400;

const sandbox = new Sandbox();
const editor = new Editor(byId("editor"), changed);
const inputs = new InputsPanel(byId("inputs"), changed);
const training = new TrainingPanel(sandbox, ({ problem }) => showProblem(problem));
const places = {
	tabs: byId("tabs"),
	badges: byId("badges"),
	panel: byId("panel"),
	view: byId("view"),
	content: byId("content"),
};
const results = new Results(places, sandbox, training, say);
const card = new LessonCard(byId("lesson"), {
	open: (entry) => void openLesson(entry),
	showSolution: () => startLesson((lesson) => lesson.solution),
	startAgain: () => startLesson((lesson) => lesson.start),
});
let open: OpenLesson | null = null;
let example: Example | null = null;
let timer = 0;
let addressTimer = 0;
let stopTimer = 0;
let isDeriving = false;
let isWaiting = false;

results.onProblem = showProblem;
results.onAllRight = () => {
	if (open !== null) {
		card.done();
		keep({ done: [...new Set([...progress().done, open.entry.id])] });
		drawMenus();
	}
	return [card.onward("next-below")];
};
sandbox.onBusy = (isBusy) => {
	clearTimeout(stopTimer);
	if (isBusy) byId("stop").removeAttribute("disabled");
	else stopTimer = window.setTimeout(() => byId("stop").setAttribute("disabled", ""), STOP_REST);
};
byId("stop").addEventListener("click", () => {
	training.pause();
	sandbox.stop();
	// What ran was about a derivation that is gone with the worker.
	if (!isDeriving) changed();
});
byId("types").addEventListener("click", () => void toggleTypes());
byId("share").addEventListener("click", () => void share());
byId("language").addEventListener("click", () => {
	choose(language() === "en" ? "zh" : "en");
	changed();
});
byId("theme").addEventListener("click", changeTheme);
onTheme(drawTheme);
byId("lessons").addEventListener("change", (event) => {
	const found = LESSONS.find(({ id }) => id === (event.target as HTMLSelectElement).value);
	if (found !== undefined) void openLesson(found);
});
byId("examples").addEventListener("click", () => void chooseExample());
addEventListener("hashchange", () => void openAddress());
void openAddress();
// From the next time on the page opens without a network.
void navigator.serviceWorker?.register("service-worker.js");

/** Opens what the address says: a link's state, `#lesson=product`, `#example=attention`. */
async function openAddress(): Promise<void> {
	const { hash } = location;
	const asked = new URLSearchParams(hash.slice(1));
	const kept = progress().lang;
	const preferred = kept || navigator.language;
	choose((asked.get("lang") ?? preferred).startsWith("zh") ? "zh" : "en");
	const asLesson = LESSONS.find(({ id }) => id === asked.get("lesson"));
	if (asLesson !== undefined) {
		await openLesson(asLesson);
		return;
	}
	if (!asked.has("p")) {
		const wanted = await exampleOf(asked.get("example")).catch(() => null);
		openExample(wanted ?? FIRST);
		if (wanted === null) say(word("noExamples"));
		return;
	}
	try {
		const { program, lesson, lang } = await readFragment(hash);
		choose(lang === "zh" ? "zh" : "en");
		const entry = LESSONS.find(({ id }) => id === lesson);
		load(program, entry === undefined ? null : { entry, lesson: await entry.load() });
	} catch {
		openExample(FIRST);
		say(word("badLink"));
	}
}

async function chooseExample(): Promise<void> {
	try {
		const [groups, { showExamples }] = await Promise.all([
			exampleGroups(),
			import("./example-list.ts"),
		]);
		showExamples(byId("example-list"), groups, openExample);
	} catch {
		say(word("noExamples"));
	}
}

function openExample(chosen: Example): void {
	example = chosen;
	load(chosen.program, null);
}

/** Opens a lesson with what the reader has written there before. */
async function openLesson(entry: LessonEntry): Promise<void> {
	const { code } = progress();
	const lesson = await entry.load();
	const start = programOf(lesson);
	const own = Object.hasOwn(code, entry.id) ? code[entry.id]! : start.code;
	load({ ...start, code: own }, { entry, lesson });
}

/** Puts a backward pass of the lesson that is open in the place of the reader's. */
function startLesson(backwardOf: (lesson: OpenLesson["lesson"]) => string): void {
	if (open !== null) load(programOf(open.lesson, backwardOf(open.lesson)), open);
}

/** Shows a program; `of` is the lesson that it belongs to. */
function load(program: Program, of: OpenLesson | null): void {
	const { code, ...rest } = program;
	const isOther = of?.entry !== open?.entry;
	open = of;
	if (example?.program !== program) example = null;
	if (isOther) card.show(open);
	results.clear();
	results.wanted = open?.lesson.wanted ?? [];
	editor.load(code);
	inputs.show(rest);
	results.open(of === null ? "derivation" : "yours");
	drawMenus();
	changed();
}

/** Something was changed: derives anew, after a short rest. */
function changed(): void {
	clearTimeout(timer);
	timer = window.setTimeout(() => void derive(), DEBOUNCE);
	clearTimeout(addressTimer);
	addressTimer = window.setTimeout(() => void remember(), ADDRESS_REST);
}

function programNow(): Program {
	return { ...inputs.value, code: editor.text };
}

async function derive(): Promise<void> {
	// What was changed in the meantime is derived next; what lies between is left out.
	isWaiting = isDeriving;
	if (isDeriving) return;
	isDeriving = true;
	sandbox.forget();
	try {
		const request = { kind: "derive", program: programNow(), lang: language() } as const;
		const ran = await sandbox.ask(request);
		showProblem(null);
		const printed = byId("printed");
		printed.textContent = String(ran.printed);
		printed.hidden = printed.textContent === "" || ran.derived === null;
		await results.show(ran);
	} catch (error) {
		if (!(error instanceof SandboxError)) throw error;
		results.stale();
		showProblem(error.problem);
	} finally {
		isDeriving = false;
	}
	if (isWaiting) await derive();
}

const ENDINGS: readonly string[] = ["stopped", "timeout", "flood"] satisfies Word[];

/** Shows what is wrong below the editor and at its line. */
function showProblem(problem: Problem | null): void {
	const place = byId("problem");
	place.hidden = problem === null;
	editor.mark("run", problem === null ? [] : editor.placeOf(problem));
	if (problem === null) return;
	const { name, message, line } = problem;
	const where = typeof line === "number" ? word("atLine").replace("#", String(line)) : "";
	const kind = name === "CodeError" ? word("problem") : String(name);
	const said = `${kind}${where}: ${plainly(String(message))}`;
	const chinese = language() === "zh" ? errorInChinese(String(message)) : null;
	const text = chinese === null ? said : `${said}\n${chinese}`;
	place.textContent = ENDINGS.includes(name) ? word(name as Word) : text;
}

async function remember(): Promise<void> {
	if (open !== null) keep({ code: { ...progress().code, [open.entry.id]: editor.text } });
	const linked = { program: programNow(), lesson: open?.entry.id ?? "", lang: language() };
	history.replaceState(null, "", `#${await fragmentOf(linked)}`);
}

/** Loads the type checker, or lets go of it. */
async function toggleTypes(): Promise<void> {
	const button = byId("types");
	const isOn = button.getAttribute("aria-pressed") !== "true";
	button.setAttribute("aria-pressed", String(isOn));
	if (!isOn) {
		editor.useTypes([]);
		editor.mark("types", []);
		say("");
		return;
	}
	say(word("loadingTypes"));
	const { typeSupport } = await import("./types.ts");
	const support = typeSupport((errors) => {
		// It may have been let go of since.
		if (button.getAttribute("aria-pressed") !== "true") return;
		editor.mark("types", errors);
		say(errors.length === 0 ? word("noTypeErrors") : `${word("typeErrors")}: ${errors.length}`);
	});
	editor.useTypes(support);
	editor.focus();
}

async function share(): Promise<void> {
	await remember();
	try {
		await navigator.clipboard.writeText(location.href);
		say(word("linkCopied"));
	} catch {
		say(word("linkShown"));
	}
}

function choose(lang: Lang): void {
	setLanguage(lang);
	keep({ lang });
	writeWords();
	byId("theme").setAttribute("aria-label", word("darkTheme"));
	drawTheme();
	byId("language").textContent = word("otherLanguage");
	byId("language").lang = lang === "en" ? "zh-Hans" : "en";
	editor.label(word("editor"));
	inputs.draw();
	card.draw();
	results.draw();
	drawMenus();
}

function drawTheme(): void {
	byId("theme").setAttribute("aria-pressed", String(isDark()));
	results.paint();
}

function drawMenus(): void {
	const lang = language();
	const { done } = progress();
	const none = () => element("option", { value: "" }, word("none"));
	const lessons = LESSONS.map(({ id, title }) => {
		const mark = done.includes(id) ? ` ✓ ${word("done")}` : "";
		return element(
			"option",
			{ value: id, selected: id === open?.entry.id },
			`${title[lang]}${mark}`,
		);
	});
	byId("lessons").replaceChildren(none(), ...lessons);
	byId("examples").textContent = example?.title[lang] ?? word("chooseExample");
}

function say(text: string): void {
	byId("said").textContent = text;
}
