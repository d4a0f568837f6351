import { AdjointError } from "../core/error.ts";
import type { Draw, Op, Sample } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { checkParams } from "../core/plain-data.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";

/** An op does not obey a law. */
export class LawError extends AdjointError {
	override name = "LawError";
}

/** @throws LawError that names the op and the claim, unless the claim holds */
export function law(holds: boolean, op: string, claim: string): void {
	if (!holds) throw new LawError(`${op}: ${claim}`);
}

/**
 * A law: draws arguments for the op, tries them, and throws a LawError that shows them when they
 * break it.
 */
export type Law = (op: Op, draw: Draw) => void;

/** A law from what it demands of one sample; an error in it shows the sample. */
export function lawOf(obey: (op: Op, sample: Sample<Data>, draw: Draw) => void): Law {
	return (op, draw) => {
		if (op.sample === undefined) {
			throw new LawError(
				`${op.name}: expected a record with \`sample\`, which draws arguments to try the op on`,
			);
		}
		const sample = op.sample(draw);
		lawOfSample(op, sample, () => {
			checkParams(op.name, sample.params);
			obey(op, sample, draw);
		});
	};
}

/** Runs what is demanded of a sample; an error in it shows the sample. */
export function lawOfSample(op: Op, sample: Sample<Data>, obey: () => void): void {
	try {
		obey();
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new LawError(`${reason}\n${showSample(op, sample)}`, { cause: error });
	}
}

/** The op in NumPy's notation and below it the arguments, a line or more each. */
function showSample(op: Op, { inputs, params }: Sample<Data>): string {
	const names = inputs.map((_, i) => `x${i + 1}`);
	const lines = inputs.map((x, i) => `  ${names[i]} = ${describe(x).replaceAll("\n", "\n  ")}`);
	return [`in ${op.print(names, params)} with`, ...lines].join("\n");
}

function describe(x: Tensor): string {
	const text = x.toString();
	return `${x.dtype} ${showShape(x.shape)}${text.includes("\n") ? `\n  ${text}` : ` ${text}`}`;
}
