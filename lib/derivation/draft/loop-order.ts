import type { Value } from "../../program/program.ts";
import { partOf } from "./open-loops.ts";

/** Where a value of a step goes: on to the next step, into an entry, or into a sum. */
export interface Sink {
	readonly kind: "carry" | "store" | "adds";
	readonly variable: string;
	readonly value: Value;
	/** What the carry is at the start of the step. */
	readonly input?: Value;
	/** What has the carry's name in between: the whole gradient of what the step before handed on. */
	readonly through?: Value;
}

/** A line of a body: a value under a name, or on its way into a sink. */
export interface BodyItem {
	readonly variable: string;
	readonly value: Value;
	readonly sink: Sink | null;
	/** Whether its right side is what the value is made from, rather than a name. */
	readonly isDefinition: boolean;
	/** The variable that keeps the value, where its own name has another by now. */
	readonly keptAs?: string | undefined;
}

/** The lines of a body, which are put in order once all are known. */
export interface OrderedBody {
	readonly names: ReadonlyMap<Value, string>;
	readonly add: (sink: Sink) => void;
	readonly items: () => BodyItem[];
}

/**
 * Names the lines of a step: what is handed on takes the name of the carry, where no later line
 * reads what the carry was before; else it is handed on at the end.
 * @param keptAs a name for what a variable was before it is exchanged with another
 */
export function orderedBody(
	order: readonly Value[],
	lines: ReadonlySet<Value>,
	sinks: readonly Sink[],
	nameOf: (value: Value) => string,
	keptAs: (variable: string) => string,
): OrderedBody {
	const all = [...sinks];
	const lastUse = lastUses(order, lines);
	const places = new Map(order.map((value, i) => [value, i]));
	const names = new Map<Value, string>();
	const carries = sinks.filter(({ kind }) => kind === "carry");
	const handed: Sink[] = [];
	const useOf = (value: Value) =>
		carries.some((sink) => sink.value === value && sink.input !== value)
			? Number.POSITIVE_INFINITY
			: (lastUse.get(value) ?? -1);
	for (const sink of carries) {
		const { variable, value, input, through } = sink;
		names.set(input!, variable);
		const at = places.get(value) ?? -1;
		let lastRead = useOf(input!);
		const between = through === undefined ? undefined : places.get(through);
		const isBetween =
			between !== undefined && through !== value && !names.has(through!) && lastRead <= between;
		if (isBetween) {
			names.set(through!, variable);
			const isHanded = carries.some((other) => other !== sink && other.value === through);
			lastRead = isHanded
				? Number.POSITIVE_INFINITY
				: Math.max(lastRead, lastUse.get(through!) ?? -1);
		}
		if (value === input) continue;
		if (at >= 0 && !names.has(value) && lastRead <= at) names.set(value, variable);
		else handed.push(sink);
	}
	// What only goes into one sum or entry is written there.
	const direct = new Map<Value, Sink>();
	for (const value of order) {
		const into = sinks.filter((sink) => sink.value === value);
		const [only] = into;
		const isRead = lastUse.has(value) || names.has(value) || into.length !== 1;
		if (!isRead && only!.kind !== "carry") direct.set(value, only!);
	}
	for (const value of order)
		if (!names.has(value) && !direct.has(value)) names.set(value, nameOf(value));
	const ends = inTurn(handed, names, keptAs);

	const isCarry = (value: Value, name: string) =>
		carries.find(
			(sink) => sink.variable === name && (sink.value === value || sink.through === value),
		) ?? null;
	const items = (): BodyItem[] => {
		const into = (value: Value) =>
			all
				.filter((sink) => sink.kind !== "carry" && sink.value === value && !direct.has(value))
				.map((sink): BodyItem => ({ variable: sink.variable, value, sink, isDefinition: false }));
		const known = new Set<Value>(order);
		const given = [...new Set(all.map(({ value }) => value))].filter((x) => !known.has(x));
		// What a loop in the body gives is there once that is done.
		const loopOf = (value: Value) => {
			const loop = partOf(value)?.loop;
			return loop !== undefined && known.has(loop) ? loop : null;
		};
		const before = given.filter((value) => loopOf(value) === null);
		const after = (loop: Value) => given.filter((value) => loopOf(value) === loop);
		return [
			...before.flatMap(into),
			...order.flatMap((value): BodyItem[] => {
				const sink = direct.get(value);
				if (sink !== undefined)
					return [{ variable: sink.variable, value, sink, isDefinition: true }];
				const variable = names.get(value)!;
				return [
					{ variable, value, sink: isCarry(value, variable), isDefinition: true },
					...into(value),
					...after(value).flatMap(into),
				];
			}),
			...ends,
		];
	};
	return { names, add: (sink) => all.push(sink), items };
}

/** Where each value is read last by a line. */
function lastUses(order: readonly Value[], lines: ReadonlySet<Value>): Map<Value, number> {
	const found = new Map<Value, number>();
	const visit = (value: Value, at: number) => {
		found.set(value, at);
		if (value.kind !== "instruction" || lines.has(value)) return;
		for (const input of value.inputs) visit(input, at);
	};
	for (const [i, value] of order.entries()) {
		if (value.kind === "instruction") for (const input of value.inputs) visit(input, i);
	}
	return found;
}

/**
 * Carries that are handed on one after the other: each before what it reads changes. Those that are
 * exchanged go through a variable that keeps what the first of them was.
 */
function inTurn(
	handed: readonly Sink[],
	names: ReadonlyMap<Value, string>,
	keptAs: (variable: string) => string,
): BodyItem[] {
	const waiting = [...handed];
	const kept = new Map<Value, string>();
	const done: BodyItem[] = [];
	const readersOf = (sink: Sink) =>
		waiting.filter((x) => x !== sink && !kept.has(x.value) && names.get(x.value) === sink.variable);
	while (waiting.length > 0) {
		const at = waiting.findIndex((sink) => readersOf(sink).length === 0);
		if (at < 0) {
			const [first] = waiting as [Sink];
			const { value } = readersOf(first)[0]!;
			const variable = keptAs(first.variable);
			done.push({ variable, value, sink: null, isDefinition: false });
			kept.set(value, variable);
			continue;
		}
		const [sink] = waiting.splice(at, 1) as [Sink];
		const { variable, value } = sink;
		done.push({ variable, value, sink, isDefinition: false, keptAs: kept.get(value) });
	}
	return done;
}
