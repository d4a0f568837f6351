import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { peersPython } from "../peers-python.ts";

/** Processes that train together, each with so many devices of its own. */
export interface Hosts {
	readonly words: readonly string[];
	readonly count: number;
	readonly devices: number;
}

/** A started process: all that it has said, and the code with which it ends. */
export interface Host {
	readonly process: ChildProcess;
	readonly said: () => string;
	readonly ended: Promise<number | null>;
}

let port = 12_400;

/** Starts `train.py` in a folder as often as there are hosts. */
export function start(folder: string, { words, count, devices }: Hosts): Host[] {
	port++;
	return Array.from({ length: count }, (_, id): Host => {
		const started = spawn(peersPython(), [join(folder, "train.py"), ...words], {
			env: {
				...process.env,
				PYTHONDONTWRITEBYTECODE: "1",
				JAX_PLATFORMS: "cpu",
				XLA_FLAGS: `--xla_force_host_platform_device_count=${devices}`,
				...(count > 1 && {
					JAX_COORDINATOR: `127.0.0.1:${port}`,
					JAX_PROCESS_COUNT: String(count),
					JAX_PROCESS_ID: String(id),
				}),
			},
		});
		let text = "";
		for (const stream of [started.stdout, started.stderr]) {
			stream.on("data", (part) => {
				text += part;
			});
		}
		const ended = once(started, "close").then(([code]) => code as number | null);
		return { process: started, said: () => text, ended };
	});
}

/** Waits until a process has said something; or until it ends without. */
export async function says(host: Host, words: string): Promise<void> {
	while (!host.said().includes(words)) {
		const isOver = await Promise.race([
			host.ended.then(() => true),
			new Promise((resolve) => setTimeout(resolve, 20, false)),
		]);
		if (isOver) throw new Error(`a process ended before it said "${words}":\n${host.said()}`);
	}
}
