import type { Expression } from "../../../../schedule/expression.ts";
import type { SliceLoop } from "../../../../schedule/kernel.ts";
import { Unsupported } from "../../../backend.ts";
import { WgslExpressions } from "../../elementwise/expression.ts";
import { type Shader, type ShaderOperand, ShaderWriter, wgslType } from "../../wgsl/shader.ts";
import type { Lanes } from "./lanes.ts";
import type { PlannedPass, PlannedReduction } from "./passes.ts";
import { type Combiner, stateOf } from "./reducers.ts";
import type { SegmentStates } from "./segments.ts";

/** Words of memory that the invocations of a workgroup have together, by WebGPU's least limit. */
const MOST_SHARED = 4096;

/**
 * So many lanes are combined by one of them before all wait for each other again: that takes longer
 * than to combine some.
 */
const WAYS = 16;

/** A loop over slices, and what of it a shader does. */
export interface SliceWork {
	readonly loop: SliceLoop;
	readonly lanes: Lanes;
	readonly passes: readonly PlannedPass[];
	readonly values: readonly Expression[];
	readonly operands: readonly ShaderOperand[];
	/** Where what comes of segments is kept; null if a shader does all. */
	readonly states: SegmentStates | null;
	/** The pass that it does for the segments; null for the outputs. */
	readonly until: number | null;
}

/** The shader of a loop over slices, or the one of a pass or of the outputs. */
export function sliceShader(work: SliceWork): Shader {
	return new SliceWriter(work).shader();
}

class SliceWriter {
	readonly #work: SliceWork;
	readonly #m: ShaderWriter;
	/** The segments of a slice, of this shader's. */
	readonly #segments: number;
	readonly #results: { readonly text: string; readonly dtype: Combiner["dtype"] }[] = [];
	readonly #lines: string[] = [];
	/** What is combined in the memory of the workgroup, and how many words that takes. */
	readonly #shared = new Map<string, number>();

	constructor(work: SliceWork) {
		const { lanes, until, loop } = work;
		this.#work = work;
		this.#m = new ShaderWriter(work.operands);
		const isDivided = until !== null || loop.outputs.some(({ perElement }) => perElement);
		this.#segments = isDivided ? lanes.segments : 1;
	}

