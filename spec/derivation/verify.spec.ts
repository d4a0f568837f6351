import * as assert from "uvu/assert";
import { checkByDifferences } from "../../lib/derivation/differences.ts";
import { runStatements } from "../../lib/derivation/evaluate.ts";
import {
	type Derivation,
	derive,
	type LineExpression,
	type Statement,
} from "../../lib/derivation/index.ts";
import { verify } from "../../lib/derivation/verify.ts";
import { GradientError, mul, random, relu, type Tensor, tensor } from "../../lib/index.ts";
import { constantOf, type Instruction } from "../../lib/program/program.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { derivationOf, nets } from "./nets.ts";

type Change = (expression: LineExpression) => LineExpression | null;
type Origin = Parameters<typeof verify>[1];

const originOf = (derivation: Derivation) => (derivation as unknown as { origin: Origin }).origin;

/** The derivation with the line of a variable changed. */
function tampered(derivation: Derivation, variable: string, change: Change): Derivation {
	const changed = (line: Statement) =>
		line.variable === variable ? { ...line, expression: change(line.expression)! } : line;
	return Object.assign(Object.create(derivation), {
		forward: derivation.forward.map(changed),
		backward: derivation.backward.map(changed),
	});
}

const doubled: Change = (expression) => {
	const { value } = expression;
	const two = { kind: "number", number: 2, value: constantOf(tensor(2)) } as const;
	const args = [two, expression];
	return { kind: "application", op: mul.op, args, params: null, value: value as Instruction };
};

/** The first argument in place of the op, where it has this name. */
const without =
	(...names: string[]): Change =>
	(expression) =>
		expression.kind === "application" && names.includes(expression.op.name)
			? expression.args[0]!
			: null;

/** What differences alone say of a line. */
function byDifferences(derivation: Derivation, variable: string) {
	const { flat } = originOf(derivation);
	const given = new Map(derivation.arguments.map(({ name }, i) => [name, flat.leaves[i]!]));
	const variables = new Map<string, Tensor>(given);
	runStatements([...derivation.forward, ...derivation.backward], variables);
	const line = derivation.backward.find((each) => each.variable === variable)!;
	return checkByDifferences(derivation, line, given, variables);
}

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** It has a factor, a sum over an axis, a sum of two terms and a mask. */
const loss = ({ w, b }: Record<"w" | "b", Tensor>, x: Tensor) => {
	const h = x.dot(w).add(b).as("h");
	return relu(h).as("r").square().sum().add(h.square().sum().mul(0.1));
};
const args = { params: { w: normal(1, [3, 2]), b: normal(2, [2]) }, x: normal(3, [4, 3]) };

suite("derivation/verify", (test) => {
	const derivation = derive(loss, args);
	derivation.verify();

	for (const [slip, variable, change] of [
		["a wrong factor", "grad_h", doubled],
		["a wrong factor in a line of an argument", "grad_w", doubled],
		["a lost term", "grad_h", without("add")],
		["a lost sum", "grad_b", without("sum")],
	] as const) {
		test(`${slip} in ${variable} is found, by the engine and by differences alone`, () => {
			const wrong = tampered(derivation, variable, change);
			refuses(() => verify(wrong, originOf(derivation)), GradientError, `WRONG  ${variable}`);
			assert.not(byDifferences(wrong, variable).ok);
			assert.ok(byDifferences(derivation, variable).ok);
		});
	}

	test("a lost mask is found", () => {
		const net = derivationOf(nets.twoLayers!);
		const wrong = tampered(net, "grad_h", without("keepWhere"));
		refuses(() => verify(wrong, originOf(net)), GradientError, "WRONG  grad_h ");
		assert.match(byDifferences(wrong, "grad_h").text, / fail/);
	});

	test("a wrong line of the forward pass is found", () => {
		const wrong = tampered(derivation, "h", without("add"));
		refuses(() => verify(wrong, originOf(derivation)), GradientError, "WRONG  loss");
	});

	test("every gradient line is compared, also those that share their value with others", () => {
		const f = (w: Tensor) => {
			const c = w.exp().as("a").add(w.sin().as("b")).as("c");
			return c.square().sum().add(w.mul(3).as("s").sum());
		};
		for (const simplify of [true, false]) {
			const both = derive(f, { w: normal(1, [3]) }, { simplify });
			const checked = both.verify().checks.map(({ variable }) => variable);
			const lines = both.backward.filter((line) => line.gradientOf !== null);
			assert.ok(lines.length > 3);
			assert.equal(checked.sort(), ["loss", ...lines.map(({ variable }) => variable)].sort());
		}
	});

	test("where kinks meet and at ties no line is called wrong", () => {
		const zeros = tensor([0, -1, 0, 2]);
		const abs = (w: Tensor) => w.relu().sub(w.neg().relu()).as("d").square().sum();
		derive(abs, { w: zeros }).verify();
		const straight = (w: Tensor) => w.mul(1).as("h").relu().sub(w.neg().relu()).sum();
		derive(straight, { w: zeros }).verify();
		derive((w: Tensor) => w.as("h").max().add(w.relu().sum()), { w: tensor([1, 1, 0]) }).verify();
	});
});
