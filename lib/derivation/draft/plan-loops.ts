import { type Input, type Instruction, instructionsOf, type Value } from "../../program/program.ts";
import { asTheUserWrote, type DraftSource, isBlock, linesOf } from "./draft.ts";
import { givenLabels, layerNamer, layerNamesOf } from "./labels.ts";
import { inWorkingOrder } from "./lines.ts";
import type { WrittenStep } from "./loop-model.ts";
import { loopValues, partsRead, severalOf, writtenLoop } from "./loop-names.ts";
import { type OrderedBody, orderedBody, type Sink } from "./loop-order.ts";
import { countsOf } from "./loop-steps.ts";
import type { Store } from "./model.ts";
import { NamedLoops } from "./named-loops.ts";
import { isOpenChoice } from "./open-choices.ts";
import { loopBy, partOf } from "./open-loops.ts";

/** What a loop stands in: the lines of a derivation, or the step of another loop. */
export interface Around extends Pick<DraftSource, "program" | "names" | "probes" | "axesOf"> {
	/** What the results of its loops are called, in their order: those of loops backward too. */
	readonly results: ReadonlyMap<Value, readonly string[]>;
	/** What its values are called, as far as that is known before all lines are. */
	readonly variables: ReadonlyMap<Value, string>;
	/** The variable of the gradient of a value. */
	readonly gradients: ReadonlyMap<Value, string>;
}

/** Which lines the bodies of a loop have, and of the loop that takes cotangents back through it. */
export interface LoopPlan {
	readonly loop: Instruction;
	readonly step: WrittenStep;
	readonly around: Around;
	/** What the loops in the step stand in, and they themselves. */
	readonly inside: Around;
	readonly inner: ReadonlyMap<Value, LoopPlan>;
	readonly index: string;
	readonly lengths: readonly number[];
	/** What a store of all steps is: its entry, and what comes of it. */
	readonly storeOf: (variable: string, entry: Entry) => Store;
	readonly stores: readonly Store[];
	readonly forward: OrderedBody;
	/** What the way backward reads of the way forward, by the variable that stores it. */
	readonly stored: ReadonlyMap<Value, string>;
	/** The stores of loops in the step that it reads, by their own variables. */
	readonly storedInside: ReadonlyMap<string, InnerStore>;
	/** The values around the loop that the way backward reads. */
	readonly reads: readonly Value[];
	readonly gradientOf: ReadonlyMap<Value, Value>;
	readonly backward: PlannedBackward | null;
}

/** One entry of a store. */
export type Entry = Pick<Store, "value" | "axes"> & {
	readonly shapes: readonly (readonly number[])[];
};

/** What a loop in the step stores, and the variable that has it for all steps. */
interface InnerStore {
	readonly loop: Value;
	readonly variable: string;
	readonly store: Store;
}

/** The same of the way backward. */
interface PlannedBackward {
	readonly body: OrderedBody;
	/** The carries whose cotangents are handed on, and the other inputs that have one. */
	readonly carries: readonly number[];
	readonly others: readonly number[];
	readonly outputOf: ReadonlyMap<number, Value>;
	/** The forward variable whose gradient a line is. */
	readonly nameOfGradient: ReadonlyMap<Value, string>;
}

