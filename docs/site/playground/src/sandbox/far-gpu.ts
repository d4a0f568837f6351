// WebGPU over a port: objects that look like those of a device, and hand each call on.
import {
	type Answer,
	type Command,
	DEVICE,
	type Method,
	QUEUE,
	type Reference,
} from "../gpu/protocol.ts";

type Own = Readonly<Record<string, unknown>>;

/** What has the device at the other end of a port. @throws Error where there is none */
export async function farGpu(port: MessagePort): Promise<GPU> {
	const limits = await new Promise<Own>((resolve, reject) => {
		port.onmessage = ({ data }: MessageEvent<Answer>) => {
			if (data.kind === "device") resolve(data.limits);
			else reject(new Error("there is no adapter for WebGPU here"));
		};
	});
	const device = new Far(port).device(limits);
	const adapter = {
		limits,
		features: new Set<string>(),
		info: { isFallbackAdapter: false },
		requestDevice: async () => device,
	};
	return { requestAdapter: async () => adapter } as unknown as GPU;
}

/** The near end: numbers for objects, and calls on their way, all of a turn in one message. */
class Far {
	private readonly port: MessagePort;
	private readonly numbers = new WeakMap<object, number>();
	private readonly reads = new Map<number, (bytes: ArrayBuffer | null) => void>();
	private readonly forgotten = new FinalizationRegistry<number>((object) => {
		this.send({ kind: "forget", object });
	});
	private commands: Command[] = [];
	private count = QUEUE;
	private onError: (message: string) => void = () => {};
	private onLost: (message: string) => void = () => {};

	constructor(port: MessagePort) {
		this.port = port;
		port.onmessage = ({ data }: MessageEvent<Answer>) => {
			if (data.kind === "read") this.reads.get(data.id)?.(data.bytes);
			else if (data.kind === "error") this.onError(data.message);
			else if (data.kind === "lost") this.onLost(data.message);
		};
	}

	device(limits: Own): object {
		return this.object(DEVICE, {
			limits,
			features: new Set<string>(),
			queue: this.object(QUEUE, {}),
			createBuffer: (descriptor: GPUBufferDescriptor) => this.buffer(descriptor),
			addEventListener: (_: string, listen: (event: object) => void) => {
				this.onError = (message) => listen({ error: { message } });
			},
			lost: new Promise((resolve) => {
				this.onLost = (message) => resolve({ message });
			}),
		});
	}

	/** An object of this number: what is not its own is a call. */
	private object(number: number, own: Own): object {
		const made = new Proxy(own, {
			get: (_, name) => {
				if (typeof name === "symbol" || name in own) return own[name as string];
				return name === "then"
					? undefined
					: (...args: readonly unknown[]) => this.call(number, name as Method, args, {});
			},
		});
		this.numbers.set(made, number);
		if (number > QUEUE) this.forgotten.register(made, number);
		return made;
	}

	private buffer(descriptor: GPUBufferDescriptor): object {
		let mapped: ArrayBuffer | null = null;
		const number = this.count + 1;
		return this.call(DEVICE, "createBuffer", [descriptor], {
			size: descriptor.size,
			mapAsync: async () => {
				const bytes = await new Promise<ArrayBuffer | null>((resolve) => {
					this.reads.set(number, resolve);
					this.send({ kind: "read", buffer: number, id: number });
				});
				this.reads.delete(number);
				if (bytes === null) throw new Error("the buffer could not be read");
				mapped = bytes;
			},
			getMappedRange: () => mapped,
		});
	}

	private call(on: number, method: Method, args: readonly unknown[], own: Own): object {
		this.count++;
		const result = this.count;
		this.send({ kind: "call", on, method, args: args.map(this.numbered), result });
		return this.object(result, own);
	}

	/** An argument with numbers in the place of objects, as it is now. */
	private readonly numbered = (value: unknown): unknown => {
		if (typeof value !== "object" || value === null) return value;
		const reference = this.numbers.get(value);
		if (reference !== undefined) return { reference } satisfies Reference;
		if (ArrayBuffer.isView(value)) return (value as Float32Array).slice();
		if (Array.isArray(value)) return value.map(this.numbered);
		return Object.fromEntries(
			Object.entries(value).map(([name, part]) => [name, this.numbered(part)]),
		);
	};

	private send(command: Command): void {
		if (this.commands.length === 0) queueMicrotask(() => this.flush());
		this.commands.push(command);
	}

	private flush(): void {
		this.port.postMessage(this.commands);
		this.commands = [];
	}
}
