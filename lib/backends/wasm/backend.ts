import { engine } from "../../asm/engine.ts";
import type { Tiles } from "../../asm/tile.ts";
import { type KernelSchedule, scheduleOf } from "../../schedule/schedule.ts";
import { type Backend, Unsupported } from "../backend.ts";
import { MemoryLimit } from "./arena.ts";
import { Instance } from "./instance.ts";
import { objectionToThreads } from "./workers.ts";

/** Runs programs as WebAssembly with vectors, in several threads where it is asked to. */
export const wasmBackend: Backend = {
	name: "wasm",
	supports: () => (engine() === null ? "no WebAssembly with SIMD here" : null),
	compile: (program, { threads, reproducible }) => {
		const { tiles: plain, fused, reason } = engine()!;
		const tiles = reproducible ? plain : (fused ?? plain);
		const notes = reason === null ? [] : [`vectors of 128 bits: ${reason}`];
		if (fused === null) notes.push("no fused multiply-add in WebAssembly here");
		const objection = threads > 1 ? objectionToThreads() : null;
		if (objection !== null) notes.push(`one thread: ${objection}`);
		const schedule = scheduleOf(program, { segments: true });
		const instance = instanceOf(schedule, tiles, objection === null ? threads : 1);
		return {
			run: (args) => instance.run(args),
			explain: () => instance.explain(notes),
			bytes: instance.bytes,
		};
	},
};

function instanceOf(schedule: KernelSchedule, tiles: Tiles, threads: number): Instance {
	try {
		return new Instance(schedule, tiles, threads);
	} catch (error) {
		if (error instanceof MemoryLimit) throw new Unsupported(error.message);
		throw error;
	}
}
