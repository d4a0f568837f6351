import type { LoopParams } from "../../control/model.ts";
import { isFloat } from "../../core/dtype.ts";
import type { WhileParams } from "../../core/op-lowering.ts";
import { sameShape } from "../../core/shape.ts";
import { storedOnce } from "../../core/stored-once.ts";
import { elements } from "../../core/strided.ts";
import { choiceBy, type OpenChoice } from "../../derivation/draft/open-choices.ts";
import {
	loopBy,
	openedWhile,
	openLoops,
	partOf,
	whileBy,
} from "../../derivation/draft/open-loops.ts";
import { traced } from "../../program/inline.ts";
import type { Constant, Instruction, Program, Value } from "../../program/program.ts";
import { simplify } from "../../program/simplify.ts";
import { decompositionOf } from "./decompositions.ts";
import { elementOf, type FloatElement } from "./element-types.ts";
import { formFor } from "./forms.ts";
import { type Graph, type GraphTensor, wholeNumbers } from "./graph.ts";
import { knownValue } from "./known-values.ts";
import { regrouped } from "./regrouping.ts";
import type { Shown } from "./site.ts";

/** What is known of a program beside its instructions. */
export interface ProgramFacts {
	/** The float type of all floats; null: each its own. */
	readonly float: FloatElement | null;
	/** What values would best be called. */
	readonly wishes: ReadonlyMap<Value, string>;
	/** Whether nodes may follow from sizes and numbers, which may differ where axes are dynamic. */
	readonly isTuned: boolean;
	/** Whether products may be grouped anew. */
	readonly regroup: boolean;
	/** Says that ONNX has no word for an instruction. */
	readonly refuse: (step: Instruction) => never;
}

/** The operands of the results of a program whose inputs are these. */
export function writeProgram(
	graph: Graph,
	program: Program,
	given: readonly GraphTensor[],
	surroundings: ProgramFacts,
): GraphTensor[] {
	return new ProgramWriter(graph, surroundings).results(program, given);
}

class ProgramWriter {
	private readonly graph: Graph;
	private readonly around: ProgramFacts;
	private readonly known = new Map<Value, Shown>();
	private readonly parts = new Map<Value, readonly GraphTensor[]>();
	/** How often values are read. */
	private readonly reads = new Map<Value, number>();

	constructor(graph: Graph, around: ProgramFacts) {
		this.graph = graph;
		this.around = around;
	}

	results(
		{ inputs, instructions, outputs }: Program,
		given: readonly GraphTensor[],
	): GraphTensor[] {
		for (const [i, input] of inputs.entries()) {
			this.known.set(input, { thin: given[i]!, shape: input.type.shape });
		}
		for (const value of [...instructions.flatMap((step) => step.inputs), ...outputs]) {
			this.reads.set(value, (this.reads.get(value) ?? 0) + 1);
		}
		const { stem } = this.graph;
		for (const step of instructions) {
			const wish = this.around.wishes.get(step);
			this.graph.stem = wish ?? step.op.name;
			const shown = this.written(step);
			// The last of its nodes has the name of the instruction.
			if (shown.thin.wish.startsWith(`${this.graph.stem}/`)) shown.thin.wish = this.graph.stem;
			this.known.set(step, shown);
		}
		this.graph.stem = stem;
		return outputs.map((value) => this.whole(value));
	}

