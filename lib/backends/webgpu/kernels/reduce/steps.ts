import * as s from "../../../../scalar/primitives.ts";
import { operandsOf, type Term } from "../../../../scalar/scalar.ts";
import { type ScanFormula, scanned } from "../../../../scalar/scan.ts";
import type { ReducerName, ScanLoop } from "../../../../schedule/kernel.ts";
import { Unsupported } from "../../../backend.ts";
import { wgslType } from "../../wgsl/shader.ts";
import { type Combiner, combinerOf, recurrence } from "./reducers.ts";

/** A step, and what is carried before the first one. */
const step = (start: number, formula: ScanFormula) =>
	scanned(start, formula, ({ scan }: { scan: ScanLoop }) => scan);

const REDUCING: readonly (readonly [ReducerName, ReturnType<typeof step>])[] = [
	["total", step(0, (carried, _, x) => s.add(carried, x!))],
	["factors", step(1, (carried, _, x) => s.mul(carried, x!))],
];
const RECURRING = step(0, (y, isFirst, a, b) => s.select(isFirst, b!, s.add(s.mul(a!, y), b!)));

/**
 * What puts the steps of a scan together, in lines of so many; null where that is not known.
 * @throws Unsupported for several dtypes, and for whole numbers where it is not known
 */
export function combinerOfSteps(scan: ScanLoop, n: number): Combiner | null {
	const { inputs, output } = scan;
	const isSame = inputs.every(({ dtype }) => wgslType(dtype) === wgslType(output.dtype));
	if (!isSame || output.dtype === "float64") throw new Unsupported("a scan of several dtypes");
	const does = (known: ReturnType<typeof step>) =>
		scan.start === known.start && isLike(scan.step, known.step());
	const found = REDUCING.find(([, known]) => does(known));
	if (found !== undefined) return combinerOf(found[0], output.dtype, n);
	if (output.dtype !== "float32") throw new Unsupported("a scan of whole numbers");
	return does(RECURRING) ? recurrence : null;
}

/** Whether two terms are made of the same in the same way. */
function isLike(term: Term, other: Term): boolean {
	const [args, others] = [operandsOf(term), operandsOf(other)];
	if (args.length !== others.length || args.some((arg, i) => !isLike(arg, others[i]!)))
		return false;
	if ("of" in term) return "of" in other && term.of === other.of;
	if (term.kind === "argument") return other.kind === "argument" && term.index === other.index;
	return other.kind === "constant" && Object.is(term.value, other.value);
}
