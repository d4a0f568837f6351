import type { Parameter } from "../protocol.ts";

/** Red, green and blue of the negative, of 0 and of the positive. */
const COLOURS = [
	[31, 95, 168],
	[244, 242, 237],
	[194, 84, 20],
] as const;
/** How wide an element is drawn, in pixels, where there is room. */
const CELL = 9;
const WIDTH = 240;

/** Values as colours: blue below 0, orange above, deeper where the absolute value is larger. */
export function heatMap({ rows, columns, values }: Parameter): HTMLCanvasElement {
	const canvas = document.createElement("canvas");
	canvas.width = Math.max(1, Number(columns));
	canvas.height = Math.max(1, Number(rows));
	const cell = Math.max(2, Math.min(CELL, Math.floor(WIDTH / canvas.width)));
	canvas.style.width = `${cell * canvas.width}px`;
	canvas.className = "heat";
	const most = values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0) || 1;
	const context = canvas.getContext("2d")!;
	const image = context.createImageData(canvas.width, canvas.height);
	for (const [i, value] of values.entries()) {
		image.data.set([...colourOf(value / most), 255], 4 * i);
	}
	context.putImageData(image, 0, 0);
	return canvas;
}

function colourOf(share: number): readonly number[] {
	if (Number.isNaN(share)) return [128, 128, 128];
	const end = COLOURS[share < 0 ? 0 : 2];
	return end.map(
		(part, i) => COLOURS[1][i]! + (part - COLOURS[1][i]!) * Math.min(1, Math.abs(share)),
	);
}
