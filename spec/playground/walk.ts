import * as assert from "uvu/assert";
import { LESSONS } from "../../docs/site/playground/src/lessons/index.ts";
import { type Lesson, programOf } from "../../docs/site/playground/src/lessons/lesson.ts";
import { inChinese, plainly } from "../../docs/site/playground/src/page/causes.ts";
import type { Judged, Manual } from "../../docs/site/playground/src/protocol.ts";
import { evaluate } from "../../docs/site/playground/src/sandbox/evaluate.ts";
import { argumentsOf } from "../../docs/site/playground/src/sandbox/inputs.ts";
import { judge, type Loss } from "../../docs/site/playground/src/sandbox/manual.ts";
import { checkManual } from "../../lib/check/gradients.ts";
import { type Change, changed, type Mistake } from "./answers/answers.ts";
import { ANSWERS } from "./answers/index.ts";
import { type Page, withPage, write } from "./browser.ts";
import type { Claims } from "./claims.ts";

/** What the sandbox says of a solution with changes; the message of an error that it throws. */
async function judged(lesson: Lesson, changes: readonly Change[]): Promise<Manual | string> {
	const program = programOf(lesson, changed(lesson.solution, changes));
	const given = await argumentsOf(program);
	const { default: loss, backward } = await evaluate(program.code);
	try {
		return judge(checkManual, loss as Loss, backward, given);
	} catch (error) {
		return (error as Error).message;
	}
}

/** Where a mistake is told, and with what. */
function told(manual: Manual | string): { at: string; lines: readonly string[] } {
	if (typeof manual === "string") return { at: "stops", lines: [manual] };
	const { stopped, steps } = manual;
	if (stopped.length > 0) return { at: "stops", lines: stopped };
	const wrong = steps.find(({ agrees }) => !agrees);
	return { at: wrong?.key ?? "", lines: wrong?.details ?? [] };
}

/** Writes a solution with changes into the editor. */
async function writeChanged(page: Page, lesson: Lesson, changes: readonly Change[]): Promise<void> {
	await write(page, programOf(lesson, changed(lesson.solution, changes)).code);
}

/** Waits until the page tells a mistake in its language. */
async function isTold(page: Page, { at, en, zh }: Mistake, lang: "en" | "zh"): Promise<void> {
	const hasText = lang === "en" ? en : zh;
	const place = at === "stops" ? "#content" : "#content li.wrong";
	await page.locator(place, { hasText }).waitFor();
	if (at !== "stops") await page.locator(place, { hasText: at }).waitFor();
}

/** Does something with each lesson, and says at which one and what it failed. */
async function eachLesson(use: (id: string, lesson: Lesson) => Promise<void>): Promise<void> {
	for (const { id, load } of LESSONS) await use(id, await load());
}

export const walk: Claims = {
	"in each lesson what is right is accepted, however it is written": () =>
		eachLesson(async (id, lesson) => {
			const { right } = ANSWERS[id]!;
			assert.ok(right.length >= 2, id);
			for (const changes of [[], ...right]) {
				const manual = (await judged(lesson, changes)) as Manual;
				const agreeing = manual.steps.filter(({ agrees }: Judged) => agrees);
				const keys = agreeing.map(({ key }) => key);
				assert.ok(manual.ok, `${id}: ${changes}\n${manual.stopped}`);
				for (const wanted of lesson.wanted) assert.ok(keys.includes(wanted), `${id}: ${wanted}`);
			}
		}),
	"in each lesson the usual mistakes are told with their cause, in each language": () =>
		eachLesson(async (id, lesson) => {
			for (const { change, at, en, zh } of ANSWERS[id]!.wrong) {
				const found = told(await judged(lesson, [change]));
				assert.is(found.at, at, `${id}: ${change}`);
				const lines = found.lines.map(plainly);
				const cause = lines.at(-1)!.replace(/^likely cause: /, "");
				assert.is(cause, en, `${id}: ${change}`);
				assert.is(inChinese(cause), zh, `${id}: ${change}`);
				for (const line of lines) assert.match(inChinese(line), /[\u4e00-\u9fff]/);
			}
		}),
	"a reader who errs in each lesson in turn gets to the end, in each language": () =>
		withPage({ fragment: "#lesson=product" }, async (page) => {
			await eachLesson(async (id, lesson) => {
				const { right, wrong } = ANSWERS[id]!;
				await page.waitForFunction(
					(name) => (document.querySelector("#lessons") as HTMLSelectElement).value === name,
					id,
				);
				const shown = ["stops", ...lesson.wanted].flatMap(
					(place) => wrong.find(({ at }) => at === place) ?? [],
				);
				for (const mistake of shown) {
					await writeChanged(page, lesson, [mistake.change]);
					await isTold(page, mistake, "en");
					await page.click("#language");
					await isTold(page, mistake, "zh");
					assert.is(await page.locator("#lesson p.agrees").count(), 0);
					await page.click("#language");
				}
				await writeChanged(page, lesson, right[0]!);
				await page.waitForSelector("#lesson p.agrees");
				const isLast = id === LESSONS.at(-1)!.id;
				assert.is(await page.locator("#next").count(), isLast ? 0 : 1);
				if (!isLast) await page.click("#next-below");
			});
		}),
};
