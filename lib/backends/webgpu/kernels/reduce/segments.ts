import type { ShaderOperand, ShaderWriter, Temporary } from "../../wgsl/shader.ts";
import { withTemporaries } from "../../wgsl/temporaries.ts";
import type { Lanes } from "./lanes.ts";
import { type Combiner, stateOf } from "./reducers.ts";

/**
 * What is kept of the segments of slices between shaders: states of some combiners, all in one
 * temporary, which is the operand after those of the kernel.
 */
export class SegmentStates {
	readonly temporary: Temporary;
	readonly #operand: number;
	readonly #lanes: Lanes;
	readonly #combiners: readonly Combiner[];

	constructor(operands: number, lanes: Lanes, combiners: readonly Combiner[]) {
		this.#operand = operands;
		this.#lanes = lanes;
		this.#combiners = combiners;
		const words = wordsOf(combiners);
		this.temporary = { dtype: "int32", size: words * lanes.count * lanes.segments };
	}

	/** The operands of a kernel and the temporary, in a slot of its own. */
	with(operands: readonly ShaderOperand[]): ShaderOperand[] {
		return withTemporaries(operands, [this.temporary]);
	}

	/** The state that one of the combiners has left for a segment of a slice. */
	load(m: ShaderWriter, combiner: number, segment: string): string {
		const { parts, made } = stateOf[this.#combiners[combiner]!.type];
		const words = parts.map(({ type }, part) => {
			const word = m.load(this.#operand, this.#place(combiner, part, segment));
			return type === "i32" ? word : `bitcast<f32>(${word})`;
		});
		return made(words);
	}

	/** Statements that leave a state. */
	store(m: ShaderWriter, combiner: number, segment: string, state: string): string[] {
		return stateOf[this.#combiners[combiner]!.type].parts.map(({ type, field }, part) => {
			const place = this.#place(combiner, part, segment);
			const value = `${state}${field}`;
			return m.store(this.#operand, place, type === "i32" ? value : `bitcast<i32>(${value})`);
		});
	}

	/** Neighbouring invocations read neighbours. */
	#place(combiner: number, part: number, segment: string): string {
		const { count, segments, isAcross } = this.#lanes;
		const first = (wordsOf(this.#combiners.slice(0, combiner)) + part) * count * segments;
		const place = isAcross
			? `${segment} * ${count} + sliceNumber`
			: `sliceNumber * ${segments} + ${segment}`;
		return `(${first} + ${place})`;
	}
}

function wordsOf(combiners: readonly Combiner[]): number {
	return combiners.reduce((sum, { type }) => sum + stateOf[type].parts.length, 0);
}
