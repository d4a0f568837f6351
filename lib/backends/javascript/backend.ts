import { scheduleOf } from "../../schedule/schedule.ts";
import type { Backend } from "../backend.ts";
import { Instance } from "./instance.ts";

/** Runs programs in plain JavaScript, wherever there is any, in one thread. */
export const javascriptBackend: Backend = {
	name: "javascript",
	supports: () => null,
	compile: (program, { threads }) => {
		const instance = new Instance(scheduleOf(program));
		const notes = threads > 1 ? ["one thread: the javascript backend has no others"] : [];
		return {
			run: (args) => instance.run(args),
			explain: () => instance.explain(notes),
			bytes: instance.bytes,
		};
	},
};
