import type { FoldForm, PlaceForm } from "../../core/loop-form.ts";
import { type Shape, sameShape, sizeOf } from "../../core/shape.ts";
import type { Host } from "./along-axes.ts";
import { loops } from "./nest.ts";
import { asElements, inJavaScript, type LoopOperand, numberAt } from "./operands.ts";

/** A total for each element of the result. */
export function writeFold<P>(
	host: Host,
	name: string,
	{ sizes, start, next, finish }: FoldForm<P>,
	args: readonly LoopOperand[],
	params: P,
	shape: Shape,
): LoopOperand {
	const inner = sizes(
		args.map((x) => x.shape),
		params,
	);
	const n = sizeOf(inner);
	const term = (total: string, x: readonly LoopOperand[], index: string[], along: string[]) =>
		`${inJavaScript(next(total, x.map(asElements), index, along, params))};`;
	if (shape.length === 0) {
		const out = host.declare(name, shape, start);
		const isWhole = inner.length > 0 && args.length === 1 && sameShape(inner, args[0]!.shape);
		const whole = isWhole ? args[0]!.flat : null;
		// All elements of one tensor, in order: one loop does.
		const terms =
			whole === null
				? args
				: [{ ...args[0]!, shape: [n], at: ([i]: readonly string[]) => whole(i!) }];
		const over = whole === null ? inner : [n];
		const index = host.indexOf(over, []);
		loop(host, index, over, [term(name, terms, [], index)]);
		const finished = finish(name, n);
		if (finished !== name) host.lines.push(`${name} = ${finished};`);
		return out;
	}
	const out = host.declare(name, shape, "");
	const index = host.indexOf(shape, []);
	const along = host.indexOf(inner, index);
	const total = host.fresh("total");
	loop(host, index, shape, [
		`let ${total} = ${start};`,
		...loops(along, inner, [term(total, args, index, along)]),
		`${out.at(index)} = ${finish(total, n)};`,
	]);
	host.release(total);
	return out;
}

/** Elements that go to a place each. */
export function writePlace<P>(
	host: Host,
	name: string,
	{ fill, to, adds }: PlaceForm<P>,
	args: readonly LoopOperand[],
	params: P,
	shape: Shape,
): LoopOperand {
	const filling = fill(params);
	const out = host.declare(name, shape, shape.length === 0 || filling !== "0" ? filling : "");
	for (const [i, x] of args.entries()) {
		const index = host.indexOf(x.shape, []);
		const at = to(args.map(asElements), i, index, params)?.map(inJavaScript);
		if (at === undefined) continue;
		const value = numberAt(x, x.at(index));
		loop(host, index, x.shape, [`${out.at(at)} ${adds ? "+=" : "="} ${value};`]);
	}
	return out;
}

function loop(host: Host, index: readonly string[], shape: Shape, body: readonly string[]): void {
	host.lines.push(...loops(index, shape, body));
}
