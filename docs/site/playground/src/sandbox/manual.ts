// A backward pass that the reader wrote, compared with the derived one.
import type { Tensor } from "adjoint";
import type * as checking from "adjoint/check/gradients";
import type { Judged, Manual } from "../protocol.ts";
import { CodeError, problemOf } from "./evaluate.ts";
import type { Arguments } from "./inputs.ts";

export type Loss = (params: Readonly<Record<string, Tensor>>, ...data: Tensor[]) => Tensor;
type Backward = (...args: Parameters<Loss>) => Readonly<Record<string, Tensor>>;

/** What is right and what is wrong in `backward`, a line for each gradient. */
export function judge(
	checkManual: typeof checking.checkManual,
	loss: Loss,
	backward: unknown,
	{ params, data }: Arguments,
): Manual {
	if (typeof backward !== "function") {
		throw new CodeError("the code has to export a function: export function backward(…)");
	}
	let [isEmpty, place]: [boolean, Manual["place"]] = [false, null];
	// All arguments in one object are called by their names in what is said of them.
	const all = { ...params, ...data };
	const apart = (given: typeof all): Parameters<Loss> => {
		const named = Object.keys(params).map((name) => [name, given[name]!] as const);
		return [Object.fromEntries(named), ...Object.keys(data).map((name) => given[name]!)];
	};
	const watched = (given: typeof all) => {
		try {
			const gradients = (backward as Backward)(...apart(given));
			isEmpty = Object.keys(gradients ?? {}).length === 0;
			return gradients;
		} catch (error) {
			place = problemOf(error);
			throw error;
		}
	};
	try {
		return { ...told(checkManual((given) => loss(...apart(given)), [all], watched)), place };
	} catch (error) {
		// Who has only begun returns nothing yet.
		if (isEmpty) return { ok: false, steps: [], stopped: [], place: null };
		throw error;
	}
}

function told(report: checking.ManualReport): Omit<Manual, "place"> {
	const { ok, stopped } = report;
	// The report says what it found of each gradient in lines that begin with its name.
	const lines = String(report).split("\n");
	const steps = report.steps.map(({ key, agrees }): Judged => {
		const start = lines.findIndex((line) => line.startsWith(`${key}: `));
		const end = lines.findIndex((line, i) => i > start && !line.startsWith("  "));
		const details = lines.slice(start + 1, end < 0 ? undefined : end).map((line) => line.trim());
		return { key, agrees, details };
	});
	const causes = stopped === null ? [] : [stopped.message, stopped.cause ?? ""];
	return { ok, steps, stopped: causes.filter((line) => line !== "") };
}
