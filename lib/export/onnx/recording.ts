import { userSite } from "../../core/call-site.ts";
import { debugState } from "../../core/debug-state.ts";
import { TraceError } from "../../core/error.ts";
import { whileNaming } from "../../core/labelled.ts";
import type { TensorType } from "../../core/op.ts";
import { checkFunction } from "../../core/options.ts";
import { placeName } from "../../core/place-name.ts";
import { sameShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Flattened, flatten } from "../../core/tree.ts";
import { openedWhile, openLoops } from "../../derivation/draft/open-loops.ts";
import { namedIn } from "../../program/gradient.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { then } from "../../program/rewrite.ts";
import { simplify } from "../../program/simplify.ts";
import { trace } from "../../program/trace.ts";
import { checkedArguments, type NamedArguments } from "../arguments/named-arguments.ts";
import { elementOf, type FloatElement } from "./element-types.ts";
import { Graph, TensorStore } from "./graph.ts";
import { writeProgram } from "./program-writer.ts";
import { regrouped } from "./regrouping.ts";

/** A function as it was recorded, simplified. */
export interface RecordedFunction {
	readonly program: Program;
	readonly given: Flattened<NamedArguments>;
	readonly result: Flattened<unknown>;
	/** What the user calls values. */
	readonly wishes: ReadonlyMap<Value, string>;
	/** The user's line that an instruction comes from, where it is known. */
	readonly siteOf: (step: Instruction) => string | undefined;
}

/** Records a function for the one that the user called, on its arguments or on those types. */
export function record(
	caller: string,
	f: (...args: never[]) => unknown,
	args: NamedArguments,
	types?: readonly TensorType[],
): RecordedFunction {
	checkFunction(caller, f);
	const given = flatten(caller, checkedArguments(caller, args), "args");
	let result!: Flattened<unknown>;
	const told: [Tensor, string][] = [];
	const run = (leaves: readonly Tensor[]) => {
		const values = Object.values(given.rebuild<Record<string, unknown>>(leaves));
		const made = whileNaming(told, () => (f as (...args: unknown[]) => unknown)(...values));
		result = flatten(caller, made, "result");
		return result.leaves;
	};
	const traced = notingLines(() => trace(types ?? given.leaves, run, { caller }));
	const opened = openLoops(traced.program, openedWhile);
	const { program, after } = then(opened, simplify(opened.program));
	const wishes = new Map<Value, string>();
	const origins = new Map<Value, Instruction>();
	for (const step of traced.program.instructions) origins.set(after(step), step);
	for (const [value, name] of namedIn(traced, told)) wishes.set(after(value), name);
	for (const step of traced.program.instructions) {
		const label = step.op.traits?.label?.(step.params);
		if (label !== undefined) wishes.set(after(step), label);
	}
	const siteOf = (step: Instruction) => {
		const origin = origins.get(step);
		return origin === undefined ? undefined : traced.siteOf(origin);
	};
	return { program, given, result, wishes, siteOf };
}

/** Runs a function while each op notes the user's line. */
function notingLines<T>(run: () => T): T {
	const outer = debugState.here;
	debugState.here = userSite;
	try {
		return run();
	} finally {
		debugState.here = outer;
	}
}

/**
 * The graph of a recorded function.
 * @param regroup whether products may be grouped anew
 * @param isTuned whether nodes may follow from sizes and numbers
 */
export function graphOf(
	caller: string,
	recorded: RecordedFunction,
	float: FloatElement | null,
	regroup: boolean,
	isTuned = true,
): Graph {
	const { given, result } = recorded;
	const isRegrouped = regroup && isTuned && float !== "float16";
	const { program, wishes, siteOf } = isRegrouped ? regroupedFunction(recorded) : recorded;
	const names = given.paths.map(placeName);
	const inputs = program.inputs.map(({ type: { shape, dtype } }, i) => {
		return { wish: names[i]!, element: elementOf(dtype, float), shape };
	});
	const graph = new Graph(inputs, new TensorStore());
	const refuse = (step: Instruction): never => {
		const site = siteOf(step);
		const where = site === undefined ? "" : ` at ${site}`;
		throw new TraceError(
			`${caller}: the function applies ${step.op.name}${where}, which has no form in ONNX; ` +
				"write it with ops that have one, or leave it outside of the function",
		);
	};
	const results = writeProgram(graph, program, inputs, {
		...{ float, wishes, isTuned, refuse },
		regroup: isRegrouped,
	});
	graph.end(
		results,
		program.outputs.map(({ type }) => type.shape),
	);
	for (const [i, name] of resultNames(given, result).entries()) {
		// What is only a number in a list may have a name that says more.
		const own = name.startsWith("result") ? wishes.get(program.outputs[i]!) : undefined;
		graph.outputs[i]!.wish = own ?? name;
	}
	return graph;
}

/** A function whose products and quotients are grouped anew. */
function regroupedFunction(recorded: RecordedFunction): RecordedFunction {
	const { program, after } = regrouped(recorded.program, recorded.wishes);
	const wishes = new Map([...recorded.wishes].map(([value, name]) => [after(value), name]));
	const before = new Map<Value, Instruction>();
	for (const step of recorded.program.instructions) before.set(after(step), step);
	return {
		...recorded,
		program,
		wishes,
		siteOf: (step) => recorded.siteOf(before.get(step) ?? step),
	};
}

/**
 * What results are called: by their places. One where something stands in an argument, of the same
 * shape, is that, anew.
 */
function resultNames(given: Flattened<NamedArguments>, result: Flattened<unknown>): string[] {
	const names = given.paths.map(placeName);
	const free = new Set(names.keys());
	return result.paths.map((path, i) => {
		const { shape } = result.leaves[i]!;
		const inside = placeName(path.replace(/^\[\d+\]/, ""));
		const at = [...free].find((k) => {
			const [, ...rest] = names[k]!.split(".");
			const isThere = inside !== "" && (names[k] === inside || rest.join(".") === inside);
			return isThere && sameShape(given.leaves[k]!.shape, shape);
		});
		if (at !== undefined) {
			free.delete(at);
			return `new.${names[at]}`;
		}
		const name = placeName(path);
		return name === "" ? "result" : /^\d/.test(name) ? `result.${name}` : name;
	});
}