/** Chooses and names the lines of a loop, and of the loop that takes cotangents back through it. */
export function planLoop(loop: Instruction, step: WrittenStep, around: Around): LoopPlan {
	const { names, probes, axesOf } = around;
	const { closed, carried, length } = countsOf(loop);
	const { program, pull, results: count } = step;
	const index = names.claim("t");
	const outputs = program.outputs.slice(0, count);
	const gradients = program.outputs.slice(count);
	const n = loop.inputs.length;
	const carries = program.inputs.slice(closed, closed + carried);
	const vars = around.results.get(loop)!;
	const parts = partsRead(around.program, loop);
	const lengths = [
		length,
		...probes.map((probe) => countsOf(probe.at(loop) as Instruction).length),
	];
	const lead = [...loop.inputs.slice(closed + carried), ...parts.values()].find(
		(value) => value.kind !== "constant" && value.type.shape[0] === length,
	);
	const leadAxis = lead === undefined ? String(length) : axesOf(lead)[0]!;
	const storeOf = (variable: string, { value, axes, shapes }: Entry): Store => ({
		variable,
		value,
		axes: [leadAxis, ...axes],
		shapes: lengths.map((steps, i) => [steps, ...shapes[i]!]),
	});

	const inForward = new Set<Value>(instructionsOf(outputs));
	const labels = givenLabels(step);
	const gradientOf = new Map<Value, Value>();
	for (const [of, gradient] of step.recorded.gradients) {
		if (!loopBy(step.after(of))) gradientOf.set(step.after(of), step.after(gradient));
	}
	const layerNames = layerNamesOf(step, inForward, labels);
	const claimLayerName = layerNamer(layerNames, names);
	const named = new Set([...labels.keys(), ...layerNames.keys()]);
	const lines = linesOf(program, inForward, named, gradientOf, loopValues(program));
	const forwardLines = asTheUserWrote(
		program.instructions.filter((value) => lines.has(value) && inForward.has(value)),
		lines,
		step,
	);
	const last = new Set<Value>();
	const backwardLines = program.instructions.filter(
		(value) => lines.has(value) && !inForward.has(value),
	);

	// The loops in the step.
	const variables = new Map<Value, string>();
	for (const [i, input] of program.inputs.slice(0, n).entries()) {
		const name = around.variables.get(loop.inputs[i]!);
		if (name !== undefined) variables.set(input, name);
	}
	for (const [value, label] of labels) if (partOf(value) === null) variables.set(value, label);
	const loops = new NamedLoops(program, names, variables);
	loops.nameForward([...forwardLines, ...backwardLines.filter((x) => !isOpenChoice(x))], labels);
	loops.nameCotangents();
	loops.nameGradients();
	// Of what the step takes, a loop in it gives a share.
	const ownGradients = [...gradientOf].flatMap(([of, value]): [Value, string][] => {
		const isShare = of.kind === "input" || partOf(value) === null;
		const name = isShare ? undefined : variables.get(value);
		return name === undefined ? [] : [[of, name]];
	});
	const inside: Around = {
		...{ program, names, probes, axesOf, variables },
		results: loops.results,
		gradients: new Map(ownGradients),
	};
	const inner = new Map<Value, LoopPlan>();
	for (const value of [...forwardLines, ...backwardLines]) {
		const written = writtenLoop(value);
		if (written !== null) inner.set(value, planLoop(written.loop, written.step, inside));
	}
	const partsIn = (values: readonly Value[]) =>
		values.flatMap((value): [Value, string][] => {
			const name = partOf(value) === null ? undefined : variables.get(value);
			return name === undefined ? [] : [[value, name]];
		});
	const innerParts = partsIn(program.instructions.filter((value) => inForward.has(value)));
	const backParts = partsIn(program.instructions.filter((value) => !inForward.has(value)));
	const pulls = new Map([...inner].flatMap(([, each]) => pullOf(each)));

	// What the lines backward read of the way forward is stored.
	const stops = new Set<Value>([...forwardLines, ...innerParts.map(([part]) => part), ...carries]);
	const kept = new Set<Value>();
	const reads = new Set<Value>();
	const own = new Set<Value>(program.inputs.slice(0, n));
	const visit = (value: Value) => {
		if (stops.has(value)) kept.add(value);
		else if (own.has(value)) reads.add(loop.inputs[program.inputs.indexOf(value as Input)]!);
		else if (value.kind === "instruction") readBy(value).forEach(visit);
	};
	const readBy = (value: Instruction): readonly Value[] => {
		const through = pulls.get(value);
		if (through === undefined) return value.inputs;
		const { carries, ys } = through.step.pull!;
		return [...carries, ...ys.filter((y) => y !== null), ...through.reads];
	};
	for (const value of [...backwardLines, ...gradients]) {
		if (inForward.has(value) || value.kind === "input") visit(value);
		else if (value.kind === "instruction") readBy(value).forEach(visit);
	}

	const forwardSinks: Sink[] = carries.map((input, i) => {
		return { kind: "carry", variable: vars[i]!, value: outputs[i]!, input };
	});
	const entryOf = (value: Value): Entry => ({
		value,
		axes: axesOf(value),
		shapes: lengths.map((_, i) => {
			const here = i === 0 ? value : probes[i - 1]!.at(value);
			return (here ?? value).type.shape;
		}),
	});
	const stores: Store[] = [];
	const stored = new Map<Value, string>();
	for (const [i, value] of outputs.entries()) {
		if (i < carried) continue;
		const isWanted = parts.has(i) || (kept.has(value) && !stored.has(value));
		if (!isWanted) continue;
		forwardSinks.push({ kind: "store", variable: vars[i]!, value });
		stores.push(storeOf(vars[i]!, entryOf(value)));
		if (!stored.has(value)) stored.set(value, vars[i]!);
	}
	const keptAs = (variable: string) => names.claim(`${variable}_before`);
	const ordered = orderedBody(
		forwardLines,
		lines,
		forwardSinks,
		(value) => {
			if (isBlock(value)) return "";
			const own = labels.get(value);
			if (own !== undefined) return names.claim(own);
			return claimLayerName(value) ?? names.claim((value as Instruction).op.name);
		},
		keptAs,
	);
	const forward = { ...ordered, names: new Map([...ordered.names, ...innerParts]) };
	for (const value of kept) {
		if (stored.has(value)) continue;
		const at = carries.indexOf(value as never);
		const ys = outputs.findIndex((x, i) => i >= carried && x === outputs[at] && stored.has(x));
		const wanted =
			at < 0
				? severalOf(forward.names.get(value)!)
				: `${ys < 0 ? severalOf(vars[at]!) : vars[ys]!}_in`;
		const variable = names.claim(wanted);
		forward.add({ kind: "store", variable, value });
		stores.push(storeOf(variable, entryOf(value)));
		stored.set(value, variable);
	}
	const storedInside = new Map<string, InnerStore>();
	for (const [value, each] of inner) {
		if (!inForward.has(value)) continue;
		for (const store of readStores(each)) {
			const part = [...stored].find(([x]) => forward.names.get(x) === store.variable);
			const variable = part?.[1] ?? names.claim(severalOf(store.variable));
			const made = storeOf(variable, store);
			if (part === undefined) stores.push(made);
			storedInside.set(store.variable, { loop: value, variable, store: made });
		}
	}
	const plan = {
		...{ loop, step, around, inside, inner, index, lengths, storeOf, stores, forward, stored },
		...{ storedInside, reads: [...reads], gradientOf },
	};
	if (pull === null) return { ...plan, backward: null };

	const back = around.results.get(pull.loop)!;
	const cotangents = program.inputs.slice(n);
	const varyingCarries = carries.flatMap((_, i) => (pull.inputs[closed + i] ? [i] : []));
	const inputsVarying = [...loop.inputs.keys()].filter((i) => pull.inputs[i]);
	const outputOf = new Map(inputsVarying.map((i, at) => [i, gradients[at]!]));
	const sinks: Sink[] = varyingCarries.map((c, i) => {
		last.add(outputOf.get(closed + c)!);
		const through = gradientOf.get(outputs[c]!);
		return {
			kind: "carry",
			variable: back[i]!,
			value: outputOf.get(closed + c)!,
			input: cotangents[i]!,
			...(through !== undefined && { through }),
		};
	});
	const others = inputsVarying.filter((i) => i < closed || i >= closed + carried);
	for (const [i, input] of others.entries()) {
		const variable = back[varyingCarries.length + i]!;
		const kind = input < closed ? "adds" : "store";
		sinks.push({ kind, variable, value: outputOf.get(input)! });
	}
	const nameOfGradient = new Map<Value, string>();
	for (const [of, gradient] of gradientOf) {
		const name = forward.names.get(of);
		if (name !== undefined && name !== "") nameOfGradient.set(gradient, name);
	}
	const order = inWorkingOrder(backwardLines, lines, (value) => !last.has(value));
	const body = orderedBody(
		order as Instruction[],
		lines,
		sinks,
		(value) => {
			if (isBlock(value)) return "";
			const of = nameOfGradient.get(value);
			return of === undefined ? names.next("term") : names.claim(`grad_${of}`);
		},
		keptAs,
	);
	const backward = { ...body, names: new Map([...body.names, ...backParts]) };
	return {
		...plan,
		backward: { body: backward, carries: varyingCarries, others, outputOf, nameOfGradient },
	};
}

/** Its plan, by the loop that takes cotangents back. */
function pullOf(plan: LoopPlan): [Value, LoopPlan][] {
	const { pull } = plan.step;
	return pull === null ? [] : [[pull.loop, plan]];
}

/** The stores of a loop that the way backward reads, those of loops in its step among them. */
function readStores({ stores, stored, storedInside }: LoopPlan): Store[] {
	const all = new Set([
		...stored.values(),
		...[...storedInside.values()].map(({ variable }) => variable),
	]);
	return stores.filter(({ variable }) => all.has(variable));
}
