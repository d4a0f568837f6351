import * as assert from "uvu/assert";
import { checkText, derive } from "../../../lib/derivation/index.ts";
import { type Tensor, tensor, variance } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

suite("derivation/running: rounding and kinks", (test) => {
	const equal = tensor(new Array(16).fill(0.2));
	const ofEqual = derive(
		(x: Tensor) =>
			variance(x.reshape([2, 2, 4]), [0, 2])
				.mul(tensor([1, 2]))
				.sum(),
		{ x: equal },
		{ simplify: false },
	);

	test("what is left of terms that cancel counts by the size of the terms", () => {
		const found = ofEqual.verify();
		assert.ok(found.ok);
		const { differences } = found.checks.find(
			({ form, variable }) => form === "plain" && variable === "grad_x",
		)!;
		assert.is(differences, "differences agree");
	});

	test("terms that should cancel and do not are named at that point", () => {
		const text = ofEqual.print("ts").replace(".sub(x.reshape([2, 2, 4]).mean(", ".sub((");
		const wrong = text.replace("[0, 2], { keepDims: true }))", "x.reshape([2, 2, 4]).mul(0.999)))");
		assert.not.equal(wrong, text);
		assert.equal(checkText(wrong, "ts", ofEqual).wrong, ["grad_x"]);
	});

	test("a line of tiny values is judged by their own size", () => {
		const f = (w: Tensor, x: Tensor) => w.mul(x).as("z").sin().sum();
		const tiny = derive(f, { w: tensor([1e-14, 3e-14]), x: tensor([1e-3, 2e-3]) });
		const text = tiny.print("ts");
		assert.ok(checkText(text, "ts", tiny).ok);
		const wrong = text.replace("z = w.mul(x)", "z = w.mul(x).mul(1.000001)");
		assert.not.equal(wrong, text);
		assert.equal(checkText(wrong, "ts", tiny).wrong, ["z"]);
	});

	/** Elements that shrink unevenly, so a step that is small for one is large for another. */
	const chain = derive(
		(x: Tensor, w: Tensor) => {
			let y = x;
			for (let k = 0; k < 180; k++) y = y.mul(w).relu().as(`y${k}`);
			return y.sum();
		},
		{ x: tensor([0.3, -0.2, 0.5]), w: tensor([0.9, 1.1, 0.8]) },
	);

	test("differences across a kink do not judge, nor do kinks hide a wrong factor", () => {
		assert.ok(chain.verify({ forms: ["ts"] }).ok);
		const text = chain.print("ts");
		const [line] = /const grad_y100 = .*;/.exec(text)!;
		const wrong = text.replace(line, `${line.slice(0, -1)}.mul(1.001);`);
		const found = checkText(wrong, "ts", chain);
		assert.equal(found.wrong, ["grad_y100"]);
		assert.match(String(found), /grad_y100 .* differences ± /);
	});
});