	private written(step: Instruction): Shown {
		const { op, inputs, params, type } = step;
		const part = partOf(step);
		if (part !== null) {
			return { thin: this.parts.get(part.loop)![part.index]!, shape: type.shape };
		}
		const block = this.block(step);
		if (block !== null) return this.packed(step, block);
		const value = knownValue(step);
		if (value !== null) return this.constant(value);
		const decompose = op.traits?.decompose ?? decompositionOf(op);
		const made = decompose && traced(inputs, (xs) => [decompose(xs, params as never)]);
		if (made !== undefined && made.outputs.length === 1) {
			const inner = new ProgramWriter(this.graph, this.around);
			const [thin] = inner.results(
				this.opened(made),
				inputs.map((x) => this.whole(x)),
			);
			return { thin: thin!, shape: type.shape };
		}
		const { graph } = this;
		const form = formFor(step) ?? this.around.refuse(step);
		const writer = this;
		const result = form({
			graph,
			step,
			mayTakeIn: (input) => this.mayTakeIn(inputs[input]!),
			// What is not read whole is not stretched.
			get operands() {
				return inputs.map((x) => writer.whole(x));
			},
			shown: inputs.map((x) => this.shown(x)),
			element: elementOf(type.dtype, this.around.float),
			floats: this.floatsOf(step),
		});
		return "thin" in result ? result : { thin: result, shape: type.shape };
	}

	private mayTakeIn(value: Value): boolean {
		const { isTuned, wishes } = this.around;
		return (
			isTuned && value.kind === "instruction" && !wishes.has(value) && this.reads.get(value) === 1
		);
	}

	private floatsOf({ type, inputs }: Instruction): FloatElement {
		const float = [type, ...inputs.map((x) => x.type)].find(({ dtype }) => isFloat(dtype));
		if (float === undefined) return "float64";
		return elementOf(float.dtype, this.around.float) as FloatElement;
	}

	private shown(value: Value): Shown {
		const known = this.known.get(value);
		if (known !== undefined) return known;
		const made = this.constant(value as Constant);
		this.known.set(value, made);
		return made;
	}

	private whole(value: Value): GraphTensor {
		const { thin, shape } = this.shown(value);
		return sameShape(shape, value.type.shape) ? thin : this.graph.expand(thin, value.type.shape);
	}

	/** A constant; of elements that repeat along an axis one is stored. */
	private constant({ type, tensor }: Constant): Shown {
		const { store } = this.graph;
		const element = elementOf(type.dtype, this.around.float);
		const once = storedOnce(tensor);
		const { shape } = once;
		if (once.size <= 1) return { thin: store.values(elements(once), shape, element), shape };
		return { thin: store.tensor(tensor, elements(once), shape, element, "constant"), shape };
	}

	/** The results of a loop or a choice; null for another instruction. */
	private block(step: Instruction): readonly GraphTensor[] | null {
		const choice = choiceBy(step);
		if (choice !== undefined) return this.choice(step, choice);
		if (loopBy(step) !== undefined) return this.scan(step);
		return whileBy(step) === undefined ? null : this.while(step);
	}

	/** The results of a block as one vector, which is read where they are not told apart. */
	private packed(step: Instruction, results: readonly GraphTensor[]): Shown {
		this.parts.set(step, results);
		const element = elementOf(step.type.dtype, this.around.float);
		const vectors = results.map((x) => this.graph.reshape(this.graph.cast(x, element), [-1]));
		const thin = this.graph.node("Concat", vectors, element, { axis: 0 });
		return { thin, shape: step.type.shape };
	}

	/** A graph for the body of a block. */
	private body(
		program: Program,
		given: readonly GraphTensor[],
		own: readonly GraphTensor[],
	): Graph {
		const graph = this.graph.inner(own, true);
		this.end(graph, program, given);
		return graph;
	}

	private end(graph: Graph, program: Program, given: readonly GraphTensor[]): void {
		const results = writeProgram(graph, this.opened(program), given, this.around);
		graph.end(
			results,
			program.outputs.map(({ type }) => type.shape),
		);
	}

	private fresh(values: readonly Value[], wish: string): GraphTensor[] {
		return values.map(({ type }) => {
			return { wish, element: elementOf(type.dtype, this.around.float), shape: type.shape };
		});
	}

