import type { Program, Value } from "../program/program.ts";
import { ExpressionWriter } from "./expressions.ts";
import { chooseLines, inOrder } from "./lines.ts";
import type { Application, Argument, PullbackStep, Reason, Statement } from "./model.ts";
import type { Names } from "./names.ts";
import { type Recorded, reachable } from "./record.ts";

/** What the statements of a derivation are made from. */
export interface Source {
	/** Simplified: gives the result, then the gradients. */
	readonly program: Program;
	/** What became of the values of the recorded program. */
	readonly after: (before: Value) => Value;
	readonly recorded: Recorded;
	readonly arguments: readonly Argument[];
	readonly constants: readonly Argument[];
	readonly names: Names;
	readonly axesOf: (value: Value) => readonly string[];
	/** What the result is called where the user did not name it. */
	readonly result: string;
}

/** A line before it has its right side. */
interface Line {
	readonly variable: string;
	readonly value: Value;
	/** The value that it is the gradient of. */
	readonly of: Value | null;
}

/** Chooses the lines, names them, puts them in order and says where each comes from. */
export function writeStatements(source: Source): { forward: Statement[]; backward: Statement[] } {
	const { program, after, recorded, names } = source;
	const loss = program.outputs[0]!;
	const isForward = reachable([loss]);
	const userNames = labelsOf(source);
	const inputs = source.arguments.filter((argument) => argument.differentiated);
	const gradientOf = new Map<Value, Value>();
	for (const [of, gradient] of recorded.gradients) gradientOf.set(after(of), after(gradient));
	for (const [i, { value }] of inputs.entries()) gradientOf.set(value, program.outputs[i + 1]!);

	const named = new Set(userNames.keys());
	const fixed = new Set<Value>([...program.outputs, ...named]);
	const choose = () => chooseLines({ program, fixed, named });
	const isBackward = (value: Value) =>
		program.instructions.includes(value as never) && !isForward.has(value);
	// A forward line has a line for its gradient, which makes room for shorter ones before it.
	for (const value of choose()) {
		if (value.kind === "instruction" && isForward.has(value)) fixed.add(value);
	}
	for (const value of [...fixed]) {
		const gradient = gradientOf.get(value);
		if (isForward.has(value) && gradient !== undefined && isBackward(gradient)) fixed.add(gradient);
	}
	const chosen = choose();
	const order = program.instructions.filter((value) => chosen.has(value));

	const variables = new Map<Value, string>();
	for (const { name, value } of [...source.arguments, ...source.constants]) {
		variables.set(value, name);
	}
	for (const [value, name] of userNames) variables.set(value, names.claim(name));
	if (!variables.has(loss)) variables.set(loss, names.claim(source.result));
	const forwardLines = order.filter((value) => isForward.has(value));
	for (const value of forwardLines) {
		if (!variables.has(value)) variables.set(value, names.next(value.op.name));
	}
	if (loss.kind !== "instruction") forwardLines.push(loss as never);

	const gradientLines: Line[] = [];
	const owners = new Map<Value, Value>();
	const wanted = [...gradientOf].filter(
		([of]) => chosen.has(of) || inputs.some(({ value }) => value === of),
	);
	for (const [of, value] of wanted) {
		if (of === loss) continue;
		const isInput = of.kind === "input";
		if (
			!isInput &&
			!(named.has(of) ? isForward.has(value) || chosen.has(value) : chosen.has(value))
		) {
			continue;
		}
		if (!isInput && !named.has(of) && owners.has(value)) continue;
		const variable = names.claim(`grad_${variables.get(of)!}`);
		gradientLines.push({ variable, value, of });
		if (!owners.has(value)) owners.set(value, of);
		if (!variables.has(value) && isBackward(value)) variables.set(value, variable);
	}
	const backwardValues = order.filter((value) => !isForward.has(value));
	for (const value of backwardValues) {
		if (!variables.has(value)) variables.set(value, names.next("term"));
	}

	const writer = new ExpressionWriter(variables);
	const statementOf = new Map<Value, Statement>();
	const forward = forwardLines.map((value): Statement => {
		const statement: Statement = {
			variable: variables.get(value)!,
			expression: writer.definition(value),
			value,
			axes: source.axesOf(value),
			gradientOf: null,
			reason: { kind: "forward" },
		};
		for (const part of partsOf(value, chosen)) {
			if (!statementOf.has(part)) statementOf.set(part, statement);
		}
		return statement;
	});

	const gradientVariables = new Map(gradientLines.map(({ of, variable }) => [of!, variable]));
	const reasonOf = (of: Value): Reason => {
		const steps = pullbackSteps(of, source, gradientVariables, statementOf, writer, loss);
		return steps.length === 0 ? { kind: "unused" } : { kind: "gradient", steps };
	};
	const isInputGradient = (value: Value) =>
		gradientLines.some((line) => line.value === value && line.of?.kind === "input");
	const backward: Statement[] = [];
	const write = (line: Line, isAlias: boolean) =>
		backward.push({
			variable: line.variable,
			expression: isAlias
				? { kind: "name", name: variables.get(line.value)!, value: line.value }
				: writer.definition(line.value),
			value: line.value,
			axes: source.axesOf(line.value),
			gradientOf: line.of === null ? null : variables.get(line.of)!,
			reason: line.of === null ? { kind: "term" } : reasonOf(line.of),
		});
	const rest = new Set(gradientLines);
	const writeGradients = (value: Value) => {
		for (const line of rest) {
			if (line.value !== value) continue;
			rest.delete(line);
			const owner = variables.get(value);
			write(line, owner !== undefined && owner !== line.variable);
		}
	};
	for (const value of inOrder(backwardValues, chosen, isInputGradient)) {
		const variable = variables.get(value)!;
		if (gradientLines.some((line) => line.variable === variable)) writeGradients(value);
		else write({ variable, value, of: null }, false);
	}
	for (const { value } of gradientLines) writeGradients(value);
	return { forward, backward };
}

