import { elements } from "../../../core/strided.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { escaped } from "./text.ts";
import type { PageWords } from "./words.ts";

/** Tensors with more elements show the first ones only. */
const MOST = 64;
const FIRST = 12;

/** What can be looked at of a tensor: its range, and its elements or the first of them. */
export function valuesHtml(x: Tensor, words: PageWords): string {
	const text = x.size <= MOST ? String(x) : `${firstOf(x)} …`;
	const summary = x.size === 1 ? `= ${number(elements(x)[0]!)}` : rangeOf(x);
	if (x.size === 1) return `<p class="value">${escaped(summary)}</p>`;
	return `<details class="values"><summary>${words.values} <span>${escaped(summary)}</span></summary><pre tabindex="0">${escaped(text)}</pre></details>`;
}

function rangeOf(x: Tensor): string {
	const values = elements(x);
	let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of values) {
		if (Number.isNaN(value)) return "NaN";
		least = Math.min(least, value);
		most = Math.max(most, value);
	}
	return values.length === 0 ? "∅" : `${number(least)} … ${number(most)}`;
}

function firstOf(x: Tensor): string {
	return [...elements(x).subarray(0, FIRST)].map(number).join("  ");
}

function number(value: number): string {
	return String(Number(value.toPrecision(3))).replace("-", "−");
}
