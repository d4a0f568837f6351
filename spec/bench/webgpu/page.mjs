// The page of the benchmark: all libraries, on the page's device.
import { webgpu } from "adjoint/webgpu";
import { SIZES, timed } from "./contestant.ts";
import { jax } from "./jax.mjs";
import { ours } from "./ours.ts";
import { tfjs } from "./tfjs.mjs";

/** `SIZE` and `ROUNDS` stand in the bundle. */
async function answer() {
	try {
		const sizes = SIZES[SIZE];
		const contestants = [ours(await webgpu(), sizes), await jax(sizes), await tfjs(sizes)];
		return { rows: await timed(contestants, ROUNDS) };
	} catch (error) {
		return { error: String(error.stack ?? error) };
	}
}

await fetch("/", { method: "POST", body: JSON.stringify(await answer()) });
