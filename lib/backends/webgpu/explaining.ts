import type { Program, Value } from "../../program/program.ts";
import { bytesOf } from "../../schedule/buffers.ts";
import { lifetimesOf } from "../../schedule/lifetimes.ts";
import { type KernelSchedule, scheduleOf } from "../../schedule/schedule.ts";
import type { Step } from "../../schedule/step.ts";
import { Unsupported } from "../backend.ts";
import { type Explanation, explained, explainStep, type MoreOfStep } from "../explanation.ts";
import { BYTES_EACH } from "./buffer-chain.ts";
import type { Plan, PlanLimits } from "./plan.ts";
import { planOf } from "./planning.ts";
import { type ProgramSplit, splitProgram } from "./split.ts";
import type { TileChoice } from "./tuner.ts";

/**
 * What a program becomes on a device.
 * @throws Unsupported for one with float64 that the device would have to have
 */
export function plannedFor(program: Program, limits: PlanLimits) {
	const parts = splitProgram(program);
	const { device, deviceArgs } = parts;
	const isDouble = ({ type }: Value) => type.dtype === "float64";
	if (deviceArgs.some((i) => isDouble(program.inputs[i]!))) throw tooWide("an argument");
	const results = program.outputs.filter((_, i) => parts.results[i]!.on === "device");
	if (results.some(isDouble)) throw tooWide("a result");
	const schedule = scheduleOf(device);
	return { parts, schedule, plan: planOf(schedule, limits) };
}

function tooWide(what: string): Unsupported {
	return new Unsupported(
		`${what} is float64, which WebGPU does not have; cast it with .astype("float32")`,
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
export function explanationOf(
	{ host }: ProgramSplit,
	schedule: KernelSchedule,
	plan: Plan,
): Explanation {
	const { steps, inputs, outputs } = schedule;
	const moreOf = (step: Step): MoreOfStep => {
		const shaders = plan.shaders.get(step);
		const choice = plan.choices.get(step);
		return {
			...(shaders && { code: shaders.map(({ code }) => code).join("\n") }),
			...(choice && { choice: choiceText(choice) }),
		};
	};
	const given = [...inputs, ...outputs].reduce((sum, { size }) => sum + BYTES_EACH * size, 0);
	const scratch = plan.own.reduce(
		(sum, own) => sum + (own.kind === "scratch" ? BYTES_EACH * own.size : 0),
		0,
	);
	const unshared = lifetimesOf(steps).flatMap(({ buffers }) => buffers.map(bytesOf));
	const notes = [...plan.onHost].map(([{ members }, reason]) => {
		const ops = members.map(({ op }) => op.name).join(" ") || "copy";
		return `${ops} runs on the host, and what comes later waits: ${reason}`;
	});
	if (host.instructions.length > 0) {
		const ops = [...new Set(host.instructions.map(({ op }) => op.name))].join(" ");
		notes.unshift(`numbers of float64 are computed on the host, before each call: ${ops}`);
	}
	return explained({
		backend: "webgpu",
		steps: steps.map((step) => explainStep(step, () => 1, moreOf)),
		arenaBytes: bytesOfPlan(plan) + given,
		scratchBytes: scratch,
		unsharedBytes: unshared.reduce((sum, each) => sum + each, 0),
		threads: 1,
		fused: false,
		notes: [...new Set(notes)],
	});
}

/** `64×64 by 16, 4×4 each: 0.21 ms, of 4 tried`. */
function choiceText({ tile, seconds, of }: TileChoice): string {
	const { rows, columns, depth, rowsEach, columnsEach } = tile;
	const time = Number((seconds * 1e3).toPrecision(3));
	return `${rows}×${columns} by ${depth}, ${rowsEach}×${columnsEach} each: ${time} ms, of ${of} tried`;
}
