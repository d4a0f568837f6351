import type { TensorType } from "../core/op.ts";
import type { RepeatParams } from "../core/op-lowering.ts";
import { isRowMajor, rowMajorStrides, sizeOf } from "../core/shape.ts";
import { bodiesOf, type Instruction } from "../program/program.ts";
import { type PlannedBody, placeMemory } from "./bodies.ts";
import type { Buffer, BufferView } from "./buffers.ts";
import { copied, readable, storing } from "./copies.ts";
import { canReplace } from "./lifetimes.ts";
import type { Lowered, Planner } from "./planner.ts";
import type { MovingPlace, PlaceIn, Step } from "./step.ts";

/** What is found out about a loop's step on the way. */
interface Planned {
	readonly planner: Planner;
	readonly lead: Instruction;
	readonly params: RepeatParams;
	readonly body: PlannedBody;
	/** Where the loop's result goes. */
	readonly out: BufferView;
	readonly places: Map<Buffer, MovingPlace>;
	readonly reads: BufferView[];
	readonly writes: BufferView[];
	/** What runs when the loop is done. */
	readonly after: Step[];
}

/**
 * A loop. Its step is planned once, as a program of its own, and its buffers lie in those around
 * it: what is closed over where it is, entries and results in places that move, and the carry in
 * turns in two places, or in one where that is enough, so that it is never copied.
 */
export function asRepeat(params: RepeatParams): Lowered {
	return {
		plan(planner, { lead, members }) {
			const { outputs } = bodiesOf(lead.op)[0]!;
			const dtypes = outputs.map(({ type }, i) => (i < params.carried ? type : lead.type).dtype);
			const body = planner.planBody(bodiesOf(lead.op)[0]!, dtypes);
			const out = planner.buffers.store(lead);
			const lists = { reads: [], writes: [out], after: [] };
			const planned = { planner, lead, params, body, out, places: new Map(), ...lists };
			placeInputs(planned);
			placeOutputs(planned);
			if (params.length > 0) {
				const { reads, writes, places } = planned;
				placeMemory(planner, body, places, writes);
				const kernel = { kind: "repeat", count: params.length } as const;
				planner.steps.push({ kernel, reads, writes, members, bodies: [{ ...body, places }] });
			}
			planner.steps.push(...planned.after);
		},
	};
}

/** What is closed over is where it is; entries are read one after the other. */
function placeInputs({ planner, lead, params, body, places, reads }: Planned): void {
	const { closed, carried } = params;
	for (const [i, input] of body.inputs.entries()) {
		if (i >= closed && i < closed + carried) continue;
		const view = planner.viewOf(lead.inputs[i]!);
		const rank = i < closed ? 0 : 1;
		const isInOrder = isRowMajor(view.shape.slice(rank), view.strides.slice(rank));
		const read = readable(planner, view, isInOrder);
		reads.push(read);
		places.set(input, movingBy(i < closed ? 0 : read.strides[0]!, read, params));
	}
}

/** The last carry comes first in the result, and then the results of all steps. */
function placeOutputs(planned: Planned): void {
	const { lead, params, body, out, places } = planned;
	let offset = 0;
	for (const [i, { type }] of bodiesOf(lead.op)[0]!.outputs.entries()) {
		const size = sizeOf(type.shape);
		const own = { buffer: out.buffer, offset };
		if (i < params.carried) placeCarry(planned, i, type, own);
		else places.set(body.outputs[i]!, movingBy(size, own, params));
		offset += i < params.carried ? size : params.length * size;
	}
}

function placeCarry(planned: Planned, i: number, type: TensorType, own: PlaceIn): void {
	const { planner, lead, params, body, out, places, writes, after } = planned;
	const another = (): PlaceIn => {
		const to = planner.buffers.add(type, "scratch");
		writes.push(to);
		return { buffer: to.buffer, offset: 0 };
	};
	const isPacked = type.dtype === out.buffer.dtype;
	const home = isPacked ? own : another();
	const at = params.closed + i;
	const [input, output] = [body.inputs[at]!, body.outputs[i]!];
	let starts: MovingPlace["starts"][] = [[home], [home]];
	if (!isInPlace(body, input, output)) {
		const other = another();
		// In the last round the next carry is at home.
		starts = [
			[other, home],
			[home, other],
		];
		if (params.length % 2 === 0) starts.reverse();
	}
	const [now, next] = starts as [MovingPlace["starts"], MovingPlace["starts"]];
	places.set(input, { starts: now, stride: 0 });
	places.set(output, { starts: next, stride: 0 });
	const start = viewAt(now[0], type);
	planner.steps.push(copied(planner, planner.viewOf(lead.inputs[at]!), start, []));
	const { dtype } = out.buffer;
	if (!isPacked) after.push(storing(viewAt(home, type), viewAt(own, { ...type, dtype }), []));
}

/** A place that moves by so many elements a round, from these on or up to these. */
function movingBy(
	by: number,
	{ buffer, offset }: PlaceIn,
	{ length, reverse }: RepeatParams,
): MovingPlace {
	const first = reverse ? offset + Math.max(0, length - 1) * by : offset;
	return { starts: [{ buffer, offset: first }], stride: reverse ? -by : by };
}

/** Whether the next carry can be written where the one is that it is made from. */
export function isInPlace({ steps }: PlannedBody, carry: Buffer, next: Buffer): boolean {
	const written = steps.findIndex(({ writes }) => writes.some(({ buffer }) => buffer === next));
	const last = steps.findLastIndex(({ reads }) => reads.some(({ buffer }) => buffer === carry));
	if (last !== written) return last < written;
	const { reads, writes } = steps[written]!;
	const read = reads.find(({ buffer }) => buffer === carry)!;
	return canReplace(steps[written]!, writes.find(({ buffer }) => buffer === next)!, read);
}

/** What lies there, row by row. */
export function viewAt({ buffer, offset }: PlaceIn, { shape }: TensorType): BufferView {
	return { buffer, shape, strides: rowMajorStrides(shape), offset };
}
