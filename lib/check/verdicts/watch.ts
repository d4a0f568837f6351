import { OutOfTime } from "../differences/attempt.ts";
import type { Numeric } from "../differences/line.ts";
import type { Problem } from "../differences/problem.ts";
import type { Comparison } from "./examine.ts";

/** In milliseconds: progress that comes sooner or more often is not wanted. */
const FIRST_TOLD = 2000;
const BETWEEN_TOLD = 100;
/** Back to the start of the line, which is cleared. */
const CLEAR = "\r\u001b[2K";

/** The part of `process.stderr` that is used, where there is one. */
interface Terminal {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

/** Tells what a check is at, and ends it when its time is over. */
export class Watch {
	/** What was compared when the time was over; null: it is not over. */
	stoppedAt: string | null = null;
	/** The check is over once it finds a failure of this kind; null: it goes on to the end. */
	readonly until: Numeric["kind"] | null;
	private readonly limit: number;
	private readonly tell: ((text: string) => void) | null;
	private readonly started = performance.now();
	private told = this.started + FIRST_TOLD - BETWEEN_TOLD;
	private what = "the first call";
	private isShown = false;

	/**
	 * @param limit in milliseconds
	 * @param progress is told what is compared; undefined: a terminal shows it; false: nobody
	 */
	constructor(
		limit: number,
		progress: ((text: string) => void) | false | undefined,
		until: Numeric["kind"] | null,
	) {
		this.limit = limit;
		this.until = until;
		this.tell = progress === undefined ? this.terminal() : progress || null;
	}

	/** The same problem, whose function ends the check when its time is over. */
	over(problem: Problem): Problem {
		const f: Problem["f"] = (x) => {
			const now = performance.now();
			if (now - this.started > this.limit) {
				this.stoppedAt ??= this.what;
				throw new OutOfTime();
			}
			if (now - this.told > BETWEEN_TOLD) {
				this.told = now;
				this.tell?.(this.what);
			}
			return problem.f(x);
		};
		return { ...problem, f };
	}

	/** What is compared from now on. */
	at(what: string): void {
		this.what = what;
	}

	/** Whether what is looked for is found. */
	isFound(comparisons: readonly Comparison[]): boolean {
		return comparisons.some(
			({ verdict, numeric }) => verdict === "fail" && numeric.kind === this.until,
		);
	}

	/** What some work gives; if the time is over before it ends, what is said here. */
	within<T>(work: () => T, otherwise: T): T {
		try {
			return work();
		} catch (error) {
			if (error instanceof OutOfTime) return otherwise;
			throw error;
		}
	}

	/** Clears what a terminal shows. */
	close(): void {
		if (this.isShown) stderr()?.write(CLEAR);
	}

	private terminal(): ((text: string) => void) | null {
		const output = stderr();
		if (output?.isTTY !== true) return null;
		return (text) => {
			this.isShown = true;
			output.write(`${CLEAR}checking gradients: ${text}`);
		};
	}
}

function stderr(): Terminal | undefined {
	return (globalThis as { process?: { stderr?: Terminal } }).process?.stderr;
}
