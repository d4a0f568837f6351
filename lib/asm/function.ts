import { type Bytes, joinBytes, list, unsigned } from "./encode.ts";
import { type Expr, expression, instruction, type Operand, type ValueType } from "./expression.ts";
import { type Address, int, type Storable, storeOf } from "./memory.ts";
import { i32 } from "./scalar.ts";

/** How each type is written. */
export const TYPE_CODES: Readonly<Record<ValueType, number>> = {
	i32: 0x7f,
	i64: 0x7e,
	f32: 0x7d,
	f64: 0x7c,
	v128: 0x7b,
};

/** A variable of a function. As an expression it is what it holds when the code runs. */
export interface Local<T extends ValueType = ValueType> extends Expr<T> {
	readonly index: number;
}

/** A place to leave to or to repeat from, inside the block that made it. */
export interface Label {
	readonly depth: number;
}

/**
 * Writes the body of a function, statement by statement. Blocks are callbacks that write what
 * stands inside of them.
 */
export class FunctionBuilder<Result extends ValueType | "none" = ValueType | "none"> {
	/** The parameters, which are locals like any other. */
	readonly params: readonly Local[];
	readonly #locals: ValueType[];
	readonly #code: Bytes[] = [];
	/** What runs before the code, and the variables that it sets, by the code of their values. */
	readonly #opening: Bytes[] = [];
	readonly #constants = new Map<string, Local>();
	/** The vectors made in the innermost round of a loop, and one that is never set. */
	#own: Local<"v128">[] = [];
	#empty: Local<"v128"> | null = null;
	/** How many blocks are open. */
	#depth = 0;

	constructor(params: readonly ValueType[]) {
		this.#locals = [...params];
		this.params = params.map((type, index) => local(type, index));
	}

	/**
	 * A new variable; set it before it is read. One that is made in a round of a loop is gone with
	 * that.
	 */
	local<T extends ValueType>(type: T): Local<T> {
		const variable = this.#declare(type);
		if (type === "v128") this.#own.push(variable as Local<"v128">);
		return variable;
	}

	/** A new variable that holds the value of an expression. */
	let<T extends ValueType>(value: Expr<T>): Local<T> {
		const variable = this.local(value.type);
		this.set(variable, value);
		return variable;
	}

	/**
	 * A variable that holds the value of a constant from the start of the function on, one for each
	 * constant. Some engines compute a constant of 128 bits anew wherever it stands, in every round
	 * of a loop.
	 */
	constant<T extends ValueType>(value: Expr<T>): Local<T> {
		const key = value.code.join();
		const known = this.#constants.get(key) as Local<T> | undefined;
		if (known !== undefined) return known;
		const variable = this.#declare(value.type);
		this.#opening.push(value.code, [0x21], unsigned(variable.index));
		this.#constants.set(key, variable);
		return variable;
	}

	/** Gives a variable a value. */
	set<T extends ValueType>(variable: Local<T>, value: Expr<T>): void {
		this.#write(value.code, [0x21], unsigned(variable.index));
	}

	/** Stores a value at an address and a constant offset, both in bytes. */
	store<T extends ValueType>(
		what: Storable<T>,
		address: Address,
		value: Operand<T>,
		offset = 0,
	): void {
		this.#write(storeOf(what, address, value, offset).code);
	}

	/** Runs an expression for what it does; its value, if it has one, is dropped. */
	do(effect: Expr): void {
		this.#write(effect.code);
		if (effect.type !== "none") this.#write([0x1a]);
	}

	/** Runs `then` where the condition is not 0, else `otherwise`. */
	if(condition: Operand<"i32">, then: () => void, otherwise?: () => void): void {
		this.#write(expression(condition, int).code, [0x04, 0x40]);
		this.#inside(then);
		if (otherwise !== undefined) {
			this.#write([0x05]);
			this.#inside(otherwise);
		}
		this.#write([0x0b]);
	}

	/** A block that `f.goto(label)` leaves. */
	block(body: (end: Label) => void): void {
		this.#write([0x02, 0x40]);
		this.#inside(body);
		this.#write([0x0b]);
	}

	/** A block that `f.goto(label)` begins again; it ends when its end is reached. */
	loop(body: (start: Label) => void): void {
		this.#write([0x03, 0x40]);
		this.#inside(body);
		this.#write([0x0b]);
	}

	/** Leaves a block or begins a loop again; with a condition, only where it is not 0. */
	goto(label: Label, condition?: Operand<"i32">): void {
		const levels = unsigned(this.#depth - label.depth);
		if (condition === undefined) this.#write([0x0c], levels);
		else this.#write(expression(condition, int).code, [0x0d], levels);
	}

	/** Repeats as long as the condition holds. */
	while(condition: Expr<"i32">, body: () => void): void {
		this.if(condition, () => {
			this.loop((start) => {
				this.#round(body);
				this.goto(start, condition);
			});
		});
	}

	/**
	 * Counts a new variable from `from` up to below `to` (signed) in constant steps; often the
	 * variable is an address. `to` is read again after every round, so it should be a constant or a
	 * local.
	 */
	for(
		from: Operand<"i32">,
		to: Operand<"i32">,
		step: number,
		body: (i: Local<"i32">) => void,
	): void {
		const i = this.let(expression(from, int));
		const round = () => {
			this.loop((start) => {
				this.#round(() => body(i));
				this.set(i, i32.add(i, step));
				this.goto(start, i32.lt(i, to));
			});
		};
		if (typeof from !== "number" || typeof to !== "number") this.if(i32.lt(i, to), round);
		else if (from < to) round();
	}

	/** Leaves the function, with its result if it has one. */
	return(value?: Result extends ValueType ? Expr<Result> : never): void {
		this.#write(value?.code ?? [], [0x0f]);
	}

	/** Ends the program with an error. */
	trap(): void {
		this.#write([0x00]);
	}

	/** The locals and the code, with the value that is left at the end. */
	encode(value: Expr | undefined): Bytes {
		const own = this.#locals.slice(this.params.length).map((type) => [1, TYPE_CODES[type]]);
		return joinBytes([list(own), ...this.#opening, ...this.#code, value?.code ?? [], [0x0b]]);
	}

	#declare<T extends ValueType>(type: T): Local<T> {
		return local(type, this.#locals.push(type) - 1);
	}

	/**
	 * A round of a loop, after which its own vectors are emptied. They would be carried into the next
	 * round though nobody reads them there, and V8 does not join neighbouring vectors that are needed
	 * one by one.
	 */
	#round(body: () => void): void {
		const outer = this.#own;
		this.#own = [];
		body();
		for (const vector of this.#own) {
			this.#empty ??= this.#declare("v128");
			this.set(vector, this.#empty);
		}
		this.#own = outer;
	}

	#inside(body: (label: Label) => void): void {
		this.#depth++;
		body({ depth: this.#depth });
		this.#depth--;
	}

	#write(...parts: Bytes[]): void {
		this.#code.push(...parts);
	}
}

function local<T extends ValueType>(type: T, index: number): Local<T> {
	return { ...instruction(type, 0x20, [], unsigned(index)), index };
}
