import { sizeOf } from "../../../core/shape.ts";
import { inOrder } from "../../../scalar/scalar.ts";
import type { ScanLoop } from "../../../schedule/kernel.ts";
import { termText } from "../wgsl/expression.ts";
import { indexOfElement, unravelled } from "../wgsl/indices.ts";
import { f32Numeral } from "../wgsl/numerals.ts";
import { type Shader, type ShaderOperand, type ShaderPlan, ShaderWriter } from "../wgsl/shader.ts";
import { Lanes } from "./reduce/lanes.ts";
import type { Combiner } from "./reduce/reducers.ts";
import { SegmentStates } from "./reduce/segments.ts";
import { combinerOfSteps } from "./reduce/steps.ts";

/**
 * Lines along which something is carried on. Where steps can be put together before the first of
 * them is done, each lane of a line has some elements in a row: lanes combine theirs, learn what is
 * carried up to there, and go over them again. A shader before that leaves what comes of the
 * segments of long lines. Else there is an invocation for each line.
 * @throws Unsupported for what needs whole numbers or more digits than there are
 */
export function scanShaders(scan: ScanLoop, operands: readonly ShaderOperand[]): ShaderPlan {
	const { shape, axis, inputs, output } = scan;
	if (shape.includes(0)) return { shaders: [] };
	const strides = [...inputs, output].map((operand) => operand.strides);
	const lanes = new Lanes({ shape, axes: [axis], strides, isOrdered: true });
	const combiner = combinerOfSteps(scan, lanes.n);
	if (combiner === null) return { shaders: [oneByOne(scan, operands)] };
	if (lanes.segments === 1) {
		return { shaders: [new ScanWriter(scan, lanes, combiner, operands).results()] };
	}
	const states = new SegmentStates(operands.length, lanes, [combiner]);
	const writer = () => new ScanWriter(scan, lanes, combiner, states.with(operands));
	const shaders = [writer().ofSegments(states), writer().results(states)];
	return { shaders, temporaries: [states.temporary] };
}

/** Invocations of a workgroup of lines that are done one by one. */
const LINES = 64;

/** Lines of steps that have to be done one after the other. */
function oneByOne(scan: ScanLoop, operands: readonly ShaderOperand[]): Shader {
	const { shape, axis, step, start, inputs, output, exclusive } = scan;
	const m = new ShaderWriter(operands);
	const sizes = shape.toSpliced(axis, 1);
	const lines = sizeOf(sizes);
	const { lines: unravel, indices } = unravelled("line", "k", sizes);
	const place = (operand: number) => {
		const { strides } = [...inputs, output][operand]!;
		const along = indexOfElement(["i"], [strides[axis]!]);
		return `${indexOfElement(indices, strides.toSpliced(axis, 1))} + ${along}`;
	};
	const asksForFirst = inOrder(step).some((part) => part.kind === "argument" && part.index === 1);
	const next = termText(m, step, [
		...["carried", asksForFirst ? "j == 0" : "0f"],
		...inputs.map((_, k) => m.load(k, place(k))),
	]);
	const body = [
		`let line = group * ${LINES} + lane;`,
		`if (line >= ${lines}) { return; }`,
		...unravel,
		`var carried = ${f32Numeral(m, start)};`,
		...stepping(scan, "0", `${shape[axis]}`, [
			"let before = carried;",
			`carried = ${next};`,
			m.store(inputs.length, place(inputs.length), exclusive ? "before" : "carried"),
		]),
	];
	return m.finish({ size: LINES, workgroups: Math.ceil(lines / LINES), body });
}

/** A loop over the steps of a line; its body knows `j`, which step it is, and its place `i`. */
function stepping(
	{ shape, axis, reverse }: ScanLoop,
	begin: string,
	end: string,
	body: readonly string[],
): string[] {
	const place = reverse ? `${shape[axis]! - 1} - j` : "j";
	return [`for (var j = ${begin}; j < ${end}; j++) {`, `let i = ${place};`, ...body, "}"];
}

/** Writes shaders of lines whose steps can be put together. */
class ScanWriter {
	readonly #scan: ScanLoop;
	readonly #lanes: Lanes;
	readonly #combiner: Combiner;
	readonly #m: ShaderWriter;
	readonly #lines: string[] = [];

