// Gradient descent, live: the curve of the loss, the parameters as pictures, step by step.
import { lineChart } from "adjoint/plot";
import type { Parameter, Trained } from "../protocol.ts";
import { element } from "./elements.ts";
import { heatMap } from "./heat-map.ts";
import { type Sandbox, SandboxError } from "./sandbox.ts";
import { word } from "./words.ts";

/** Steps that are asked for at once; the worker answers sooner where they take long. */
const STEPS = 20;
/** The curve has at most so many points: of longer ones every second is left out. */
const MOST_POINTS = 600;

export class TrainingPanel {
	private readonly sandbox: Sandbox;
	private readonly onProblem: (error: SandboxError) => void;
	private isRunning = false;
	private isFresh = true;
	/** Counts beginnings, so that steps of an earlier one are not shown. */
	private beginning = 0;
	/** The exponent of the learning rate. */
	private rate = -2;
	private isLogarithmic = true;
	private points: (readonly [number, number])[] = [];
	private stride = 1;
	private last: Trained | null = null;
	/** Whether there is a GPU to compute on; null while nobody has asked. */
	private hasGpu: boolean | null = null;
	private readonly chart = element("div", { class: "chart", role: "img" });
	private readonly counter = element("output", { id: "training-count" });
	private readonly parameters = element("div", { class: "parameters" });
	private readonly run = element("button", {
		type: "button",
		id: "training-run",
		click: () => (this.isRunning ? this.pause() : void this.go()),
	});

	constructor(sandbox: Sandbox, onProblem: (error: SandboxError) => void) {
		this.sandbox = sandbox;
		this.onProblem = onProblem;
	}

	/** Another function, or other inputs: training begins anew. */
	reset(): void {
		this.pause();
		this.isFresh = true;
		this.beginning++;
		this.points = [];
		this.stride = 1;
		this.last = null;
		this.update();
	}

	pause(): void {
		this.isRunning = false;
		this.run.textContent = word("run");
	}

	/** The panel, in the language of the page. */
	draw(): HTMLElement {
		this.run.textContent = word(this.isRunning ? "pause" : "run");
		const rate = element("output", {}, rateText(this.rate));
		const slider = element("input", {
			type: "range",
			id: "rate",
			min: "-7",
			max: "1",
			step: "0.25",
			value: String(this.rate),
			input: (event) => {
				this.rate = Number((event.target as HTMLInputElement).value);
				rate.textContent = rateText(this.rate);
			},
		});
		const logarithmic = element("input", {
			type: "checkbox",
			checked: this.isLogarithmic,
			change: () => {
				this.isLogarithmic = !this.isLogarithmic;
				this.update();
			},
		});
		const button = (name: "step" | "restart", click: () => void) =>
			element("button", { type: "button", id: `training-${name}`, click }, word(name));
		this.update();
		const place = element("select", {
			id: "training-place",
			change: () => {
				this.sandbox.allowsGpu = place.value === "webgpu";
				this.reset();
			},
		});
		const places = element("label", {}, word("computedOn"), place);
		void this.offerPlaces(place, places);
		return element(
			"div",
			{ class: "training" },
			element("p", { class: "quiet" }, word("trainingNote")),
			element(
				"div",
				{ class: "controls" },
				this.run,
				button("step", () => void this.ask(1)),
				button("restart", () => this.reset()),
				element("label", {}, word("rate"), slider, rate),
				element("label", {}, logarithmic, word("logarithmic")),
				places,
				this.counter,
			),
			this.chart,
			this.parameters,
		);
	}

	/** Shows where steps can be computed, where there is a choice. */
	private async offerPlaces(place: HTMLSelectElement, label: HTMLElement): Promise<void> {
		label.hidden = this.hasGpu !== true;
		this.hasGpu ??= (await navigator.gpu?.requestAdapter().catch(() => null)) != null;
		label.hidden = !this.hasGpu;
		const { allowsGpu } = this.sandbox;
		place.replaceChildren(
			element("option", { value: "wasm", selected: !allowsGpu }, "WebAssembly"),
			element("option", { value: "webgpu", selected: allowsGpu }, `WebGPU, float32`),
		);
	}

	private async go(): Promise<void> {
		this.isRunning = true;
		this.run.textContent = word("pause");
		while (this.isRunning) {
			await this.ask(STEPS);
			await new Promise(requestAnimationFrame);
		}
	}

	private async ask(steps: number): Promise<void> {
		const { beginning } = this;
		try {
			const restart = this.isFresh;
			this.isFresh = false;
			const trained = await this.sandbox.ask({
				kind: "train",
				rate: 10 ** this.rate,
				steps,
				restart,
				onGpu: this.sandbox.allowsGpu,
			});
			// It may have begun anew while these steps were taken.
			if (beginning === this.beginning) this.take(trained);
		} catch (error) {
			if (beginning !== this.beginning && error instanceof SandboxError) return;
			this.pause();
			if (!(error instanceof SandboxError)) throw error;
			this.isFresh = true;
			if (!error.isSuperseded) this.onProblem(error);
		}
	}

	private take(trained: Trained): void {
		const start = Number(trained.step) - trained.losses.length;
		for (const [i, loss] of trained.losses.entries()) {
			if ((start + i) % this.stride === 0) this.points.push([start + i, Number(loss)]);
		}
		if (this.points.length > MOST_POINTS) {
			this.stride *= 2;
			this.points = this.points.filter(([step]) => step % this.stride === 0);
		}
		this.last = trained;
		const latest = Number(trained.losses.at(-1));
		// From here on there is nothing to see.
		if (!Number.isFinite(latest)) this.pause();
		this.update();
	}

	private update(): void {
		const latest = Number(this.last?.losses.at(-1) ?? Number.NaN);
		const loss = this.last === null ? "" : `, ${word("loss")} ${Number(latest.toPrecision(4))}`;
		this.counter.textContent = `${word("steps")} ${Number(this.last?.step ?? 0)}${loss}`;
		this.counter.title = this.last === null ? "" : String(latest);
		this.chart.setAttribute("aria-label", this.counter.textContent);
		this.chart.innerHTML = lineChart(
			{ [word("loss")]: this.points },
			{ x: word("steps"), logarithmic: this.isLogarithmic, width: 560, height: 260 },
		);
		this.parameters.replaceChildren(...(this.last?.parameters.map(figure) ?? []));
	}
}

function figure(parameter: Parameter): HTMLElement {
	const norm = Number(Number(parameter.gradientNorm).toPrecision(3));
	const caption = `${parameter.name} (${parameter.shape.join("×")}): ${word("gradientNorm")} ${norm}`;
	return element("figure", {}, heatMap(parameter), element("figcaption", {}, caption));
}

function rateText(exponent: number): string {
	return String(Number((10 ** exponent).toPrecision(2)));
}
