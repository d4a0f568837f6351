import type { Op } from "../core/op.ts";

const tests = new WeakSet<Op>();

/** Whether an op chooses between two branches by a test, rather than by an index. */
export function choosesByTest(op: Op): boolean {
	return tests.has(op);
}

/** Keeps in mind that an op does, for those who print it. */
export function rememberTest(op: Op): void {
	tests.add(op);
}