	private scan(step: Instruction): readonly GraphTensor[] {
		const { whole } = loopBy(step)!;
		const { closed, carried, length, reverse } = step.params as LoopParams;
		const outside = step.inputs.map((value) => this.whole(value));
		const carry = this.fresh(whole.inputs.slice(closed, closed + carried), "carry");
		const entries = this.fresh(whole.inputs.slice(closed + carried), "entry");
		const read = outside.slice(closed + carried);
		if (read.length === 0) {
			// A scan reads something, if only its places.
			const places = Array.from({ length }, (_, i) => i);
			read.push(this.graph.store.values(places, [length], "int64"));
			entries.push({ wish: "place", element: "int64", shape: [] });
		}
		const own = [...carry, ...entries];
		const body = this.body(whole, [...outside.slice(0, closed), ...own], own);
		const direction = reverse ? 1 : 0;
		return this.graph.several(
			"Scan",
			[...outside.slice(closed, closed + carried), ...read],
			whole.outputs.map(({ type }) => elementOf(type.dtype, this.around.float)),
			{
				body,
				num_scan_inputs: read.length,
				scan_input_directions: wholeNumbers(read.map(() => direction)),
				scan_output_directions: wholeNumbers(whole.outputs.slice(carried).map(() => direction)),
			},
		);
	}

	private while(step: Instruction): readonly GraphTensor[] {
		const { test, step: round } = whileBy(step)!;
		const { closed, max } = step.params as WhileParams;
		const { graph } = this;
		const outside = step.inputs.map((value) => this.whole(value));
		const start = outside.slice(closed);
		const holds = (inside: Graph, carry: readonly GraphTensor[]) => {
			const given = [...outside.slice(0, closed), ...carry];
			const [result] = writeProgram(inside, this.opened(test), given, this.around);
			return inside.reshape(inside.cast(result!, "bool"), []);
		};
		const carry = this.fresh(round.inputs.slice(closed), "carry");
		const place: GraphTensor = { wish: "place", element: "int64", shape: [] };
		const goesOn: GraphTensor = { wish: "goes_on", element: "bool", shape: [] };
		const body = graph.inner([place, goesOn, ...carry], true);
		const next = writeProgram(
			body,
			this.opened(round),
			[...outside.slice(0, closed), ...carry],
			this.around,
		);
		const shapes = round.outputs.map(({ type }) => type.shape);
		body.end([holds(body, next), ...next], [[], ...shapes]);
		const most = graph.store.number(max ?? Number.MAX_SAFE_INTEGER, "int64");
		const types = start.map(({ element }) => element);
		return graph.several("Loop", [most, holds(graph, start), ...start], types, { body });
	}

	private choice(step: Instruction, { branches }: OpenChoice): readonly GraphTensor[] {
		const { graph } = this;
		const [index, ...given] = step.inputs.map((value) => this.whole(value)) as [GraphTensor];
		const types = branches[0]!.outputs.map(({ type }) => elementOf(type.dtype, this.around.float));
		const shapes = branches[0]!.outputs.map(({ type }) => type.shape);
		const place = graph.reshape(index, []);
		const from = (inside: Graph, first: number): Graph => {
			const branch = inside.inner([]);
			const rest = branches.slice(first);
			if (rest.length === 1) this.end(branch, rest[0]!, given);
			else branch.end(chosen(branch, first), shapes);
			return branch;
		};
		/** The results of the branch with this number, or of one after it. */
		const chosen = (inside: Graph, first: number): readonly GraphTensor[] => {
			const number = inside.store.number(first, place.element);
			const test = inside.node("Equal", [place, number], "bool");
			const own = inside.inner([]);
			this.end(own, branches[first]!, given);
			const attributes = { then_branch: own, else_branch: from(inside, first + 1) };
			return inside.several("If", [test], types, attributes);
		};
		return chosen(graph, 0);
	}

	/** The program of a block with its own loops opened. */
	private opened(program: Program): Program {
		const plain = simplify(openLoops(program, openedWhile).program).program;
		const { regroup, wishes } = this.around;
		return regroup ? regrouped(plain, wishes).program : plain;
	}
}
