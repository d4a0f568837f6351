import { statSync } from "node:fs";
import { FormatError } from "../core/error.ts";
import { Tensor } from "../core/tensor.ts";
import { isPlainObject } from "../core/tree.ts";
import { readWhole, writeWhole } from "../io/files.ts";
import { decodeState, encodeState } from "../io/state.ts";
import { arrived } from "./away.ts";
import type { Numbers, Sums } from "./metrics.ts";
import type { Best } from "./stopping.ts";

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

/**
 * Saves a snapshot; the file appears whole or not at all.
 * @throws FormatError for anything that cannot be saved, naming its path
 * @throws AdjointError where the file cannot be written
 */
export async function saveSnapshot<S>(path: string, snapshot: Snapshot<S>): Promise<void> {
	await arrived(snapshot);
	await writeWhole("train", path, () => encodeState(snapshot));
}

/**
 * The snapshot in a file, null where there is no file.
 * @throws FormatError when the file is damaged or no checkpoint, or its state is not built like the
 * one that training begins with
 */
export async function loadSnapshot<S>(path: string, like: S): Promise<Snapshot<S> | null> {
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return null;
	const snapshot: unknown = await readWhole("train", path, decodeState);
	if (!isSnapshot<S>(snapshot)) {
		throw new FormatError(
			`train: ${path} is not a checkpoint of a run; load reads it, and a checkpoint needs another path`,
		);
	}
	const [expected, got] = [outline(like), outline(snapshot.state)];
	if (expected === got) return snapshot;
	throw new FormatError(
		`train: the checkpoint ${path} belongs to another model: expected a state of ${expected}, got ${got}; ` +
			"remove the file, or train with another path",
	);
}

function isSnapshot<S>(x: unknown): x is Snapshot<S> {
	if (!isPlainObject(x) || !Object.hasOwn(x, "state")) return false;
	const { epoch, batch, step, sums, history, best } = x;
	return (
		[epoch, batch, step].every(Number.isSafeInteger) &&
		isPlainObject(sums) &&
		Array.isArray(history) &&
		(best === null || isPlainObject(best))
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
