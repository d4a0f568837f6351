import { floats, nearIn, randomDirection } from "../../../lib/check/derivatives.ts";
import { law } from "../../../lib/check/law.ts";
import { isFloat } from "../../../lib/core/dtype.ts";
import type { Draw } from "../../../lib/core/op.ts";
import { sameShape } from "../../../lib/core/shape.ts";
import type { Tensor } from "../../../lib/index.ts";
import { jvp, vjp } from "../../../lib/index.ts";
import { type Executor, executors } from "../executors.ts";
import { type Control, type List, ours, written } from "./control.ts";
import type { LoopProgram } from "./programs.ts";

type ListFunction = (x: List) => readonly Tensor[];

/** What rounding makes of one order and another of sums, relative to the greatest element. */
const TOLERANCE = { float64: 1e-9, float32: 1e-3, int32: 0, bool: 0 };

/**
 * Throws unless a program gives what the same written out gives: its values, both first derivatives
 * and the four second ones, and so does each executor for some of them.
 * @param control what runs its loops
 */
export function judgeLoops(
	program: LoopProgram,
	draw: Draw,
	control: Control = ours,
	ways: readonly Executor[] = executors,
): void {
	const { args } = program;
	const known = new Map<string, List>();
	const wantedOf = (name: string): List => {
		const wanted = known.get(name) ?? expected[name]!(args);
		known.set(name, wanted);
		return wanted;
	};
	const all = program.by(written)(args);
	const values = floats(all);
	const isSmooth = values.length === all.length;
	const direction = (x: Tensor) => randomDirection(x, draw).astype(x.dtype);
	const [u, v] = [values.map(direction), args.map(direction)];
	const expected = transforms(program, written, u, v);
	const actual = transforms(program, control, u, v);
	const compare = (way: string, name: string, made: List) =>
		agree(way, name, made, wantedOf(name), usesSingle(program));
	for (const [name, f] of Object.entries(actual)) compare("ours", name, f(args));
	const orders = Object.keys(actual);
	const few = ["values", "gradient", draw.pick(orders)];
	for (const { name, prepare } of ways) {
		// What is computed again for its gradient gives numbers that have one.
		const isFit = (what: string) => name !== "checkpoint" || what !== "values" || isSmooth;
		for (const what of new Set(few)) {
			if (isFit(what)) compare(name, what, prepare(actual[what]!)(args));
		}
	}
}

/** What a program gives: values, and derivatives along lines. */
function transforms(
	program: LoopProgram,
	control: Control,
	u: List,
	v: List,
): Record<string, ListFunction> {
	const run = program.by(control);
	const smooth: ListFunction = (x) => run(x).filter(({ dtype }) => isFloat(dtype));
	const gradient: ListFunction = (x) => vjp(smooth, x)[1](u);
	const tangent: ListFunction = (x) => jvp(smooth, x, v)[1];
	return {
		values: run,
		gradient,
		tangent,
		"gradient of the gradient": (x) => vjp(gradient, x)[1](v),
		"tangent of the gradient": (x) => jvp(gradient, x, v)[1],
		"gradient of the tangent": (x) => vjp(tangent, x)[1](u),
		"tangent of the tangent": (x) => jvp(tangent, x, v)[1],
	};
}

/** Whether numbers of single precision are anywhere in it. */
function usesSingle(program: LoopProgram): boolean {
	return String(program).includes('"float32"');
}

function agree(way: string, what: string, actual: List, expected: List, isSingle: boolean): void {
	law(actual.length === expected.length, way, `${what}: ${actual.length} results`);
	for (const [i, x] of actual.entries()) {
		const y = expected[i]!;
		const isSame = x.dtype === y.dtype && sameShape(x.shape, y.shape);
		law(isSame, way, `${what} ${i + 1} is ${x.dtype} [${x.shape}], not ${y.dtype} [${y.shape}]`);
		const dtype = isSingle && isFloat(x.dtype) ? "float32" : x.dtype;
		nearIn(way, `its ${what} ${i + 1}`, x, y, TOLERANCE[dtype]);
	}
}
