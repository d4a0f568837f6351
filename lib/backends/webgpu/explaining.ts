import { bodiesOf, type Program, type Value } from "../../program/program.ts";
import { bytesOf } from "../../schedule/buffers.ts";
import { lifetimesOf } from "../../schedule/lifetimes.ts";
import { type KernelSchedule, scheduleOf } from "../../schedule/schedule.ts";
import type { Step } from "../../schedule/step.ts";
import { Unsupported } from "../backend.ts";
import { type Explanation, explained, explainStep } from "../explanation.ts";
import { BYTES_EACH, type Plan, type PlanLimits } from "./plan.ts";
import { planOf } from "./planning.ts";

/**
 * What a program becomes on a device.
 * @throws Unsupported for one with float64
 */
export function plannedFor(program: Program, limits: PlanLimits) {
	if (hasFloat64(program)) {
		throw new Unsupported(
			'float64, which WebGPU does not have; cast what goes in with .astype("float32")',
		);
	}
	const schedule = scheduleOf(program, { segments: true });
	return { schedule, plan: planOf(schedule, limits) };
}

function hasFloat64({ inputs, instructions, outputs }: Program): boolean {
	const values: Value[] = [...inputs, ...instructions, ...outputs];
	const all = [...values, ...instructions.flatMap((step) => step.inputs)];
	return (
		all.some(({ type }) => type.dtype === "float64") ||
		instructions.some(({ op }) => bodiesOf(op).some(hasFloat64))
	);
}

/** Bytes of memory that a plan has of its own. */
export function bytesOfPlan({ own }: Plan): number {
	return own.reduce(
		(sum, one) => sum + BYTES_EACH * (one.kind === "scratch" ? one.size : one.tensor.size),
		0,
	);
}

/** What runs where. */
export function explanationOf(schedule: KernelSchedule, plan: Plan): Explanation {
	const { steps, inputs, outputs } = schedule;
	const codeOf = (step: Step) =>
		plan.shaders
			.get(step)
			?.map(({ code }) => code)
			.join("\n");
	const given = [...inputs, ...outputs].reduce((sum, { size }) => sum + 4 * size, 0);
	const scratch = plan.own.reduce(
		(sum, own) => sum + (own.kind === "scratch" ? 4 * own.size : 0),
		0,
	);
	const unshared = lifetimesOf(steps).flatMap(({ buffers }) => buffers.map(bytesOf));
	const notes = [...plan.onHost].map(([{ members }, reason]) => {
		const ops = members.map(({ op }) => op.name).join(" ") || "copy";
		return `${ops} runs on the host, and what comes later waits: ${reason}`;
	});
	return explained({
		backend: "webgpu",
		steps: steps.map((step) => explainStep(step, () => 1, codeOf)),
		arenaBytes: bytesOfPlan(plan) + given,
		scratchBytes: scratch,
		unsharedBytes: unshared.reduce((sum, each) => sum + each, 0),
		threads: 1,
		fused: false,
		notes: [...new Set(notes)],
	});
}
