import * as assert from "uvu/assert";
import { DomainError, grad, type Tensor, tensor } from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

const x = tensor([-30, -7, -1.5, -0.25, 0.5, 2, 8]);

/** The values at x by torch.nn.functional of PyTorch 2.15. */
const references: readonly [name: string, f: (x: Tensor) => Tensor, values: number[]][] = [
	["leakyRelu", nn.leakyRelu, [-0.3, -0.07, -0.015, -0.0025, 0.5, 2, 8]],
	[
		"elu",
		nn.elu,
		[
			-0.9999999999999064, -0.9990881180344455, -0.7768698398515702, -0.22119921692859512, 0.5, 2,
			8,
		],
	],
	[
		"celu",
		nn.celu,
		[
			-0.9999999999999064, -0.9990881180344455, -0.7768698398515702, -0.22119921692859512, 0.5, 2,
			8,
		],
	],
	[
		"celu with another α",
		(x) => nn.celu(x, 2),
		[-1.999999388195359, -1.939605233155363, -1.0552668945179706, -0.2350061948308092, 0.5, 2, 8],
	],
	[
		"selu",
		nn.selu,
		[
			-1.758099340847212, -1.7564961617648047, -1.3658143533672527, -0.388890197478119,
			0.5253504936777402, 2.101401974710961, 8.405607898843844,
		],
	],
	[
		"mish",
		nn.mish,
		[
			-2.807286890651921e-12, -0.006380263409573668, -0.29809974216680674, -0.129926963679141,
			0.3752452113048951, 1.9439589595339946, 7.999998200644843,
		],
	],
	["hardTanh", nn.hardTanh, [-1, -1, -1, -0.25, 0.5, 1, 1]],
	["hardSigmoid", nn.hardSigmoid, [0, 0, 0.25, 1.375 / 3, 1.75 / 3, 2.5 / 3, 1]],
	["hardSwish", nn.hardSwish, [0, 0, -0.375, -0.34375 / 3, 0.875 / 3, 5 / 3, 8]],
	["relu6", nn.relu6, [0, 0, 0, 0, 0.5, 2, 6]],
	["softsign", nn.softsign, [-30 / 31, -0.875, -0.6, -0.2, 1 / 3, 2 / 3, 8 / 9]],
	[
		"geluTanh",
		nn.geluTanh,
		[
			0, -2.3314683517128287e-15, -0.10042842301976707, -0.100324649298315, 0.34571400982514394,
			1.954597694087775, 8,
		],
	],
];

const { NaN: nan } = Number;

suite("nn/activations", (test) => {
	for (const [name, f, values] of references) {
		test(`${name} has the values of PyTorch 2.15, and holds up`, () => {
			near(f(x), values);
			holdsUp((y) => f(y), normal(1, [4, 3]));
		});

		test(`${name} and its gradient stay finite for large arguments`, () => {
			const large = tensor([-1e4, 1e4, -1e100, 1e100]);
			assert.ok(f(large).isFinite().all().item());
			assert.ok(
				grad((y: Tensor) => f(y).sum())(large)
					.isFinite()
					.all()
					.item(),
			);
		});
	}

	test("a NaN shows in the value and in the gradient", () => {
		for (const [name, f] of references) {
			assert.ok(f(tensor(nan)).isNaN().item(), name);
			assert.ok(
				grad((y: Tensor) => f(y))(tensor(nan))
					.isNaN()
					.item(),
				name,
			);
		}
	});

	test("a celu of α that is no number above 0 is refused", () => {
		for (const alpha of [0, -1, nan])
			refuses(() => nn.celu(x, alpha), DomainError, "celu: expected α");
	});

	test("kinks have the derivative that is promised", () => {
		const slope = (f: (x: Tensor) => Tensor, at: number) => grad((y: Tensor) => f(y))(tensor(at));
		same(slope(nn.leakyRelu, 0), 0.01);
		same(slope(nn.elu, 0), 1);
		same(
			slope((x) => nn.elu(x, 0.5), 0),
			0.5,
		);
		for (const alpha of [0.5, 1, 3]) {
			same(
				slope((x) => nn.celu(x, alpha), 0),
				1,
			);
		}
		near(slope(nn.selu, 0), 1.6732632423543772 * 1.0507009873554805);
		for (const end of [-1, 1]) same(slope(nn.hardTanh, end), 1);
		for (const end of [0, 6]) same(slope(nn.relu6, end), 1);
		for (const end of [-3, 3]) same(slope(nn.hardSigmoid, end), 1 / 6);
		same(nn.hardSigmoid(tensor(-3 + 2 ** -40)), 2 ** -40 / 6);
		near(slope(nn.hardSwish, -3), -0.5);
		near(slope(nn.hardSwish, 3), 1.5);
		same(slope(nn.relu, 0), 0);
		same(slope(nn.softsign, 0), 1);
	});
});
