import { uniformNumber } from "../../program/builder.ts";
import { constantNumber, type Input, instructionsOf, type Value } from "../../program/program.ts";
import type { Referent } from "./expressions.ts";
import { firstOfPlaces } from "./loop-constants.ts";
import { partsRead } from "./loop-names.ts";
import type { BodyItem, OrderedBody, Sink } from "./loop-order.ts";
import { countsOf } from "./loop-steps.ts";
import type { Item, LoopBlock, Reason, Statement, Store } from "./model.ts";
import { isOpenChoice } from "./open-choices.ts";
import { gradientNames, type Outside } from "./outside.ts";
import type { LoopPlan } from "./plan-loops.ts";
import { ProbedWriter } from "./probed-writer.ts";
import type { Pullbacks } from "./pullbacks.ts";
import { stepReasons } from "./reasons-in-loops.ts";

/** A loop of a derivation. */
export function loopForward(plan: LoopPlan, outside: Outside): LoopBlock {
	const { loop, step, around, index, lengths, stores } = plan;
	const { closed, carried, reverse } = countsOf(loop);
	const vars = around.results.get(loop)!;
	const { body } = bodyForward(plan, outside);
	const carries = step.program.inputs.slice(closed, closed + carried);
	const parts = partsRead(around.program, loop);
	return {
		kind: "loop",
		value: loop,
		index,
		reverse,
		lengths,
		starts: carries.map((_, i) =>
			startOf(plan, outside, vars[i]!, loop.inputs[closed + i]!, null, TOLD),
		),
		stores,
		body: body.flatMap((item) => [item, ...innerStores(plan, item)]),
		results: [...parts].flatMap(([i, value]) =>
			i < step.results ? [{ variable: vars[i]!, value, gradientOf: null }] : [],
		),
	};
}

const TOLD: Reason = { kind: "forward" };

/** The body of a loop forward, and how its lines refer to values. */
interface ForwardBody {
	readonly body: readonly Item[];
	readonly writer: ProbedWriter;
}

const bodies = new WeakMap<LoopPlan, ForwardBody>();

/** The body of a loop forward, written once: what is told of the way back refers to its lines. */
function bodyForward(plan: LoopPlan, outside: Outside): ForwardBody {
	const known = bodies.get(plan);
	if (known !== undefined) return known;
	const { forward, around } = plan;
	const here: Outside = {
		referents: new Map([
			...constantsIn(outside),
			...given(plan, outside, readForward(plan)),
			...forward.names,
		]),
		stores: new Map(),
		choice: outside.choice,
	};
	const body = itemsOf(plan, forward, here, null, () => ({ gradientOf: null, reason: TOLD }));
	const made = { body, writer: new ProbedWriter(here.referents, around.probes) };
	bodies.set(plan, made);
	return made;
}

/**
 * The loop that takes cotangents back through another.
 * @param pullbacks how cotangents come back to what stands around it
 */
export function loopBackward(plan: LoopPlan, outside: Outside, pullbacks: Pullbacks): LoopBlock {
	const { loop, step, around, index, lengths, backward, stored, storedInside } = plan;
	const { program, pull } = step;
	if (backward === null || pull === null) throw new Error("the loop has no derivative");
	const { closed } = countsOf(loop);
	const { probes, axesOf } = around;
	const vars = around.results.get(loop)!;
	const back = around.results.get(pull.loop)!;
	const n = loop.inputs.length;
	const { carries, others, outputOf, nameOfGradient } = backward;
	const nameOf = (value: Value) => {
		const name = outside.referents.get(value);
		return typeof name === "object" ? name.name : name;
	};

	const referents = given(plan, outside, new Set(plan.reads));
	for (const [i, input] of program.inputs.slice(n + carries.length).entries()) {
		const outer = pull.ys[i];
		const name = outer == null ? undefined : outside.referents.get(outer);
		if (name !== undefined) referents.set(input, entryOf(name, index));
	}
	const storeOf = (variable: string) => entryOf(outside.stores.get(variable) ?? variable, index);
	for (const [value, variable] of stored) referents.set(value, storeOf(variable));
	const here: Outside = {
		referents: new Map([...constantsIn(outside), ...referents, ...backward.body.names]),
		stores: new Map([...storedInside].map(([own, { variable }]) => [own, storeOf(variable)])),
		choice: outside.choice,
	};

	const reasons = stepReasons(plan, bodyForward(plan, outside), here.referents, pullbacks);
	const stores: Store[] = [];
	const starts = carries.map((c, i) =>
		startOf(plan, outside, back[i]!, pull.carries[i]!, vars[c]!, reasons.start(i)),
	);
	const ofSink = new Map<string, string>(carries.map((c, i) => [back[i]!, vars[c]!]));
	for (const [i, input] of others.entries()) {
		const variable = back[carries.length + i]!;
		const value = outputOf.get(input)!;
		const of = loop.inputs[input]!;
		// One of several shares in a gradient has no gradient's name.
		const isWhole = around.gradients.get(of) === variable;
		const name = nameOf(of);
		if (isWhole && name !== undefined) ofSink.set(variable, name);
		const own = program.inputs[input]!;
		if (input < closed) starts.push(zeroOf(plan, variable, own, ofSink.get(variable) ?? null));
		else {
			const shapes = [value, ...probes.map((probe) => probe.at(value) ?? value)].map(
				({ type }) => type.shape,
			);
			stores.push(plan.storeOf(variable, { value, axes: axesOf(value), shapes }));
		}
	}
	return {
		kind: "loop",
		value: pull.loop,
		index,
		reverse: !countsOf(loop).reverse,
		lengths,
		starts,
		stores,
		body: itemsOf(plan, backward.body, here, reasons.pullbacks, (value, sink) => {
			const own = sink === null ? nameOfGradient.get(value) : ofSink.get(sink.variable);
			return { gradientOf: own ?? null, reason: reasons.of(value, sink) };
		}),
		results: [...partsRead(around.program, pull.loop)].map(([i, value]) => {
			const variable = back[i]!;
			const of = i < carries.length ? null : (ofSink.get(variable) ?? null);
			return { variable, value, gradientOf: of };
		}),
	};
}

