import { sizeOf } from "../../core/shape.ts";
import type { BufferView } from "../../schedule/buffers.ts";
import { type CodedKernel, isCoded } from "../../schedule/kernel.ts";
import { kernelKeys } from "../../schedule/kernel-key.ts";
import type { KernelSchedule } from "../../schedule/schedule.ts";
import type { LoopBody, Step } from "../../schedule/step.ts";
import { Unsupported } from "../backend.ts";
import { shadersOf, tilesOf } from "./kernels.ts";
import { MemoryMap, type Scope } from "./memory-map.ts";
import { type MemoryPlace, type PackingCopy, packed } from "./pack.ts";
import type { DeviceCommand, Plan, PlanLimits, PlanStage, Site, Stages } from "./plan.ts";
import type { TileChoice, Tunable } from "./tuner.ts";
import { gridOf, type Shader, type ShaderOperand, type ShaderPlan } from "./wgsl/shader.ts";

/** Plans what a schedule does on a device. */
export function planOf(schedule: KernelSchedule, limits: PlanLimits): Plan {
	return new Planning(schedule, limits).plan();
}

class Planning {
	readonly #schedule: KernelSchedule;
	readonly #limits: PlanLimits;
	readonly #memory: MemoryMap;
	readonly #sites = new Map<string, number>();
	readonly #siteList: Site[] = [];
	readonly #places = new Map<string, number>();
	readonly #placeList: (readonly number[])[] = [];
	readonly #shaders = new Map<string, ShaderPlan | Unsupported>();
	readonly #keyOf = kernelKeys();
	readonly #onHost = new Map<Step, string>();
	readonly #tunable: Tunable[] = [];
	readonly #choices = new Map<Step, TileChoice>();
	readonly #shadersOf = new Map<Step, readonly Shader[]>();

	constructor(schedule: KernelSchedule, limits: PlanLimits) {
		this.#schedule = schedule;
		this.#limits = limits;
		this.#memory = new MemoryMap(schedule);
	}

