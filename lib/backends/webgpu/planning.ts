import { isCoded } from "../../schedule/kernel.ts";
import { kernelKeys } from "../../schedule/kernel-key.ts";
import type { LoopBody, Step } from "../../schedule/step.ts";
import { Unsupported } from "../backend.ts";
import { evaluatedOfNothing } from "./evaluated.ts";
import { shadersOf, tilesOf } from "./kernels.ts";
import { MemoryMap, type PlannedSteps, type Scope } from "./memory-map.ts";
import {
	type Binding,
	type BoundWork,
	boundWork,
	type PackingCopy,
	roundedUp,
} from "./parts/bindings.ts";
import type { PartRoom } from "./parts/cut.ts";
import { divided } from "./parts/divide.ts";
import { extentsOf, type KernelWork, type MemoryPlace } from "./parts/work.ts";
import type { DeviceCommand, Plan, PlanLimits, PlanStage, Site, Stages } from "./plan.ts";
import type { TileChoice, Tunable } from "./tuner.ts";
import { gridOf, type Shader, type ShaderPlan } from "./wgsl/shader.ts";

/** Plans what a schedule does on a device. */
export function planOf(schedule: PlannedSteps, limits: PlanLimits): Plan {
	return new Planning(schedule, limits).plan();
}

class Planning {
	readonly #schedule: PlannedSteps;
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

	constructor(schedule: PlannedSteps, limits: PlanLimits) {
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
		const { kernel, reads, bodies = [] } = step;
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
			case "evaluation": {
				const operands = this.#operands(step, scope);
				const known = evaluatedOfNothing(kernel, step);
				if (known === null) {
					this.#onHost.set(step, kernel.reason ?? "no shader for it");
					stages.push({ kind: "host", step, operands });
				} else if (known.size > 0) {
					const from = { root: this.#memory.constant(known), offset: 0 };
					const copy = { kind: "copy", from, to: operands.at(-1)!, size: known.size } as const;
					append(stages, [{ kind: "commands", commands: [copy] }]);
				}
				return;
			}
			default: {
				const operands = this.#operands(step, scope);
				try {
					append(stages, [{ kind: "commands", commands: this.#ofStep(step, operands) }]);
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
	#ofStep(step: Step, given: readonly MemoryPlace[]): DeviceCommand[] {
		const { kernel, reads, writes } = step;
		if (!isCoded(kernel)) throw new Unsupported(`no shader for ${kernel.kind}`);
		if (extentsOf(kernel).every(({ from, to }) => from === to)) return [];
		const operands = [...reads, ...writes].map(({ buffer: { dtype } }, i) => {
			return { dtype, ...given[i]! };
		});
		const [read, written] = [operands.slice(0, reads.length), operands.slice(reads.length)];
		const works = divided({ kernel, reads: read, writes: written }, this.#partRoom(0));
		return works.flatMap((work) => this.#commands(step, work));
	}

	/** Memory for what parts of a step leave; those that are done in one have it to themselves. */
	#partRoom(depth: number): PartRoom {
		let made = 0;
		return {
			most: this.#limits.elements,
			buffer: this.#limits.buffer,
			sizeOf: (root) => this.#memory.sizeOf(root),
			make: () => this.#memory.between(`part ${depth} ${made++}`, 0),
			grow: (root, size) => this.#memory.grow(root, size),
			inside: () => this.#partRoom(depth + 1),
		};
	}

	#commands(step: Step, work: KernelWork): DeviceCommand[] {
		const { kernel } = work;
		const key = this.#keyOf(kernel);
		const choice = this.#limits.choiceFor?.(kernel);
		const room = this.#partRoom(0);
		// As many as a kernel without temporaries needs may be bound as they lie; else more are packed.
		for (let most = this.#limits.bindings; ; most--) {
			const bindings = boundWork(work, most, room);
			const { operands } = bindings;
			const pattern = operands.map(({ slot, aligned }) => `${slot}${aligned ? "a" : ""}`);
			const plan = this.#shadersFor(`${key} ${pattern}`, () =>
				shadersOf(kernel, operands, choice?.tile),
			);
			const needed = Math.max(
				...plan.shaders.map(({ bindings, canFail }) => bindings.length + Number(canFail)),
			);
			if (needed > this.#limits.bindings) {
				if (most > 2) continue;
				throw new Unsupported("it needs more buffers than a shader may have");
			}
			if (choice !== undefined) this.#choices.set(step, choice);
			else if (tilesOf(kernel).length > 1) this.#addTunable(work, bindings);
			if (!this.#shadersOf.has(step)) this.#shadersOf.set(step, plan.shaders);
			return this.#bound(bindings, plan);
		}
	}

	/** Shaders and what is copied before and behind them. */
	#bound(
		{ bindings, places, before, after, room }: BoundWork,
		{ shaders, temporaries = [] }: ShaderPlan,
	): DeviceCommand[] {
		const packing = room === 0 ? -1 : this.#memory.between("packed", room);
		const rootOf = (root: number) => (root < 0 ? packing : root);
		const between = temporaries.map(({ size }, i): Binding => {
			const root = this.#memory.between(`shaders ${i}`, size);
			return { root, piece: 0, first: 0, size: roundedUp(size) };
		});
		const all = [...bindings.map((one) => ({ ...one, root: rootOf(one.root) })), ...between];
		if (all.some(({ size }) => size > this.#limits.elements)) {
			throw new Unsupported("its elements are more than a shader may be bound to");
		}
		const real = ({ root, offset }: MemoryPlace) => ({ root: rootOf(root), offset });
		// Where all that is packed is empty there is no room for it.
		const copying = ({ from, to, size }: PackingCopy): DeviceCommand[] =>
			size === 0 ? [] : [{ kind: "copy", from: real(from), to: real(to), size }];
		const starts = this.#placesOf([...places, ...temporaries.map(() => 0)]);
		const dispatches = shaders
			.filter(({ workgroups }) => workgroups > 0)
			.map((shader): DeviceCommand => {
				const site = this.#siteOf(
					shader,
					shader.bindings.map(({ slot }) => all[slot]!),
				);
				return { kind: "dispatch", site, places: starts, grid: gridOf(shader.workgroups) };
			});
		return [...before.flatMap(copying), ...dispatches, ...after.flatMap(copying)];
	}

	#addTunable({ kernel }: KernelWork, { operands, places }: BoundWork): void {
		const sizes: number[] = [];
		for (const [i, { to }] of extentsOf(kernel).entries()) {
			const { slot } = operands[i]!;
			sizes[slot] = Math.max(sizes[slot] ?? 0, places[i]! + to);
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

	#siteOf(shader: Shader, bindings: readonly Binding[]): number {
		const key = `${bindings.map(({ root, piece, first, size }) => [root, piece, first, size])} ${shader.code}`;
		let site = this.#sites.get(key);
		if (site === undefined) {
			site = this.#siteList.push({ shader, bindings }) - 1;
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
