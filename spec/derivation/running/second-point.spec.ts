import * as assert from "uvu/assert";
import { checkText, derive } from "../../../lib/derivation/index.ts";
import { type Tensor, tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

suite("derivation/running/second-point", (test) => {
	const x = tensor([1.5, -0.5]);
	const symmetric = tensor([
		[2, 1],
		[1, 3],
	]);

	/** What `checkText` finds after a slip. */
	const slipped = (derivation: ReturnType<typeof derive>, from: string, to: string) => {
		const text = derivation.print("ts");
		assert.ok(text.includes(from), `${from} is not in\n${text}`);
		return checkText(text.replace(from, to), "ts", derivation);
	};

	test("a transpose that symmetric values hide is named", () => {
		const f = (u: Tensor, a: Tensor) => a.dot(u).square().sum();
		const derivation = derive(f, { x, a: symmetric });
		const found = slipped(derivation, "a.T", "a");
		assert.equal(found.wrong, ["grad_x"]);
		assert.match(String(found), "at a second point near this one: it is another value");
		assert.is(found.notNear, null);
	});

	test("a factor that is 1, or ±1 squared, is named where it is left out", () => {
		const f = (w: Tensor, y: Tensor) => w.mul(y).as("z").exp().mul(y.square()).sum();
		const derivation = derive(f, { w: x, y: tensor([1, -1]) });
		assert.equal(slipped(derivation, "z.exp().mul(y.square())", "z.exp()").wrong, ["mul1"]);
	});

	test("what adds up to 1 by a promise does so at the second point", () => {
		const f = (z: Tensor, y: Tensor) => z.logSoftmax(1).mul(y).sum().neg();
		const args = {
			z: symmetric,
			y: tensor([
				[0, 1],
				[1, 0],
			]),
		};
		const derivation = derive(f, args, { distributions: { y: 1 } });
		const found = derivation.verify();
		assert.ok(found.ok);
		assert.is(found.notNear, null);
	});

	test("a function of numbers up to 1 is compared below 1", () => {
		const f = (u: Tensor) => u.neg().add(1).sqrt().sum();
		assert.is(derive(f, { u: tensor([0.5, 0.9999]) }).verify().notNear, null);
	});

	test("a function that goes another way there is judged at the given values alone", () => {
		const f = (u: Tensor) => (u.sum().item() === 1 ? u.square().sum() : u.sum());
		const found = derive(f, { x: tensor([1.5, -0.5]) }).verify();
		assert.ok(found.ok);
		assert.match(found.notNear!, "the function takes another way there");
		assert.not.match(String(found), "another way");
	});

	test("a function that throws there is judged at the given values alone", () => {
		const strict = (u: Tensor) => {
			if (u.sum().item() !== 1) throw new RangeError("another sum");
			return u.square().sum();
		};
		const found = derive(strict, { x: tensor([1.5, -0.5]) }).verify();
		assert.ok(found.ok);
		assert.is(found.notNear, "another sum");
	});
});
