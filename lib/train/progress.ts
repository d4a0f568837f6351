import { type ArgumentKind, structure } from "../core/argument-kinds.ts";
import { checkArgument } from "../core/options.ts";
import { type Numbers, showNumbers } from "./metrics.ts";

/** Where progress is shown: `process.stdout`, or anything else with these two. */
export interface Output {
	write(text: string): unknown;
	/** Whether it is a terminal, where a line can be drawn again. */
	readonly isTTY?: boolean;
}

/** What a training run tells about itself. */
export interface Progress {
	/**
	 * After a batch: how many of the epoch are done (of how many, if that is known), and the means so
	 * far.
	 */
	batch(epoch: number, done: number, of: number | undefined, numbers: Numbers): void;
	/** After an epoch. */
	epoch(epoch: number, numbers: Numbers): void;
	/** A line of its own. */
	note(text: string): void;
}

/** What it may be. */
export const OUTPUT: ArgumentKind = {
	expected: "a stream, which has write",
	holds: (x) => structure.holds(x) && typeof (x as Output).write === "function",
};

const BAR = 24;
/** In milliseconds: drawing more often costs time and is not seen. */
const BETWEEN_DRAWS = 50;
/** Back to the start of the line, which is cleared. */
const CLEAR = "\r\u001b[2K";

/**
 * Shows a bar for the running epoch on a terminal, and a line for each epoch that is over; where
 * the output is piped into a file, the lines alone. They hold no times, so the same run writes the
 * same lines.
 */
export function showProgress(output: Output, epochs: number): Progress {
	checkArgument("showProgress", "the output", output, OUTPUT);
	const live = output.isTTY === true;
	let drawn = 0;
	let [epochStart, started, from] = [-1, 0, 0];
	const line = (text: string) => output.write(`${live ? CLEAR : ""}${text}\n`);
	return {
		batch(epoch, done, of, numbers) {
			const now = performance.now();
			if (epoch !== epochStart) [epochStart, started, from] = [epoch, now, done];
			if (!live || (now - drawn < BETWEEN_DRAWS && done !== of)) return;
			drawn = now;
			const left = of === undefined || done === from ? undefined : (of - done) / (done - from);
			const parts = [
				`epoch ${epoch + 1}/${epochs}`,
				of === undefined ? `${done} batches` : bar(done / of),
				showNumbers(numbers),
				left === undefined ? "" : `${Math.ceil((left * (now - started)) / 1000)} s left`,
			];
			output.write(`${CLEAR}${parts.filter((part) => part !== "").join("  ")}`);
		},
		epoch: (epoch, numbers) => line(`epoch ${epoch + 1}/${epochs}  ${showNumbers(numbers)}`),
		note: line,
	};
}

/** `━━━━━━━━────────────────` for a third. */
function bar(part: number): string {
	const full = Math.round(BAR * part);
	return "━".repeat(full) + "─".repeat(BAR - full);
}

/** Shows nothing. */
export const noProgress: Progress = { batch() {}, epoch() {}, note() {} };
