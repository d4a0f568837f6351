import * as fc from "fast-check";
import { gpu } from "./adapter.ts";

fc.configureGlobal({ includeErrorInReport: true, seed: 1 });

type Check = () => void | Promise<void>;
const all: { readonly claim: string; readonly check: Check }[] = [];

/** Registers the tests of a suite. */
export function suite(
	name: string,
	define: (test: (claim: string, check: Check) => void) => void,
): void {
	define((claim, check) => all.push({ claim: `${name}: ${claim}`, check }));
}

/** Runs all tests, and sends what came of them. */
export async function runAll(): Promise<void> {
	const failed: string[] = [];
	let adapter = "no adapter";
	try {
		const found = await (await gpu()).requestAdapter();
		if (found !== null) adapter = `${found.info.vendor} ${found.info.architecture}`;
		for (const { claim, check } of all) {
			await fetch("/progress", { method: "POST", body: claim });
			try {
				await check();
			} catch (error) {
				failed.push(`${claim}\n  ${String(error).slice(0, 2000)}`);
			}
		}
	} catch (error) {
		failed.push(String(error));
	}
	const passed = all.length - failed.length;
	await fetch("/", { method: "POST", body: JSON.stringify({ passed, failed, adapter }) });
}