	constructor(
		scan: ScanLoop,
		lanes: Lanes,
		combiner: Combiner,
		operands: readonly ShaderOperand[],
	) {
		this.#scan = scan;
		this.#lanes = lanes;
		this.#combiner = combiner;
		this.#m = new ShaderWriter(operands);
		const { n, length, segments } = lanes;
		const each = length / lanes.lanes;
		this.#lines.push(
			...lanes.begin(segments),
			`let begin = segment * ${length} + part * ${each};`,
			`let end = min(${n}, begin + ${each});`,
		);
	}

	/** The shader that leaves what comes of each segment. */
	ofSegments(states: SegmentStates): Shader {
		const state = this.#combine("own", this.#ownSteps());
		this.#lines.push(
			"if (part == 0 && isSlice) {",
			`let state = ${state};`,
			...states.store(this.#m, 0, "segment", "state"),
			"}",
		);
		return this.#finish();
	}

	/** The shader that stores the results, after what comes of segments if there are several. */
	results(states?: SegmentStates): Shader {
		const lanes = this.#lanes;
		const m = this.#m;
		const { start, type, result } = this.#combiner;
		this.#lines.push(`var carried: ${type} = ${start};`);
		if (states !== undefined) {
			this.#lines.push(`carried = ${this.#combine("before", this.#segmentsBefore(states))};`);
		}
		if (lanes.lanes > 1) {
			this.#combine("own", this.#ownSteps());
			const before = `shared_states[lane - ${lanes.step}]`;
			this.#lines.push(`if (part > 0) { carried = ${this.#merged("carried", before)}; }`);
		}
		const output = this.#scan.inputs.length;
		const store = m.store(output, lanes.place(output), result(m, "carried"));
		const next = `carried = ${this.#merged("carried", this.#element())};`;
		const body = this.#scan.exclusive ? [store, next] : [next, store];
		this.#lines.push("if (isSlice) {", ...stepping(this.#scan, "begin", "end", body), "}");
		return this.#finish();
	}

	/** Statements that add what comes of a lane's steps to `own`. */
	#ownSteps(): string[] {
		const next = `own = ${this.#merged("own", this.#element())};`;
		return stepping(this.#scan, "begin", "end", [next]);
	}

	/** Statements that add a lane's share of the segments before this one to `before`. */
	#segmentsBefore(states: SegmentStates): string[] {
		const { segments, lanes } = this.#lanes;
		const each = Math.ceil(segments / lanes);
		return [
			`for (var g = part * ${each}; g < min(segment, (part + 1) * ${each}); g++) {`,
			`before = ${this.#merged("before", states.load(this.#m, 0, "g"))};`,
			"}",
		];
	}

	/**
	 * Lets each lane do something to a state of its own, and puts the states up to each lane together
	 * in the memory of the workgroup; what comes of all of them is returned.
	 */
	#combine(name: string, own: readonly string[]): string {
		const { lanes, step, size } = this.#lanes;
		const { type, start } = this.#combiner;
		this.#lines.push(`var ${name}: ${type} = ${start};`, ...own);
		if (lanes === 1) return name;
		const shared = "shared_states";
		this.#m.define(shared, `var<workgroup> ${shared}: array<${type}, ${size}>;`);
		const merged = this.#merged(`${shared}[lane - apart * ${step}]`, name);
		this.#lines.push(
			// What was there before has to be read by all.
			"workgroupBarrier();",
			`${shared}[lane] = ${name};`,
			`for (var apart = 1; apart < ${lanes}; apart *= 2) {`,
			"workgroupBarrier();",
			`if (part >= apart) { ${name} = ${merged}; }`,
			"workgroupBarrier();",
			`${shared}[lane] = ${name};`,
			"}",
			"workgroupBarrier();",
		);
		return `${shared}[lane + (${lanes - 1} - part) * ${step}]`;
	}

	/** The state of the elements of step `j`. */
	#element(): string {
		const { inputs } = this.#scan;
		const m = this.#m;
		const elements = inputs.map((_, k) => m.load(k, this.#lanes.place(k)));
		// What is carried before the first step is nothing.
		if (this.#combiner.type === "Affine") elements[0] = `select(${elements[0]}, 0f, j == 0)`;
		return this.#combiner.one(m, ...elements);
	}

	#merged(a: string, b: string): string {
		return this.#combiner.merge(this.#m, a, b);
	}

	#finish(): Shader {
		const { size, segments } = this.#lanes;
		const workgroups = this.#lanes.workgroups(segments);
		return this.#m.finish({ size, workgroups, body: this.#lines });
	}
}
