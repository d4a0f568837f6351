import { showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Buffer, BufferView } from "./buffers.ts";
import { isCoded, type Kernel } from "./kernel.ts";
import { kernelKeys } from "./kernel-key.ts";
import { lifetimesOf } from "./lifetimes.ts";
import { planMemory } from "./memory.ts";
import { layout, printKernel } from "./print-kernel.ts";
import type { KernelSchedule, Result } from "./schedule.ts";
import type { LoopBody, PlaceIn, Step } from "./step.ts";

/** Constants of more elements are not written out. */
const MOST_ELEMENTS = 8;

/**
 * A schedule as stable text: its buffers, then its steps with what they read and write, each kernel
 * at the first step that runs it, then where the results are.
 *
 *     in0: float64[6]
 *     out0: float64[6]
 *     step 0: k0(in0) -> out0    mul add
 *       k0: loop (2×3)
 *         x0: float64
 *         r0: float64 = x0 * 2 + 1
 *     results: out0
 */
export function printSchedule(schedule: KernelSchedule): string {
	const { steps, results } = schedule;
	const { offsets, bytes } = planMemory(lifetimesOf(steps));
	const nameOf = names(schedule);
	return [
		...[...nameOf].map(([buffer, name]) => bufferText(buffer, name, offsets.get(buffer))),
		`scratch: ${bytes} bytes`,
		...stepTexts(steps, nameOf),
		`results: ${results.map((result) => resultText(result, schedule, nameOf)).join(", ")}`,
	].join("\n");
}

/** The steps, each with its kernel where that is new, and with what it repeats. */
function stepTexts(steps: readonly Step[], nameOf: ReadonlyMap<Buffer, string>): string[] {
	const kernels = kernelsOf(steps);
	return steps.flatMap((step, at) => {
		const { name, steps: all } = kernels.get(step)!;
		const show = (view: BufferView) => viewText(view, nameOf.get(view.buffer)!, step);
		const [reads, writes] = [step.reads, step.writes].map((views) => views.map(show).join(", "));
		const ops = step.members.map(({ op }) => op.name).join(" ") || "copy";
		const line = `step ${at}: ${name}(${reads}) -> ${writes}    ${ops}`;
		if (all[0] !== at) return [line];
		const [head, ...lines] = printKernel(step.kernel);
		const more = all.length > 2 ? "steps" : "step";
		const others = all.length > 1 ? `, also of ${more} ${all.slice(1).join(", ")}` : "";
		const bodies = (step.bodies ?? []).flatMap((body, i) => {
			const text = bodyTexts(body, nameOf);
			const title = bodyTitle(step.kernel, i);
			return title === null ? text : [`${title}:`, ...text.map((x) => `  ${x}`)];
		});
		const inside = [...lines, ...bodies].map((text) => `    ${text}`);
		return [line, `  ${name}${others}: ${head}`, ...inside];
	});
}

/** What a body is, where there are several. */
function bodyTitle({ kind }: Kernel, i: number): string | null {
	if (kind === "while") return ["test", "step", "end"][i]!;
	return kind === "choice" ? `branch ${i}` : null;
}

/** What a loop repeats: where its buffers lie in those around it, and its steps. */
function bodyTexts(body: LoopBody, around: ReadonlyMap<Buffer, string>): string[] {
	const nameOf = names(body);
	const at = ({ buffer, offset }: PlaceIn) =>
		(around.get(buffer) ?? "") + (offset === 0 ? "" : ` + ${offset}`);
	return [
		...[...nameOf].map(([buffer, name]) => {
			const { dtype, size, use } = buffer;
			const place = body.places.get(buffer);
			if (place === undefined) return bufferText(buffer, name);
			const starts = place.starts.map(at).join(" and ");
			const moves = place.stride === 0 ? "" : `, then ${place.stride} further each time`;
			const turns = place.starts.length > 1 ? ", in turns" : "";
			const unit = use.kind === "scratch" ? " bytes" : "";
			return `${name}: ${dtype}[${size}] at ${starts}${unit}${turns}${moves}`;
		}),
		...stepTexts(body.steps, nameOf),
	];
}

/** The buffers by name, in the order in which they are listed. */
function names({
	inputs,
	outputs,
	constants,
	steps,
}: Omit<LoopBody, "places">): Map<Buffer, string> {
	const scratch = steps.flatMap(({ writes }) =>
		writes.flatMap(({ buffer }) => (buffer.use.kind === "scratch" ? [buffer] : [])),
	);
	const known = { in: inputs, out: outputs, c: constants, s: [...new Set(scratch)] };
	return new Map(
		Object.entries(known).flatMap(([letters, buffers]) =>
			buffers.map((buffer, i): [Buffer, string] => [buffer, letters + i]),
		),
	);
}

/** The name of each step's kernel, and which steps run it. */
function kernelsOf(steps: readonly Step[]) {
	const keyOf = kernelKeys();
	const known = new Map<string, { name: string; steps: number[] }>();
	const kernels = new Map<Step, { readonly name: string; readonly steps: readonly number[] }>();
	for (const [at, step] of steps.entries()) {
		const { kernel } = step;
		// The instruction of an evaluation knows the whole program before it; a loop is its own.
		const key = isCoded(kernel) ? keyOf(kernel) : `${kernel.kind} ${at}`;
		const found = known.get(key) ?? { name: `k${known.size}`, steps: [] };
		known.set(key, found);
		found.steps.push(at);
		kernels.set(step, found);
	}
	return kernels;
}

function bufferText({ dtype, size, use }: Buffer, name: string, offset?: number): string {
	const text = `${name}: ${dtype}[${size}]`;
	if (use.kind === "scratch") return `${text} at byte ${offset}`;
	if (use.kind !== "constant" || size > MOST_ELEMENTS) return text;
	return `${text} = ${Array.from(elements(use.tensor), showNumber).join(" ")}`;
}

/** An op's own evaluation takes elements as they lie; other kernels say themselves how they do. */
function viewText({ shape, strides, offset }: BufferView, name: string, { kernel }: Step): string {
	const lies = kernel.kind === "evaluation" ? layout(shape, strides) : "";
	return `${name}${offset === 0 ? "" : ` + ${offset}`}${lies}`;
}

function resultText(
	result: Result,
	{ inputs, outputs }: KernelSchedule,
	nameOf: ReadonlyMap<Buffer, string>,
): string {
	switch (result.kind) {
		case "argument":
			return nameOf.get(inputs[result.index]!)!;
		case "output":
			return nameOf.get(outputs[result.index]!)!;
		case "constant": {
			const { tensor } = result;
			const values =
				tensor.size > MOST_ELEMENTS
					? ""
					: ` = ${Array.from(elements(tensor), showNumber).join(" ")}`;
			return `constant ${tensor.dtype} ${showShape(tensor.shape)}${values}`;
		}
	}
}

function showNumber(value: number): string {
	return Object.is(value, -0) ? "-0" : String(value);
}
