import type { Derived } from "../../draft/model.ts";
import { type GraphEdge, type GraphNode, layOutGraph, NODE } from "./graph-layout.ts";
import { escaped, variableLabel } from "./text.ts";

/** The room between the two sides, where the gradient of the result, 1, enters. */
const MIDDLE = 20;

/** Smaller than so its letters cannot be read: then it scrolls. */
const LEAST_SCALE = 0.85;

/**
 * The graph as SVG: the forward pass on the left from top to bottom, the gradients on the right
 * from bottom to top.
 */
export function graphSvg(derived: Derived, title: string): string {
	const layout = layOutGraph(derived);
	const width = 2 * layout.side + MIDDLE;
	const forwardX = (node: GraphNode) => node.x;
	const backwardX = (node: GraphNode) => width - node.x;
	const shapes = new Map(
		[...derived.arguments, ...derived.constants, ...derived.forward].map((x) => [
			"name" in x ? x.name : x.variable,
			x.axes.length === 0 ? "" : x.axes.join("×"),
		]),
	);
	const node = (
		variable: string,
		label: string,
		kind: string,
		x: number,
		y: number,
		shape: string,
	) => {
		const letters = label.replace(/<[^>]*>/g, "").length;
		const size = Math.min(13, (1.75 * (NODE.width - 8)) / letters).toFixed(1);
		const text = `<text x="${x}" y="${y + 4}" font-size="${size}">${label}</text>`;
		const box = `<rect x="${x - NODE.width / 2}" y="${y - NODE.height / 2}" width="${NODE.width}" height="${NODE.height}" rx="${kind.startsWith("argument") ? NODE.height / 2 : 6}"/>`;
		const name = escaped(variable === "" ? "1" : `${variable}${shape === "" ? "" : `, ${shape}`}`);
		if (variable === "") return `<g class="node ${kind}">${box}${text}</g>`;
		return `<a class="node ${kind}" href="#line-${escaped(variable)}" data-variable="${escaped(variable)}"><title>${name}</title>${box}${text}</a>`;
	};
	const nodes = layout.nodes.flatMap((at) => {
		const { variable, role, gradient, y } = at;
		const shape = shapes.get(variable) ?? "";
		const again = at.isRepeated ? " again" : "";
		const out = [node(variable, variableLabel(variable), role + again, forwardX(at), y, shape)];
		if (gradient !== null) {
			const label = gradient === "" ? "1" : `∂${variableLabel(variable)}`;
			const kind = `${role} backward${gradient === "" ? " seed" : ""}`;
			out.push(node(gradient, label, kind, backwardX(at), y, shape));
		}
		return out;
	});
	const result = layout.nodes.at(-1)!;
	const turn = line(
		forwardX(result) + NODE.width / 2,
		result.y,
		backwardX(result) - NODE.width / 2,
		result.y,
	);
	const paths = [
		...layout.forward.map((edge) => path(edge, forwardX, 1, edge.from.variable, edge.to.variable)),
		`<path class="turn" d="${turn}"/>`,
		...layout.backward.map((edge) =>
			path(edge, backwardX, -1, edge.from.gradient ?? "", edge.to.gradient ?? ""),
		),
	];
	return `<svg viewBox="0 0 ${width} ${layout.height}" width="${width}" style="max-width:${width}px;min-width:${Math.round(LEAST_SCALE * width)}px" role="group" aria-label="${escaped(title)}">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.8 7.2 4 0 7.2z"/></marker></defs>
${paths.join("\n")}
${nodes.join("\n")}
</svg>`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
	return `M${x1} ${y1}H${x2}${y1 === y2 ? "" : `V${y2}`}`;
}

/** A forward edge, or mirrored with the arrow at its start. */
function path(
	{ from, to }: GraphEdge,
	xOf: (node: GraphNode) => number,
	direction: 1 | -1,
	tail: string,
	head: string,
): string {
	const half = (direction * NODE.width) / 2;
	const [x1, x2] = [xOf(from), xOf(to)];
	const side = direction === 1 ? "forward" : "backward";
	const marker = direction === 1 ? "marker-end" : "marker-start";
	let d: string;
	if (from.role === "argument") {
		const [start, end] = [x1 + half, x2 - half];
		const bend = (end - start) / 2;
		d =
			Math.abs(to.y - from.y) < 1
				? `M${start} ${from.y}H${end}`
				: `M${start} ${from.y}C${start + bend} ${from.y} ${end - bend} ${to.y} ${end} ${to.y}`;
	} else {
		const [start, end] = [from.y + NODE.height / 2, to.y - NODE.height / 2];
		// Down the own column, then across in the last stretch.
		const turn = Math.max(start, end - 30);
		const middle = (turn + end) / 2;
		d =
			x1 === x2
				? `M${x1} ${start}V${end}`
				: `M${x1} ${start}V${turn}C${x1} ${middle} ${x2} ${middle} ${x2} ${end}`;
	}
	return `<path class="edge ${side}" d="${d}" ${marker}="url(#arrow)" data-from="${escaped(tail)}" data-to="${escaped(head)}"/>`;
}
