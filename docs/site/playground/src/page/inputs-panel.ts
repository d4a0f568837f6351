// The table of inputs: what the arguments are, how large, and from which seed.
import { type Dtype, type Input, KINDS, type Kind, type Program } from "../protocol.ts";
import { axesOf, sizeName } from "../sandbox/axes.ts";
import { element } from "./elements.ts";
import { kindWord, type Word, word } from "./words.ts";

/** All of a program but its code. */
export type Inputs = Omit<Program, "code">;

/** A slider's range for a number, and the largest size that the slider of an axis reaches. */
const RANGE = { least: -3, most: 3, step: 0.05 };
const MOST_SIZE = 24;

/** Shows the inputs, and tells each change. */
export class InputsPanel {
	private readonly parent: Element;
	private readonly onChange: () => void;
	private inputs: Inputs = { inputs: [], sizes: {}, seed: 0, dtype: "float64" };

	constructor(parent: Element, onChange: () => void) {
		this.parent = parent;
		this.onChange = onChange;
	}

	get value(): Inputs {
		return this.inputs;
	}

	show(inputs: Inputs): void {
		this.inputs = inputs;
		this.draw();
	}

	/** Writes the table anew; the field that had the focus keeps it. */
	draw(): void {
		const focused = document.activeElement?.id ?? "";
		const { inputs, sizes } = this.inputs;
		const rows = inputs.map((input, i) => this.row(input, i));
		const heads = (["name", "axes", "kind", "gradient"] as const).map((name) =>
			element("th", { scope: "col" }, word(name)),
		);
		const table = element(
			"table",
			{},
			element("thead", {}, element("tr", {}, ...heads, element("td"))),
			element("tbody", {}, ...rows),
		);
		const add = element("button", { type: "button", click: () => this.add() }, word("add"));
		const axes = [
			...new Set(inputs.flatMap((input) => (hasAxes(input.kind) ? sizesOf(input) : []))),
		];
		this.parent.replaceChildren(
			element("h2", {}, word("inputs")),
			element("div", { class: "table" }, table),
			element("p", { class: "quiet" }, word("inputsNote")),
			element(
				"div",
				{ class: "sizes" },
				...axes.map((axis) => this.size(axis, Object.hasOwn(sizes, axis) ? sizes[axis]! : 3)),
				...this.general(),
			),
			add,
		);
		document.getElementById(focused)?.focus();
	}

	private row(input: Input, i: number): HTMLElement {
		const id = (field: string) => `input-${i}-${field}`;
		const textField = (field: "name" | "axes" | "value", label: Word) =>
			element("input", {
				id: id(field),
				"aria-label": `${word(label)} ${i + 1}`,
				value: input[field],
				spellcheck: "false",
				autocomplete: "off",
				change: (event) => this.change(i, { [field]: fieldValue(event) }),
			});
		const kind = element(
			"select",
			{
				id: id("kind"),
				"aria-label": `${word("kind")}: ${input.name}`,
				change: (event) => this.change(i, { kind: fieldValue(event) as Kind }),
			},
			...KINDS.map((each) =>
				element("option", { value: each, selected: each === input.kind }, kindWord(each)),
			),
		);
		const gradient = element("input", {
			id: id("gradient"),
			type: "checkbox",
			"aria-label": `${word("gradient")}: ${input.name}`,
			checked: input.gradient,
			change: () => this.change(i, { gradient: !input.gradient }),
		});
		const remove = element(
			"button",
			{
				type: "button",
				"aria-label": `${word("remove")} ${input.name}`,
				click: () => this.remove(i),
			},
			"×",
		);
		const extent = hasAxes(input.kind)
			? [
					textField("axes", "axes"),
					...(input.kind === "whole" ? [textField("value", "below")] : []),
				]
			: [textField("value", "value"), ...(input.kind === "number" ? [this.slider(input, i)] : [])];
		const cells = [[textField("name", "name")], extent, [kind], [gradient], [remove]];
		return element("tr", {}, ...cells.map((cell) => element("td", {}, ...cell)));
	}

	private slider(input: Input, i: number): HTMLElement {
		return element("input", {
			id: `input-${i}-slider`,
			type: "range",
			min: String(RANGE.least),
			max: String(RANGE.most),
			step: String(RANGE.step),
			value: input.value,
			"aria-label": `${word("value")}: ${input.name}`,
			input: (event) => {
				const value = fieldValue(event);
				this.set(i, { value });
				const field = document.getElementById(`input-${i}-value`) as HTMLInputElement;
				field.value = value;
				this.onChange();
			},
		});
	}

	private size(axis: string, size: number): HTMLElement {
		const shown = element("output", {}, String(size));
		const range = element("input", {
			id: `size-${axis}`,
			type: "range",
			min: "1",
			max: String(Math.max(MOST_SIZE, size)),
			value: String(size),
			input: (event) => {
				const value = Number(fieldValue(event));
				shown.textContent = String(value);
				this.inputs = { ...this.inputs, sizes: { ...this.inputs.sizes, [axis]: value } };
				this.onChange();
			},
		});
		return element("label", {}, axis, range, shown);
	}

	private general(): HTMLElement[] {
		const seed = element("input", {
			id: "seed",
			type: "number",
			step: "1",
			value: String(this.inputs.seed),
			change: (event) => {
				this.inputs = { ...this.inputs, seed: Math.trunc(Number(fieldValue(event))) };
				this.onChange();
			},
		});
		const dtype = element(
			"select",
			{
				id: "dtype",
				change: (event) => {
					this.inputs = { ...this.inputs, dtype: fieldValue(event) as Dtype };
					this.onChange();
				},
			},
			...["float64", "float32"].map((each) =>
				element("option", { value: each, selected: each === this.inputs.dtype }, each),
			),
		);
		return [element("label", {}, word("seed"), seed), element("label", {}, word("dtype"), dtype)];
	}

	private set(i: number, change: Partial<Input>): void {
		const inputs = this.inputs.inputs.map((input, k) =>
			k === i ? { ...input, ...change } : input,
		);
		this.inputs = { ...this.inputs, inputs, sizes: sizesFor(inputs, this.inputs.sizes) };
	}

	private change(i: number, change: Partial<Input>): void {
		this.set(i, change);
		this.draw();
		this.onChange();
	}

	private add(): void {
		const taken = this.inputs.inputs.map(({ name }) => name);
		const name = [..."xyzuvabc"].find((each) => !taken.includes(each)) ?? `x${taken.length}`;
		const added: Input = { name, axes: "N", kind: "normal", gradient: false, value: "1" };
		const inputs = [...this.inputs.inputs, added];
		this.inputs = { ...this.inputs, inputs, sizes: sizesFor(inputs, this.inputs.sizes) };
		this.draw();
		this.onChange();
	}

	private remove(i: number): void {
		this.inputs = { ...this.inputs, inputs: this.inputs.inputs.filter((_, k) => k !== i) };
		this.draw();
		this.onChange();
	}
}

function hasAxes(kind: Kind): boolean {
	return kind !== "number" && kind !== "values";
}

function fieldValue(event: Event): string {
	return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

/** The sizes, with one for each axis that has none yet. */
function sizesFor(
	inputs: readonly Input[],
	sizes: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
	const missing = inputs.flatMap(sizesOf).filter((size) => !Object.hasOwn(sizes, size));
	return { ...sizes, ...Object.fromEntries(missing.map((size) => [size, 3])) };
}

/** The sizes that an input depends on. */
function sizesOf(input: Input): string[] {
	return axesOf(input).map(sizeName);
}
