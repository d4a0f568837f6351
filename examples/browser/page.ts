// Trains in the page, on the GPU where there is one, and draws the loss as it falls.
import { lineChart } from "adjoint/plot";
import { webgpu } from "adjoint/webgpu";
import { digits, mnist } from "./digits.ts";
import { nextLetters } from "./names.ts";
import { training } from "./training.ts";

const find = <E extends Element>(id: string) => document.querySelector<E>(`#${id}`)!;
const [says, chart] = [find<HTMLElement>("says"), find<HTMLElement>("chart")];

let run = 0;
/** Shows how a task goes until another one is chosen. */
async function show(name: string): Promise<void> {
	const mine = ++run;
	says.textContent = "…";
	const gpu = await webgpu({ fallback: "wasm" });
	const losses: [number, number][] = [];
	const start = performance.now();
	const steps =
		name === "digits" ? training(digits(await mnist()), gpu) : training(nextLetters(), gpu);
	for await (const { step, loss } of steps) {
		if (mine !== run) break;
		losses.push([step, loss]);
		const each = ((performance.now() - start) / (step + 1)).toFixed(1);
		says.textContent = `${gpu.name}: step ${step}, loss ${loss.toFixed(4)}, ${each} ms a step`;
		chart.innerHTML = lineChart({ loss: losses });
	}
	gpu.close();
}

const begin = (name: string) =>
	show(name).catch((error: unknown) => {
		says.textContent = String(error);
	});

for (const name of ["digits", "names"]) find(name).addEventListener("click", () => begin(name));
// With `#names` in its address the page begins by itself.
if (location.hash !== "") begin(location.hash.slice(1));