	shader(): Shader {
		const { lanes, passes, until } = this.#work;
		this.#lines.push(...lanes.begin(this.#segments));
		const done = until === null ? passes : passes.slice(0, until);
		for (const pass of done) {
			if (pass.first !== null) this.#first(pass);
			else this.#reduce(pass);
		}
		if (until === null) this.#store();
		else this.#leave(passes[until]!);
		const { size } = lanes;
		const workgroups = lanes.workgroups(this.#segments);
		return this.#m.finish({ size, workgroups, body: this.#lines });
	}

	/** A result of the first element and of earlier results. */
	#first({ first }: PlannedPass): void {
		const { of, dtype, result } = first!;
		const name = `result${result}`;
		this.#lines.push(
			`var ${name}: ${wgslType(dtype)};`,
			...this.#once(of, (x) => `${name} = ${x};`),
		);
		this.#results[result] = { text: name, dtype };
	}

	/** The results of a pass: over whole slices, or put together of those of all segments. */
	#reduce(pass: PlannedPass): void {
		const { states } = this.#work;
		if (states === null) this.#accumulate(pass);
		else this.#gather(pass, states);
		this.#combine(pass.reductions, true);
		for (const { combiner, result } of pass.reductions) {
			const name = `result${result}`;
			this.#lines.push(`let ${name} = ${combiner.result(this.#m, `state${result}`)};`);
			this.#results[result] = { text: name, dtype: combiner.dtype };
		}
	}

	/** A pass over a segment, whose results are left for the shaders to come. */
	#leave(pass: PlannedPass): void {
		this.#accumulate(pass);
		this.#combine(pass.reductions, false);
		const stores = pass.reductions.flatMap(({ result, number }) =>
			this.#work.states!.store(this.#m, number, "segment", `state${result}`),
		);
		this.#lines.push("if (part == 0 && isSlice) {", ...stores, "}");
	}

	/** What each lane makes of some of the segments. */
	#gather({ reductions }: PlannedPass, states: SegmentStates): void {
		const { lanes } = this.#work;
		const merges = reductions.map(({ combiner, result, number }) => {
			const name = `state${result}`;
			const state = states.load(this.#m, number, "g");
			return `${name} = ${combiner.merge(this.#m, name, state)};`;
		});
		this.#lines.push(
			...starts(reductions),
			`for (var g = part; g < ${lanes.segments}; g += ${lanes.lanes}) {`,
			...merges,
			"}",
		);
	}

	/** What each lane makes of its elements. */
	#accumulate({ unless, reductions }: PlannedPass): void {
		const { lanes } = this.#work;
		const m = this.#m;
		const expressions = this.#ofElements();
		const body = reductions.flatMap(({ of, combiner, result }) => {
			const { lines, text } = expressions.write(of);
			const name = `state${result}`;
			return [...lines, `${name} = ${combiner.merge(m, name, combiner.one(m, text))};`];
		});
		const loop = lanes.loop(this.#segments, body);
		this.#lines.push(...starts(reductions));
		if (unless === null) this.#lines.push(...loop);
		else
			this.#lines.push(...this.#once(unless, (x) => [`if (${x} == 0) {`, ...loop, "}"].join("\n")));
	}

	/**
	 * Combines what the lanes of a slice have, as a tree. Then the first of them knows the result, or
	 * each.
	 */
	#combine(reductions: readonly PlannedReduction[], isForEach: boolean): void {
		const { lanes, size, step } = this.#work.lanes;
		if (lanes === 1) return;
		const m = this.#m;
		const isFirst = this.#shared.size === 0;
		const shared = reductions.map(({ combiner }, i) => {
			const name = `shared${i}_${combiner.type}`;
			this.#shared.set(name, size * stateOf[combiner.type].parts.length);
			m.define(name, `var<workgroup> ${name}: array<${combiner.type}, ${size}>;`);
			return name;
		});
		const words = [...this.#shared.values()].reduce((a, b) => a + b, 0);
		if (words > MOST_SHARED) throw new Unsupported(`${words} numbers shared in a workgroup`);
		const each = (line: (x: PlannedReduction, name: string) => string) =>
			reductions.map((x, i) => line(x, shared[i]!));
		const keep = each(({ result }, name) => `${name}[lane] = state${result};`);
		// What was combined before has to be read by all.
		this.#lines.push(...(isFirst ? [] : ["workgroupBarrier();"]), ...keep);
		for (let count = lanes; count > 1; ) {
			const ways = Math.min(WAYS, count);
			count /= ways;
			this.#lines.push(
				"workgroupBarrier();",
				`if (part < ${count}) {`,
				`for (var other = 1; other < ${ways}; other++) {`,
				...each(({ combiner, result }, name) => {
					const state = `state${result}`;
					return `${state} = ${combiner.merge(m, state, `${name}[lane + other * ${count * step}]`)};`;
				}),
				"}",
				...(count > 1 || isForEach ? keep : []),
				"}",
			);
		}
		if (!isForEach) return;
		this.#lines.push(
			"workgroupBarrier();",
			...each(({ result }, name) => `state${result} = ${name}[lane - part * ${step}];`),
		);
	}

	/** The outputs, of each element and of each slice. */
	#store(): void {
		const { loop, lanes, values } = this.#work;
		const stores = (perElement: boolean) =>
			loop.outputs.flatMap((output, j) => {
				const operand = loop.inputs.length + j;
				return output.perElement === perElement ? [{ operand, value: values[j]! }] : [];
			});
		const expressions = this.#ofElements();
		const written = stores(true).map(({ operand, value }) => {
			const { lines, text } = expressions.write(value);
			return { lines, store: this.#m.store(operand, lanes.place(operand), text) };
		});
		if (written.length > 0) {
			const body = [...written.flatMap(({ lines }) => lines), ...written.map(({ store }) => store)];
			this.#lines.push("if (isSlice) {", ...lanes.loop(this.#segments, body), "}");
		}
		const single = stores(false).flatMap(({ operand, value }) =>
			this.#once(value, (text) => this.#m.store(operand, `first${operand}`, text)),
		);
		if (single.length > 0) {
			this.#lines.push("if (part == 0 && segment == 0 && isSlice) {", ...single, "}");
		}
	}

	/** Expressions in a loop over elements. */
	#ofElements(): WgslExpressions {
		const { lanes } = this.#work;
		return this.#expressions("i", (input) => lanes.place(input));
	}

	/** Statements in which an expression stands that is the same for all elements. */
	#once(expression: Expression, statement: (text: string) => string): string[] {
		const expressions = this.#expressions("0", (input) => `first${input}`);
		const { lines, text } = expressions.write(expression);
		return ["{", ...lines, statement(text), "}"];
	}

	#expressions(position: string, place: (input: number) => string): WgslExpressions {
		const m = this.#m;
		return new WgslExpressions(m, (x) => {
			if (x.kind === "position") return { text: position, dtype: "int32" };
			if (x.kind === "result") return this.#results[x.index]!;
			return { text: m.load(x.index, place(x.index)), dtype: m.dtypeOf(x.index) };
		});
	}
}

function starts(reductions: readonly PlannedReduction[]): string[] {
	return reductions.map(({ combiner, result }) => {
		return `var state${result}: ${combiner.type} = ${combiner.start};`;
	});
}
