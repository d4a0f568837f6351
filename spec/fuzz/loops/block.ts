import { isFloat } from "../../../lib/core/dtype.ts";
import type { Draw, TensorType } from "../../../lib/core/op.ts";
import { sameShape } from "../../../lib/core/shape.ts";
import type { Tensor } from "../../../lib/index.ts";
import { type Control, type List, written } from "./control.ts";
import { fit } from "./fit.ts";

/** A few statements: a function of what is known where they begin. */
export interface Block {
	readonly run: (known: List, control: Control) => Tensor[];
	readonly lines: readonly string[];
}

/** A statement: what it adds to what is known. */
interface Statement {
	readonly run: (known: List, control: Control) => List;
	readonly lines: readonly string[];
}

/** A function of one of the values that are known. */
type Choice = (x: Tensor) => boolean;

/** Statements while they are drawn. Values are known by their places, and by what they are once. */
export class Growing {
	readonly draw: Draw;
	/** How many loops and branches may still go into each other. */
	readonly depth: number;
	/** What each value is at the arguments, and in the first step or for the first example. */
	readonly known: Tensor[];
	private readonly statements: Statement[] = [];
	/** The arguments of this function, which come last of what is known. */
	private readonly own: readonly number[];
	private readonly used: Set<Tensor>;
	/** How many of the values were made here. */
	private made = 0;

	constructor(draw: Draw, depth: number, known: List, given: List, used = new Set<Tensor>()) {
		this.draw = draw;
		this.depth = depth;
		this.own = given.map((_, i) => known.length + i);
		this.known = [...known, ...given];
		this.used = used;
	}

	/** Of a function inside, what is known there: all of this, and its arguments. */
	inside(given: List, depth = this.depth - 1): Growing {
		return new Growing(this.draw, depth, this.known, given, this.used);
	}

	/** Adds a statement; gives the places of its results. */
	add(run: Statement["run"], lines: (names: string) => readonly string[]): number[] {
		const made = run(this.known, written);
		const places = made.map((_, i) => this.known.length + i);
		this.known.push(...made);
		this.made += made.length;
		const names = places.map((i) => this.name(i));
		const left = names.length === 1 ? names[0]! : `[${names.join(", ")}]`;
		this.statements.push({ run, lines: lines(`const ${left} = `) });
		return places;
	}

	name(place: number): string {
		return `v${place}`;
	}

	/**
	 * The place of a value, more often an argument or one of the last; null where there is none of
	 * the kind.
	 */
	pick(holds: Choice = () => true): number | null {
		const places = this.known.flatMap((x, i) => (holds(x) ? [i] : []));
		const near = [...places.filter((i) => this.own.includes(i)), ...places.slice(-2)];
		const from = this.draw.integer(0, 3) > 0 ? near : places;
		return from.length === 0 ? null : this.use(this.draw.pick(from));
	}

	private use(place: number): number {
		this.used.add(this.known[place]!);
		return place;
	}

	/** The places of up to so many of the last values that nothing uses, or of others. */
	results(fewest: number, most: number): number[] {
		const first = this.known.length - this.made;
		const unused = this.known.flatMap((x, i) => (i >= first && !this.used.has(x) ? [i] : []));
		const results = unused.slice(-most).map((i) => this.use(i));
		while (results.length < fewest) results.push(this.pick()!);
		return results;
	}

	/** The place of a value of this type, made of one that is known or the same in any case. */
	fitted(type: TensorType, isFree = true): number {
		const isSame = (x: Tensor) => x.dtype === type.dtype && sameShape(x.shape, type.shape);
		if (isFree && this.draw.integer(0, 2) === 0) {
			const same = this.pick(isSame);
			if (same !== null) return same;
		}
		const from = this.pick((x) => isFloat(x.dtype)) ?? this.pick()!;
		const text = `fit(${this.name(from)}, "${type.dtype}", [${type.shape}])`;
		return this.add(
			(known) => [fit(known[from]!, type)],
			(left) => [`${left}${text}`],
		)[0]!;
	}

	/** The block whose results are at these places. */
	block(results: readonly number[]): Block {
		const { statements } = this;
		return {
			run: (given, control) => {
				const known = [...given];
				for (const { run } of statements) known.push(...run(known, control));
				return results.map((i) => known[i]!);
			},
			lines: [
				...statements.flatMap(({ lines }) => lines),
				`return [${results.map((i) => this.name(i)).join(", ")}];`,
			],
		};
	}
}

/** A shape of few elements. */
export function drawShape(draw: Draw, most = 3): number[] {
	const rank = draw.pick([1, 0, 2, 3]);
	return Array.from({ length: rank }, () => draw.pick([2, 1, most, 2, 3, 2, 3, 1, 0]));
}

/** The type of something that may be carried along. */
export function drawType(draw: Draw): TensorType {
	const dtype = draw.pick([
		"float64",
		"float64",
		"float64",
		"float32",
		"int32",
		"bool",
		"float64",
	] as const);
	return { dtype, shape: drawShape(draw) };
}

/** Lines inside of something. */
export function indented(lines: readonly string[]): string[] {
	return lines.map((line) => `  ${line}`);
}
