import { existsSync } from "node:fs";
import { FormatError } from "../core/error.ts";
import { Tensor } from "../core/tensor.ts";
import { load, save } from "../io/state-files.ts";
import type { Numbers, Sums } from "./metrics.ts";

/** The best state so far, by the metric that early stopping watches. */
export interface Best<S> {
	readonly state: S;
	readonly value: number;
	readonly epoch: number;
}

/** Everything that a run needs to go on as if it had never stopped. */
export interface Snapshot<S> {
	readonly state: S;
	/** The epoch that is running, from 0, and how many of its batches are done. */
	readonly epoch: number;
	readonly batch: number;
	/** How many batches are done in all. */
	readonly step: number;
	/** The metrics of the running epoch so far. */
	readonly sums: Sums;
	/** The metrics of every epoch that is over. */
	readonly history: readonly Numbers[];
	readonly best: Best<S> | null;
}

/** Saves a snapshot; the file appears whole or not at all. */
export function saveSnapshot<S>(path: string, snapshot: Snapshot<S>): Promise<void> {
	return save(path, snapshot);
}

/**
 * The snapshot in a file, null where there is no file.
 * @throws FormatError when the file is damaged, or its state is not built like the one that
 * training begins with
 */
export async function loadSnapshot<S>(path: string, like: S): Promise<Snapshot<S> | null> {
	if (!existsSync(path)) return null;
	const snapshot = await load<Snapshot<S>>(path);
	const [expected, got] = [outline(like), outline(snapshot.state ?? null)];
	if (expected === got) return snapshot;
	throw new FormatError(
		`train: the checkpoint ${path} belongs to another model: expected a state of ${expected}, got ${got}; ` +
			"remove the file, or train with another path",
	);
}

/** The structure of a state, with the types of its tensors. */
function outline(node: unknown): string {
	if (node instanceof Tensor) return `${node.dtype} (${node.shape.join("×")})`;
	if (Array.isArray(node)) return `[${node.map(outline).join(", ")}]`;
	if (typeof node !== "object" || node === null) return typeof node;
	return `{ ${Object.entries(node)
		.map(([key, item]) => `${key}: ${outline(item)}`)
		.join(", ")} }`;
}
