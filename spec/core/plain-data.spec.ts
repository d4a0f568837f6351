import * as assert from "uvu/assert";
import { checkOp, LawError } from "../../lib/check/index.ts";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { compile } from "../../lib/compile/index.ts";
import { apply as applyUnchecked } from "../../lib/core/op.ts";
import { checkParams } from "../../lib/core/plain-data.ts";
import {
	apply,
	type Data,
	DomainError,
	grad,
	type Op,
	reduction,
	sum,
	type Tensor,
	tensor,
	variance,
} from "../../lib/index.ts";
import { call } from "../../lib/notation/call.ts";
import { typescriptOf } from "../../lib/notation/forms.ts";
import { printProgram } from "../../lib/program/print.ts";
import { trace } from "../../lib/program/trace.ts";
import * as s from "../../lib/scalar/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([1, 2]);

/** An op that multiplies by what its parameters say. */
const times: Op<"times", { by: number; note?: Data }> = {
	name: "times",
	infer: ([v]) => ({ shape: v!.shape, dtype: v!.dtype }),
	evaluate: ([v], { by }) => v!.mul(by),
	differential: (_, __, ___, { by }) => by,
	print: ([v], { by }) => `${v} * ${by}`,
};

class Table {
	readonly rows = [1];
}

const around: Record<string, unknown> = {};
around.again = [around];

/** What is no data, what it is called, and what the error advises. */
const OTHERS: readonly (readonly [note: unknown, what: string, instead: string])[] = [
	[() => 1, "a function at params.note;", "belongs to the op's record, or to customGradient"],
	[{ f: [0, () => 1] }, "a function at params.note.f[1];", "customGradient"],
	[tensor(1), "a tensor at params.note;", "a tensor is an argument"],
	[new Map(), "an object of class Map at params.note;", "plain arrays and objects"],
	[[new Table()], "an object of class Table at params.note[0];", "plain arrays and objects"],
	[new Float64Array(2), "an object of class Float64Array at params.note;", "make it a tensor"],
	[Symbol("a"), "a symbol at params.note;", "a string"],
	[{ [Symbol("a")]: 1 }, "has keys that are no data at params.note;", "plain arrays and objects"],
	[Object.assign([1], { more: 1 }), "has keys that are no data at params.note;", "plain arrays"],
	[around, "contains itself, or has keys that are no data at params.note.again[0];", "plain"],
];

suite("plain-data", (test) => {
	test("what is no plain data is refused where the op is applied, with its place and the way out", () => {
		for (const [note, ...texts] of OTHERS) {
			const f = (v: Tensor) => apply(times, [v], { by: 2, note: note as Data });
			const total = (v: Tensor) => f(v).sum();
			for (const run of [() => f(x), () => grad(total)(x), () => compile(f)(x)]) {
				refuses(run, DomainError, "times: expected parameters that are plain data");
				for (const text of texts) refuses(run, DomainError, text);
			}
		}
	});

	test("plain data is not, however special its names, and holes in arrays", () => {
		const holes: Data[] = [];
		holes[2] = 1;
		const notes: Data[] = [
			...[null, undefined, true, 0, -0, Number.NaN, 1n, "a", [], {}, holes, [holes, { a: [1n] }]],
			...[JSON.parse('{ "__proto__": 1, "constructor": { "prototype": 2 } }'), Object.create(null)],
		];
		for (const note of notes) same(apply(times, [x], { by: 2, note }), [2, 4]);
	});

	test("TypeScript refuses it, too", () => {
		const refused = () => {
			// @ts-expect-error: a function is no data
			const op: Op<"op", { f: () => number }> = times;
			// @ts-expect-error: nor is a Map
			apply(times, [x], { by: 2, note: new Map() });
			// @ts-expect-error: nor is a tensor, where a record leaves the type of its parameters open
			apply(sum.op, [x], { axes: x });
			return op;
		};
		assert.type(refused, "function");
	});

	test("an option of a reduction from outside is such a parameter", () => {
		const first = reduction({
			name: "first",
			formula: (x) => s.first(x),
			weights: null,
			numpy: "first",
			optionKinds: { by: { expected: "anything", holds: () => true } },
		});
		const by = { keepDims: true, by: () => 1 };
		refuses(() => first(x, 0, by), DomainError, "a function at params.by");
	});

	test("the library's own ops have no others, and a program tells the op that was given some", () => {
		const draw = drawFrom(numbersFrom(1));
		for (const op of records) checkParams(op.name, op.sample?.(draw).params);
		const odd = { axes: [0], keepDims: false, all: true, ddof: 1, more: new Map() };
		const f = compile((v: Tensor) => applyUnchecked(variance.op, [v], odd));
		refuses(() => f(x), DomainError, "class Map at params.more");
	});

	test("checkOp refuses samples with others", () => {
		const sample = () => ({ inputs: [x], params: { by: 2, note: new Map() as unknown as Data } });
		refuses(
			() => checkOp({ ...times, sample }),
			LawError,
			"times: expected parameters that are plain",
		);
	});

	test("a program shows data that JSON does not have", () => {
		const note = [1n, -0, Number.NaN, undefined, { "a b": Number.POSITIVE_INFINITY }];
		const { program } = trace([x], ([v]) => [apply(times, [v!], { by: -0, note })]);
		assert.match(
			printProgram(program),
			'times(a, by=-0, note=[1n,-0,NaN,undefined,{"a b":Infinity}])',
		);
	});

	test("so does the call that is printed of an op", () => {
		const note = JSON.parse('{ "__proto__": 1, "a b": 2, "c": 3 }');
		const noted: Op = { ...times, typescript: (args, params) => call("times", args, params) };
		const text = typescriptOf(noted, ["x"], { by: 2n, note });
		assert.is(text, 'times(x, { by: 2n, note: { ["__proto__"]: 1, "a b": 2, c: 3 } })');
	});
});
