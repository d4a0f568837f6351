import type { Constant, Instruction, Program, Value } from "../program/program.ts";
import { isRowMajor, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Buffer, type Source, wholeOf } from "./buffers.ts";
import { isView } from "./lowering.ts";
import type { Lifetime } from "./memory-plan.ts";
import { viewed } from "./views.ts";

/** Something that a program does in one go: from elements in buffers to other buffers. */
export type Step = Evaluation | Copy;

/** An op's own evaluation. */
export interface Evaluation {
	readonly kind: "evaluation";
	readonly instruction: Instruction;
	readonly reads: readonly Source[];
	readonly writes: readonly Source[];
}

/** Elements put in row-major order. */
export interface Copy {
	readonly kind: "copy";
	readonly reads: readonly [Source];
	readonly writes: readonly [Source];
}

/** Where a result of the program is found. */
export type Result =
	| { readonly kind: "argument"; readonly index: number }
	| { readonly kind: "constant"; readonly tensor: Tensor }
	| { readonly kind: "output"; readonly index: number };

/** What runs in place of a program: steps between buffers. */
export interface Plan {
	readonly program: Program;
	readonly inputs: readonly Buffer[];
	readonly outputs: readonly Buffer[];
	readonly constants: readonly Buffer[];
	readonly steps: readonly Step[];
	readonly results: readonly Result[];
}

/** Plans a program: which values get a buffer, which are views of one, and what is done between them. */
export function planOf(program: Program): Plan {
	return new Planner(program).plan();
}

class Planner {
	readonly #program: Program;
	readonly #sources = new Map<Value, Source>();
	readonly #inputs: readonly Buffer[];
	readonly #outputs: Buffer[] = [];
	readonly #constants: Buffer[] = [];
	readonly #steps: Step[] = [];
	/** The values that are results, be it in another shape: they are computed right where the result is wanted. */
	readonly #resulting: ReadonlySet<Value>;

	constructor(program: Program) {
		this.#program = program;
		this.#inputs = program.inputs.map(({ type }, index): Buffer => {
			return { dtype: type.dtype, size: sizeOf(type.shape), use: { kind: "input", index } };
		});
		for (const [i, input] of program.inputs.entries()) {
			this.#sources.set(input, wholeOf(this.#inputs[i]!, input.type.shape));
		}
		this.#resulting = new Set(program.outputs.map(reshapedFrom));
	}

	plan(): Plan {
		for (const step of this.#program.instructions) this.#sources.set(step, this.#place(step));
		const results = this.#program.outputs.map((value) => this.#result(value));
		return {
			program: this.#program,
			inputs: this.#inputs,
			outputs: this.#outputs,
			constants: this.#constants,
			steps: this.#steps,
			results,
		};
	}

	#place(step: Instruction): Source {
		if (isView(step)) {
			const [source] = step.inputs.map((value) => this.#source(value));
			const view = viewed(step, source!) ?? viewed(step, this.#copied(source!, "scratch"));
			if (view !== null) return view;
		}
		const reads = step.inputs.map((value) => this.#source(value));
		const out = this.#buffer(step, this.#resulting.has(step) ? "output" : "scratch");
		this.#steps.push({ kind: "evaluation", instruction: step, reads, writes: [out] });
		return out;
	}

	#source(value: Value): Source {
		const known = this.#sources.get(value);
		if (known !== undefined) return known;
		const made = this.#constant(value as Constant);
		this.#sources.set(value, made);
		return made;
	}

	/** The elements of a constant; axes along which it repeats take no room. */
	#constant({ tensor }: Constant): Source {
		const repeats = tensor.shape.map((size, i) => size > 1 && tensor.strides[i] === 0);
		const compact = tensor.shape.map((size, i) => (repeats[i] ? 1 : size));
		const buffer: Buffer = {
			dtype: tensor.dtype,
			size: sizeOf(compact),
			use: { kind: "constant", tensor: tensor.slice(...compact.map((size) => [0, size] as const)) },
		};
		this.#constants.push(buffer);
		const { strides } = wholeOf(buffer, compact);
		return {
			buffer,
			shape: tensor.shape,
			strides: strides.map((stride, i) => (repeats[i] ? 0 : stride)),
			offset: 0,
		};
	}

	#copied(source: Source, kind: "output" | "scratch"): Source {
		const type = { shape: source.shape, dtype: source.buffer.dtype };
		const whole = this.#buffer({ type }, kind);
		this.#steps.push({ kind: "copy", reads: [source], writes: [whole] });
		return whole;
	}

	#buffer({ type }: Pick<Value, "type">, kind: "output" | "scratch"): Source {
		const { dtype, shape } = type;
		const use = kind === "output" ? { kind, index: this.#outputs.length } : { kind };
		const buffer: Buffer = { dtype, size: sizeOf(shape), use };
		if (kind === "output") this.#outputs.push(buffer);
		return wholeOf(buffer, shape);
	}

	#result(value: Value): Result {
		if (value.kind === "constant") return { kind: "constant", tensor: value.tensor };
		if (value.kind === "input") {
			return { kind: "argument", index: this.#program.inputs.indexOf(value) };
		}
		const source = this.#source(value);
		const whole = isWhole(source) && source.buffer.use.kind === "output";
		const { buffer } = whole ? source : this.#copied(source, "output");
		return { kind: "output", index: this.#outputs.indexOf(buffer) };
	}
}

/** The value of which this one is at most a reshaping. */
function reshapedFrom(value: Value): Value {
	let from = value;
	while (from.kind === "instruction" && isView(from)) {
		const input = from.inputs[0]!;
		const buffer: Buffer = {
			dtype: input.type.dtype,
			size: sizeOf(input.type.shape),
			use: { kind: "scratch" },
		};
		const view = viewed(from, wholeOf(buffer, input.type.shape));
		if (view === null || !isWhole(view)) break;
		from = input;
	}
	return from;
}

/** Whether a source is all of its buffer in row-major order. */
function isWhole({ buffer, shape, strides, offset }: Source): boolean {
	return offset === 0 && sizeOf(shape) === buffer.size && isRowMajor(shape, strides);
}

/** For each buffer that is only needed on the way, the steps during which it is. */
export function lifetimesOf({ steps }: Plan): Lifetime[] {
	const lifetimes = new Map<Buffer, { from: number; to: number }>();
	for (const [at, step] of steps.entries()) {
		for (const { buffer } of [...step.reads, ...step.writes]) {
			if (buffer.use.kind !== "scratch") continue;
			const known = lifetimes.get(buffer);
			if (known === undefined) lifetimes.set(buffer, { from: at, to: at });
			else known.to = at;
		}
	}
	return [...lifetimes].map(([buffer, lifetime]) => ({ buffer, ...lifetime }));
}