/** The names that the user gave with an op for it, by value; the first counts. */
function labelsOf({ recorded, after }: Source): Map<Value, string> {
	const labels = new Map<Value, string>();
	for (const step of recorded.program.instructions) {
		const name = step.op.facts?.label?.(step.params);
		const value = after(step);
		if (name !== undefined && value.kind === "instruction" && !labels.has(value)) {
			labels.set(value, name);
		}
	}
	return labels;
}

/** The instructions written on the line of a value. */
function partsOf(value: Value, lines: ReadonlySet<Value>): Value[] {
	const parts: Value[] = [value];
	if (value.kind !== "instruction") return parts;
	for (const input of value.inputs) {
		if (input.kind === "instruction" && !lines.has(input)) parts.push(...partsOf(input, lines));
	}
	return parts;
}

/** The maps that took cotangents back to a value, from the nearest gradients that have a line; in the order in which they were applied. */
function pullbackSteps(
	of: Value,
	{ recorded, after }: Source,
	gradientVariables: ReadonlyMap<Value, string>,
	statementOf: ReadonlyMap<Value, Statement>,
	writer: ExpressionWriter,
	loss: Value,
): PullbackStep[] {
	const steps: PullbackStep[] = [];
	const visited = new Set<Value>();
	const visit = (parent: Value) => {
		if (visited.has(parent)) return;
		visited.add(parent);
		for (const share of recorded.shares) {
			const consumer = after(share.consumer);
			if (after(share.parent) !== parent || consumer === parent) continue;
			const statement = statementOf.get(consumer);
			const forward = writer.definition(consumer);
			if (statement === undefined || forward.kind !== "application") continue;
			const cotangent = gradientVariables.get(consumer) ?? null;
			if (cotangent === null && consumer !== loss) visit(consumer);
			steps.push({
				statement,
				forward: forward as Application,
				argument: share.argument,
				map: share.map,
				cotangent,
			});
		}
	};
	visit(of);
	return steps;
}