/** The values around a loop that its step reads. */
function readForward({ loop, step: { program, results } }: LoopPlan): Set<Value> {
	const outputs = program.outputs.slice(0, results);
	const read = new Set([...outputs, ...instructionsOf(outputs).flatMap(({ inputs }) => inputs)]);
	return new Set(loop.inputs.filter((_, i) => read.has(program.inputs[i]!)));
}

/**
 * How what a step takes is referred to in it, the carries left out.
 * @param read what is read of what stands around
 */
function given(
	{ loop, step, index, around: { probes } }: LoopPlan,
	{ referents }: Outside,
	read: ReadonlySet<Value>,
): Map<Value, Referent> {
	const { closed, carried } = countsOf(loop);
	const { inputs } = step.program;
	const there = new Map<Value, Referent>();
	for (const [i, input] of inputs.slice(0, loop.inputs.length).entries()) {
		if (i >= closed && i < closed + carried) continue;
		const outer = loop.inputs[i]!;
		if (uniformNumber(outer) !== null || !read.has(outer)) continue;
		const from = i < closed ? null : firstOfPlaces(outer, probes);
		const name = referents.get(outer);
		if (from !== null) there.set(input, { name: index, from });
		else if (name !== undefined) there.set(input, i < closed ? name : entryOf(name, index));
	}
	return there;
}

/** The constants that have names, which loops in loops read too. */
function constantsIn({ referents }: Outside): [Value, Referent][] {
	return [...referents].filter(([value]) => value.kind === "constant");
}

/** An entry along the first axis; of an entry, along its own. */
function entryOf(name: Referent, index: string): Referent {
	if (typeof name === "string") return { name, at: index };
	return "at" in name ? { name: name.name, at: `${name.at}, ${index}` } : name;
}

/** What stands in a body. */
function itemsOf(
	{ inner, inside, index, around: { probes, axesOf } }: LoopPlan,
	body: OrderedBody,
	here: Outside,
	pullbacks: Pullbacks | null,
	about: (value: Value, sink: Sink | null) => Pick<Statement, "gradientOf" | "reason">,
): Item[] {
	const writer = new ProbedWriter(here.referents, probes);
	const kept = (value: Value, name: string) =>
		new ProbedWriter(new Map([[value, name]]), probes).reference(value);
	const pulled = new Map([...inner.values()].map((plan) => [plan.step.pull?.loop, plan]));
	return body.items().map(({ variable, value, sink, isDefinition, keptAs }: BodyItem): Item => {
		const own = inner.get(value);
		if (own !== undefined) return loopForward(own, here);
		const back = pulled.get(value as never);
		if (back !== undefined) return loopBackward(back, here, pullbacks!);
		if (isOpenChoice(value)) {
			const { reason } = about(value, null);
			return here.choice(value, inside, here, { reason, gradientOf: gradientNames(inside) });
		}
		return {
			variable,
			...(sink?.kind === "store" && { at: index }),
			...(sink !== null &&
				sink.kind !== "store" && { change: sink.kind === "adds" ? "adds" : "set" }),
			...(keptAs !== undefined
				? kept(value, keptAs)
				: isDefinition
					? writer.definition(value)
					: writer.reference(value)),
			value,
			axes: axesOf(value),
			...about(value, sink),
		};
	});
}

/** After a loop in the step: what it stored is stored for this step. */
function innerStores(
	{ inner, index, storedInside, stored, around }: LoopPlan,
	item: Item,
): Statement[] {
	if (item.kind !== "loop") return [];
	const isIn = new Set(stored.values());
	return item.stores.flatMap((store): Statement[] => {
		const outer = storedInside.get(store.variable);
		if (outer === undefined || isIn.has(outer.variable) || !inner.has(outer.loop)) return [];
		const [value, ...others] = store.shapes.map((shape): Input => {
			return { kind: "input", type: { shape, dtype: store.value.type.dtype } };
		});
		const named = (value: Value) => ({ kind: "name", name: store.variable, value }) as const;
		return [
			{
				variable: outer.variable,
				at: index,
				expression: named(value!),
				elsewhere: around.probes.map((_, i) => named(others[i]!)),
				value: value!,
				axes: store.axes,
				gradientOf: null,
				reason: { kind: "forward" },
			},
		];
	});
}

/** What a variable is before the first step. */
function startOf(
	{ around: { probes, axesOf } }: LoopPlan,
	{ referents }: Outside,
	variable: string,
	value: Value,
	gradientOf: string | null,
	reason: Reason,
): Statement {
	return {
		variable,
		...new ProbedWriter(referents, probes).reference(value),
		value,
		axes: axesOf(value),
		gradientOf,
		reason,
	};
}

/** A sum before the first step. */
function zeroOf(
	{ around: { probes, axesOf } }: LoopPlan,
	variable: string,
	input: Value,
	gradientOf: string | null,
): Statement {
	const zeros = ({ type }: Value) => constantNumber(0, type);
	const expression = (of: Value) => new ProbedWriter(new Map(), []).reference(zeros(of)).expression;
	return {
		variable,
		expression: expression(input),
		elsewhere: probes.map((probe) => expression(probe.at(input)!)),
		value: zeros(input),
		axes: axesOf(input),
		gradientOf,
		reason: { kind: "sumStart" },
	};
}
