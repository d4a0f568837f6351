import * as kind from "../core/argument-kinds.ts";
import { DomainError } from "../core/error.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { type Axis, axisOf, showTick } from "./axis.ts";
import { digits, label, svg } from "./svg.ts";

/** A line: its heights at 0, 1, 2, …, or its points. */
export type Series = readonly number[] | readonly (readonly [x: number, y: number])[];

/** How a line chart is drawn. */
export interface LineChartOptions {
	readonly title?: string;
	/** What runs along the horizontal axis. */
	readonly x?: string;
	/** What runs along the vertical axis. */
	readonly y?: string;
	/**
	 * Whether heights are shown by their logarithms; values that are not positive are then left out.
	 */
	readonly logarithmic?: boolean;
	/** In pixels; left out: 640. */
	readonly width?: number;
	/** In pixels; left out: 360. */
	readonly height?: number;
}

const LINE_CHART_OPTIONS: OptionKinds<LineChartOptions> = {
	title: kind.aString,
	x: kind.aString,
	y: kind.aString,
	logarithmic: kind.flag,
	width: kind.number,
	height: kind.number,
};

/**
 * Told apart by readers who see colours differently too (M. Okabe and K. Ito, "Color Universal
 * Design", 2008).
 */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const LINE_HEIGHT = 18;
/** What is beyond counts as infinite, so that the distance of two values never is. */
const GREATEST = 1e300;

type Point = readonly [x: number, y: number];

const LINE: kind.ArgumentKind = {
	expected: "an array of numbers, or of points [x, y]",
	holds: (x) => kind.numbers.holds(x) || (Array.isArray(x) && x.every(kind.pair.holds)),
};

/**
 * A chart of named lines as the text of an SVG file, readable on light and on dark ground:
 * `lineChart({ loss, val_loss }, { title: "Training", x: "epoch", logarithmic: true })`. A NaN or
 * an infinity leaves a gap.
 * @throws DomainError when there is no line, or a size is not positive
 */
export function lineChart(
	series: Readonly<Record<string, Series>>,
	options?: LineChartOptions,
): string {
	const given = checkOptions("lineChart", options, LINE_CHART_OPTIONS);
	const { title, x = "", y = "", logarithmic = false, width = 640, height = 360 } = given;
	checkArgument("lineChart", "the lines", series, kind.structure);
	const names = Object.keys(series);
	for (const name of names) checkArgument("lineChart", name, series[name], LINE);
	if (names.length === 0 || !(width > 0 && height > 0)) {
		throw new DomainError(
			`lineChart: expected at least one line and a positive size, got ${names.length} lines in ${width}×${height}`,
		);
	}
	const drawable = ([px, py]: Point) =>
		Math.abs(px) < GREATEST && Math.abs(py) < GREATEST && (!logarithmic || py > 0);
	const lines = Object.values(series).map((line) =>
		line.map((point, i): Point => (typeof point === "number" ? [i, point] : point)),
	);
	const points = lines.flat().filter(drawable);
	const top = 16 + (title === undefined ? 0 : 24) + (y === "" ? 0 : LINE_HEIGHT);
	const box = { left: 64, right: width - 16, top, bottom: height - 64 };
	const across = axisOf(
		points.map(([px]) => px),
		{ logarithmic: false, round: false, count: 8 },
	);
	const up = axisOf(
		points.map(([, py]) => py),
		{ logarithmic, round: true, count: 6 },
	);
	const toX = (px: number) => box.left + across.place(px) * (box.right - box.left);
	const toY = (py: number) => box.bottom - up.place(py) * (box.bottom - box.top);
	return svg(width, height, title ?? names.join(", "), [
		...(title === undefined ? [] : [label(title, box.left, 24, "start", "title")]),
		...horizontalGrid(up, box, toY),
		...across.ticks.map((tick) =>
			label(showTick(tick), toX(tick), box.bottom + LINE_HEIGHT, "middle"),
		),
		label(x, (box.left + box.right) / 2, box.bottom + 2 * LINE_HEIGHT, "middle"),
		label(y, 8, box.top - 14),
		...lines.map((line, i) => drawLine(line, drawable, toX, toY, COLOURS[i % COLOURS.length]!)),
		...legend(names, box.left, height - 10),
	]);
}

function horizontalGrid(
	{ ticks }: Axis,
	{ left, right }: { left: number; right: number },
	toY: (y: number) => number,
): string[] {
	return ticks.flatMap((tick) => [
		`<line class="grid" x1="${left}" x2="${right}" y1="${digits(toY(tick))}" y2="${digits(toY(tick))}"/>`,
		label(showTick(tick), left - 8, toY(tick) + 4, "end"),
	]);
}

/** A path that is lifted where a point cannot be drawn; a point by itself is a dot. */
function drawLine(
	line: readonly Point[],
	drawable: (point: Point) => boolean,
	toX: (x: number) => number,
	toY: (y: number) => number,
	colour: string,
): string {
	let path = "";
	let down = false;
	for (const point of line) {
		const [px, py] = point;
		const shown = drawable(point);
		if (shown)
			path += `${down ? "L" : "M"}${digits(toX(px))} ${digits(toY(py))}${down ? "" : "h0"}`;
		down = shown;
	}
	return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`;
}

function legend(names: readonly string[], left: number, y: number): string[] {
	const WIDTH = 8;
	let x = left;
	return names.flatMap((name, i) => {
		const at = x;
		x += name.length * WIDTH + 36;
		const colour = COLOURS[i % COLOURS.length]!;
		return [
			`<rect x="${at}" y="${y - 7}" width="14" height="3" fill="${colour}"/>`,
			label(name, at + 20, y),
		];
	});
}
