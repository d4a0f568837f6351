// The page's side of the sandbox: one question at a time, each with a time limit.
import type { Answers, Files, FromFrame, Problem, Request, ToFrame } from "../protocol.ts";
import { DIGITS, fileOf, MODULES } from "../sandbox/module-names.ts";
import { openFrame } from "./frames.ts";

/** Milliseconds in which an answer has to come. Loading does not count. */
const LIMIT = 6000;
/** The same where a device has to compile shaders first. */
const GPU_LIMIT = 60_000;

/** What the reader's code, or its end by force, gives in place of an answer. */
export class SandboxError extends Error {
	readonly problem: Problem;

	constructor(problem: Problem) {
		super(problem.message);
		this.name = problem.name;
		this.problem = problem;
	}

	/** Whether nobody waits for the answer any more. */
	get isSuperseded(): boolean {
		return this.problem.name === "superseded";
	}
}

/** Why there is no answer: the worker was ended, or the question is of no interest any more. */
export type Ending = "stopped" | "timeout" | "flood" | "superseded";

type Kind = Request["kind"];

interface Pending {
	readonly request: Request;
	readonly resolve: (answer: never) => void;
	readonly reject: (error: Error) => void;
}

/** A worker in a frame of its own, which is started when it is needed. */
export class Sandbox {
	/** Is told whether a question is being worked on. */
	onBusy: (isBusy: boolean) => void = () => {};
	/** Whether the reader has chosen that the GPU computes. */
	allowsGpu = false;
	private gpu: Worker | null = null;
	private frame: Promise<Window> | null = null;
	private isStarted = false;
	private onReady: (error: string | null) => void = () => {};
	private readonly queue: Pending[] = [];
	private asked: Pending | null = null;
	private id = 0;
	private timer = 0;

	/** Asks a question after those that were asked before. @throws SandboxError */
	ask<K extends Kind>(request: Extract<Request, { kind: K }>): Promise<Answers[K]> {
		return new Promise<Answers[K]>((resolve, reject) => {
			this.queue.push({ request, resolve, reject });
			void this.next();
		});
	}

	/** Drops the questions that were not asked yet. */
	forget(why: Ending = "superseded"): void {
		for (const { reject } of this.queue.splice(0)) reject(new SandboxError(ended(why)));
	}

	/** Ends the worker; the next question starts another one. */
	stop(why: Ending = "stopped"): void {
		this.isStarted = false;
		this.gpu?.terminate();
		void this.frame?.then((frame) => send(frame, { to: "end" }));
		const { asked } = this;
		this.settle();
		asked?.reject(new SandboxError(ended(why)));
		this.forget(why);
	}

	private async next(): Promise<void> {
		if (this.asked !== null) return;
		const pending = this.queue.shift();
		if (pending === undefined) return;
		this.asked = pending;
		this.onBusy(true);
		try {
			const frame = await this.started();
			// It may have been stopped while the files were loaded.
			if (this.asked !== pending) return;
			this.id++;
			this.watch();
			send(frame, { to: "ask", id: this.id, request: pending.request });
		} catch (error) {
			this.settle();
			pending.reject(error as Error);
			void this.next();
		}
	}

	private async started(): Promise<Window> {
		this.frame ??= openFrame("frame.html", document.body, "").then((frame) => {
			addEventListener("message", ({ source, data }) => {
				if (source === frame) this.hear(data as FromFrame, frame);
			});
			return frame;
		});
		const frame = await this.frame;
		if (!this.isStarted) {
			const files = await filesOf("worker");
			const ready = new Promise<string | null>((resolve) => {
				this.onReady = resolve;
			});
			send(frame, { to: "start", files });
			this.isStarted = true;
			const error = await ready;
			if (error !== null) {
				this.isStarted = false;
				throw new SandboxError({ ...ended("stopped"), name: "Error", message: error });
			}
		}
		return frame;
	}

	private hear(message: FromFrame, frame: Window): void {
		if (message.from === "need") {
			clearTimeout(this.timer);
			const { module } = message;
			if (![...MODULES, DIGITS].includes(module)) return;
			void filesOf(module).then((files) => {
				this.watch();
				send(frame, { to: "files", module, files });
			});
			return;
		}
		if (message.from === "gpu") {
			if (this.allowsGpu) this.lendGpu(frame);
			return;
		}
		if (message.from === "ready") {
			this.onReady(null);
			return;
		}
		if (message.from === "broken") {
			this.onReady(String(message.message));
			return;
		}
		if (message.from === "flood") {
			this.stop("flood");
			return;
		}
		// What a worker says that was ended since is of no interest.
		if (this.asked === null || (message.from !== "answer" && message.from !== "problem")) return;
		if (message.id !== this.id) return;
		const { resolve, reject } = this.asked;
		this.settle();
		if (message.from === "answer") resolve(message.answer as never);
		else reject(new SandboxError(message.problem));
		void this.next();
	}

	/** Starts a worker that has a device, and lets the sandbox speak with it. */
	private lendGpu(frame: Window): void {
		this.gpu?.terminate();
		this.gpu = new Worker("gpu.js");
		const { port1, port2 } = new MessageChannel();
		this.gpu.postMessage(null, [port1]);
		send(frame, { to: "gpu", port: port2 }, [port2]);
	}

	private watch(): void {
		clearTimeout(this.timer);
		const limit = this.allowsGpu && this.asked?.request.kind === "train" ? GPU_LIMIT : LIMIT;
		this.timer = window.setTimeout(() => this.stop("timeout"), limit);
	}

	private settle(): void {
		clearTimeout(this.timer);
		this.asked = null;
		this.onBusy(false);
	}
}

function ended(name: Ending): Problem {
	return { name, message: name, line: null, column: null };
}

function send(frame: Window, message: ToFrame, transfer: Transferable[] = []): void {
	// The frame has no origin that could be named.
	frame.postMessage(message, "*", transfer);
}

const loaded = new Map<string, Promise<Files>>();

/** The files of a module, or of the worker. */
function filesOf(module: string): Promise<Files> {
	let files = loaded.get(module);
	if (files === undefined) {
		const file = `sandbox/${fileOf(module)}.json`;
		files = fetch(file).then((response) => {
			if (response.ok) return response.json();
			throw new Error(`${file}: ${response.status}`);
		});
		// A file that did not come is asked for again.
		files.catch(() => loaded.delete(module));
		loaded.set(module, files);
	}
	return files;
}