	plan(): Plan {
		const stages: PlanStage[] = [];
		append(stages, [{ kind: "commands", commands: this.#memory.before }]);
		append(stages, this.#stages(this.#schedule.steps, null));
		append(stages, [{ kind: "commands", commands: this.#memory.after }]);
		return {
			own: this.#memory.own,
			sites: this.#siteList,
			places: this.#placeList,
			stages,
			canFail: this.#siteList.some(({ shader }) => shader.canFail),
			shaders: this.#shadersOf,
			tunable: this.#tunable,
			choices: this.#choices,
			onHost: this.#onHost,
		};
	}

	#stages(steps: readonly Step[], scope: Scope | null): PlanStage[] {
		const stages: PlanStage[] = [];
		for (const step of steps) this.#add(stages, step, scope);
		return stages;
	}

	#add(stages: PlanStage[], step: Step, scope: Scope | null): void {
		const { kernel, reads, writes, bodies = [] } = step;
		const inRound = (body: LoopBody, round: number) =>
			this.#stages(body.steps, this.#memory.scopeOf(body, scope, round));
		switch (kernel.kind) {
			case "repeat":
				for (let round = 0; round < kernel.count; round++) {
					append(stages, inRound(bodies[0]!, round));
				}
				return;
			case "choice": {
				const index = this.#memory.locate(reads[0]!.buffer, reads[0]!.offset, scope);
				stages.push({ kind: "choice", index, branches: bodies.map((body) => inRound(body, 0)) });
				return;
			}
			case "while": {
				const [test, round, end] = bodies.map((body) => [0, 1].map((r) => inRound(body, r)));
				const holds = this.#memory.locate(
					bodies[0]!.outputs[0]!,
					0,
					this.#memory.scopeOf(bodies[0]!, scope, 0),
				);
				const parts = { test: test!, round: round!, end: end! };
				stages.push({ kind: "while", most: kernel.most, holds, ...parts });
				return;
			}
			case "evaluation":
				this.#onHost.set(step, kernel.reason ?? "no shader for it");
				stages.push({ kind: "host", step, operands: this.#operands(step, scope) });
				return;
			default: {
				const all = [...reads, ...writes];
				if (all.every(({ shape }) => sizeOf(shape) === 0)) return;
				const operands = this.#operands(step, scope);
				try {
					append(stages, [{ kind: "commands", commands: this.#commands(step, all, operands) }]);
				} catch (error) {
					if (!(error instanceof Unsupported)) throw error;
					this.#onHost.set(step, error.message);
					stages.push({ kind: "host", step, operands });
				}
			}
		}
	}

	#operands({ reads, writes }: Step, scope: Scope | null): MemoryPlace[] {
		return [...reads, ...writes].map(({ buffer, offset }) =>
			this.#memory.locate(buffer, offset, scope),
		);
	}

	/** @throws Unsupported for a kernel that the device has not */
	#commands(
		step: Step,
		views: readonly BufferView[],
		given: readonly MemoryPlace[],
	): DeviceCommand[] {
		const { kernel } = step;
		if (!isCoded(kernel)) throw new Unsupported(`no shader for ${kernel.kind}`);
		const commands: DeviceCommand[] = [];
		const key = this.#keyOf(kernel);
		const choice = this.#limits.choiceFor?.(kernel);
		// As many as a kernel without temporaries needs may be bound as they lie; else more are packed.
		for (let most = this.#limits.bindings; ; most--) {
			const { places, before, after, room } = packed(views, given, step.reads.length, most);
			const roots = [...new Set(places.map(({ root }) => root))];
			const operands = places.map(({ root, offset }, i): ShaderOperand => {
				const { dtype } = views[i]!.buffer;
				return { dtype, slot: roots.indexOf(root), aligned: offset % 4 === 0 };
			});
			const pattern = operands.map(({ slot, aligned }) => `${slot}${aligned ? "a" : ""}`);
			const { shaders, temporaries = [] } = this.#shadersFor(`${key} ${pattern}`, () =>
				shadersOf(kernel, operands, choice?.tile),
			);
			const needed = Math.max(
				...shaders.map(({ bindings, canFail }) => bindings.length + Number(canFail)),
			);
			if (needed > this.#limits.bindings) {
				if (most > 2) continue;
				throw new Unsupported("it needs more buffers than a shader may have");
			}
			if (choice !== undefined) this.#choices.set(step, choice);
			else if (tilesOf(kernel).length > 1) this.#addTunable(kernel, operands, views, places);
			if (!this.#shadersOf.has(step)) this.#shadersOf.set(step, shaders);
			const packing = room === 0 ? -1 : this.#memory.between(0, room);
			const rootOf = (root: number) => (root < 0 ? packing : root);
			const between = temporaries.map(({ size }, i) => this.#memory.between(i + 1, size));
			const all = [...roots.map(rootOf), ...between];
			const real = ({ root, offset }: MemoryPlace) => ({ root: rootOf(root), offset });
			const copying = ({ from, to, size }: PackingCopy): DeviceCommand => {
				return { kind: "copy", from: real(from), to: real(to), size };
			};
			commands.push(...before.map(copying));
			const starts = this.#placesOf([
				...places.map(({ offset }) => offset),
				...temporaries.map(() => 0),
			]);
			if (all.some((root) => this.#memory.sizeOf(root) > this.#limits.elements)) {
				throw new Unsupported("its elements are more than a shader may be bound to");
			}
			for (const shader of shaders) {
				if (shader.workgroups === 0) continue;
				const site = this.#siteOf(
					shader,
					shader.bindings.map(({ slot }) => all[slot]!),
				);
				commands.push({ kind: "dispatch", site, places: starts, grid: gridOf(shader.workgroups) });
			}
			commands.push(...after.map(copying));
			return commands;
		}
	}

	#addTunable(
		kernel: CodedKernel,
		operands: readonly ShaderOperand[],
		views: readonly BufferView[],
		places: readonly MemoryPlace[],
	): void {
		const sizes: number[] = [];
		for (const [i, { slot }] of operands.entries()) {
			const end = places[i]!.offset + views[i]!.buffer.size;
			sizes[slot] = Math.max(sizes[slot] ?? 0, end);
		}
		this.#tunable.push({ kernel, operands, sizes });
	}

	#shadersFor(key: string, make: () => ShaderPlan): ShaderPlan {
		let known = this.#shaders.get(key);
		if (known === undefined) {
			try {
				known = make();
			} catch (error) {
				if (!(error instanceof Unsupported)) throw error;
				known = error;
			}
			this.#shaders.set(key, known);
		}
		if (known instanceof Unsupported) throw known;
		return known;
	}

	#siteOf(shader: Shader, roots: readonly number[]): number {
		const key = `${roots} ${shader.code}`;
		let site = this.#sites.get(key);
		if (site === undefined) {
			site = this.#siteList.push({ shader, roots }) - 1;
			this.#sites.set(key, site);
		}
		return site;
	}

	#placesOf(starts: readonly number[]): number {
		const key = starts.join();
		let at = this.#places.get(key);
		if (at === undefined) {
			at = this.#placeList.push(starts) - 1;
			this.#places.set(key, at);
		}
		return at;
	}
}

/** Adds stages; commands go on in those before them. */
function append(stages: PlanStage[], more: Stages): void {
	for (const stage of more) {
		const last = stages.at(-1);
		if (stage.kind === "commands" && last?.kind === "commands") {
			last.commands.push(...stage.commands);
		} else {
			stages.push(stage);
		}
	}
}
