// A worker of the page that has a device, and does with it what the sandbox asks. The reader's code
// may ask, too: all that it gets is what shaders compute, on a device that ends with this worker.
import { type Answer, type Command, DEVICE, METHODS, QUEUE } from "./protocol.ts";

type Callable = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** Does what comes over a port. */
class Host {
	private readonly port: MessagePort;
	private readonly objects: Map<number, object>;

	constructor(port: MessagePort, device: GPUDevice) {
		this.port = port;
		this.objects = new Map<number, object>([
			[DEVICE, device],
			[QUEUE, device.queue],
		]);
		device.addEventListener("uncapturederror", ({ error }) => {
			this.say({ kind: "error", message: error.message });
		});
		void device.lost.then(({ message }) => this.say({ kind: "lost", message }));
		port.onmessage = ({ data }: MessageEvent<readonly Command[]>) => {
			for (const command of data) {
				try {
					this.perform(command);
				} catch (error) {
					this.say({ kind: "error", message: String(error) });
				}
			}
		};
	}

	private say(answer: Answer): void {
		this.port.postMessage(answer);
	}

	private perform(command: Command): void {
		if (command.kind === "forget") {
			this.objects.delete(command.object);
			return;
		}
		if (command.kind === "read") {
			void this.read(command.buffer, command.id);
			return;
		}
		const { on, method, args, result } = command;
		if (!METHODS.includes(method)) throw new Error(`there is no ${method} here`);
		const given = (this.objects.get(on) as Callable)[method]!(...args.map(this.found));
		if (typeof given === "object" && given !== null) this.objects.set(result, given);
	}

	/** An argument with objects in the place of their numbers. */
	private readonly found = (value: unknown): unknown => {
		if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
		if (Array.isArray(value)) return value.map(this.found);
		if ("reference" in value) return this.objects.get(Number(value.reference));
		return Object.fromEntries(
			Object.entries(value).map(([name, part]) => [name, this.found(part)]),
		);
	};

	private async read(buffer: number, id: number): Promise<void> {
		try {
			const mapped = this.objects.get(buffer) as GPUBuffer;
			// READ of GPUMapMode.
			await mapped.mapAsync(1);
			this.say({ kind: "read", id, bytes: mapped.getMappedRange().slice(0) });
		} catch {
			this.say({ kind: "read", id, bytes: null });
		}
	}
}

async function deviceHere(): Promise<GPUDevice | null> {
	try {
		const adapter = await navigator.gpu?.requestAdapter();
		return (await adapter?.requestDevice()) ?? null;
	} catch {
		return null;
	}
}

addEventListener("message", async ({ ports: [port] }: MessageEvent) => {
	const device = await deviceHere();
	if (device === null) {
		port!.postMessage({ kind: "none" } satisfies Answer);
		return;
	}
	new Host(port!, device);
	const limits: Record<string, number> = {};
	for (const name in device.limits) limits[name] = Number(device.limits[name as never]);
	port!.postMessage({ kind: "device", limits } satisfies Answer);
});
