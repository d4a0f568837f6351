import * as assert from "uvu/assert";
import { errorInChinese } from "../../docs/site/playground/src/page/errors.ts";
import { checkManual } from "../../lib/check/index.ts";
import {
	cholesky,
	concat,
	determinant,
	einsum,
	grad,
	matrixTranspose,
	scan,
	stack,
	type Tensor,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { suite } from "../suite.ts";

const x = zeros([5, 4]);
const y = zeros([6, 5]);
const square = (x: Tensor) => x.square().as("h").sum();
const labels = tensor([9], { dtype: "int32" });

/** What a beginner writes, and parts of what is said of it in Chinese. */
const MISTAKES: readonly (readonly [mistake: () => unknown, ...said: string[]])[] = [
	[() => x.add(zeros([3])), "add：形状 (5×4) 与 (3) 不能一起广播"],
	[() => x.maximum(y), "maximum：形状 (5×4) 与 (6×5) 不能一起广播"],
	[() => zeros([3]).broadcastTo([4, 4]), "形状 (3) 与 (4×4) 不能一起广播"],
	[() => x.dot(y), "dot：(5×4)·(6×5) 内侧的两个大小不相等", ".T"],
	[() => x.dot(zeros([3])), "dot：(5×4)·(3) 内侧"],
	[() => x.reshape([3, 7]), "reshape：形状 (5×4) 有 20 个元素，不能改成 (3×7)"],
	[() => x.reshape([-1, -1]), "不能改成 (-1×-1)", "最多一个"],
	[() => x.reshape([-1, 7]), "(-1×7) 中的 −1 无法确定：形状 (5×4) 有 20 个元素，不能被 7 整除"],
	[() => x.sum(2), "sum：张量只有 2 个轴，轴 2 不存在；轴的编号是 -2 到 1"],
	[() => x.logSoftmax(-3), "logSoftmax：张量只有 2 个轴，轴 -3 不存在"],
	[() => x.slice(7), "slice：轴 0 的大小是 5，下标 7 超出了范围"],
	[() => x.take(labels, 0), "take：轴 0 的大小是 5，下标 9 超出了范围"],
	[() => x.slice(0, 0, 0), "形状 (5×4) 最多可以给出 2 个范围，而这里有 3 个"],
	[() => x.permute([0, 0]), "(5×4) 的每个轴都应出现一次，而这里是 [0, 0]"],
	[() => concat([x, y], 0), "沿轴 0 拼接", "(5×4), (6×5)"],
	[() => stack([x, y]), "形状必须相同，而这里是 (5×4), (6×5)"],
	[() => x.squeeze(0), "(5×4) 的轴 0 大小是 5"],
	[() => x.split(3, 0), "轴 0 的大小是 5，不能等分成 3 份"],
	[() => x.solve(zeros([5])), "solve：需要方阵", "(5×4)"],
	[() => determinant(x), "determinant：需要方阵"],
	[() => matrixTranspose(zeros([3])), "需要矩阵", "(3)"],
	[() => cholesky(zeros([3, 3])), "正定"],
	[() => einsum("ij,jk->ik", x, y), '在 "ij,jk->ik" 中，下标 j 的大小既是 4 又是 6'],
	[() => tensor([[1, 2], [3]]), "有的是 2 个元素，有的是 1 个"],
	[() => x.item(), "item：只有一个元素", "(5×4)"],
	[
		() => grad((x: Tensor) => x.mul(2))(x),
		"grad：函数的结果必须是一个浮点标量，而这里是 float64 (5×4)",
	],
	[() => grad((x: Tensor) => x.sum())(labels), "grad：参数的类型是 int32"],
	[() => x.add("a" as never), 'add：需要张量或数，而这里得到 "a"'],
	[() => x.dot(undefined as never), "dot：需要张量或数，而这里得到 undefined"],
	[
		() => x.mul(x.astype("float32")),
		"mul：两个张量的浮点类型必须相同，而这里是 float64 与 float32",
	],
	[() => x.take(tensor([0.5]), 0), "take：下标的类型必须是 int32，而这里是 float64"],
	[
		() => scan(() => [zeros([3]), null] as const, zeros([2]), zeros([4, 2])),
		"scan：",
		"开始时是 float64 (2)，一步之后却是 float64 (3)",
	],
	[() => (x as never) * 2, "形状为 (5×4) 的张量不能当作一个数", "a.mul(b)"],
	[
		() => checkManual(square, [x], (x: Tensor) => ({ grad_k: x })),
		"没有哪个量的梯度叫 grad_k；这里有 grad_",
	],
	[() => new Function("return mine")(), "mine 没有定义"],
	[() => new Function("x", "x.squared()")(x), "没有 x.squared 这个函数"],
	[() => new Function("x", "x.grad.T")(x), "无法读取 .T：前面的量是 undefined"],
];

suite("playground/errors", (test) => {
	test("the errors that beginners meet say in Chinese what is wrong", () => {
		for (const [mistake, ...said] of MISTAKES) {
			const error = thrownBy(mistake);
			const chinese = errorInChinese(error.message);
			assert.ok(chinese !== null, error.message);
			for (const part of said) assert.ok(chinese.includes(part), `${part}: ${chinese}`);
			assert.not.match(chinese, /\$\d/);
		}
	});

	test("another message has none", () => {
		assert.is(errorInChinese("mine: expected shapes"), null);
	});
});

function thrownBy(f: () => unknown): Error {
	try {
		f();
	} catch (error) {
		return error as Error;
	}
	throw new Error(`nothing is thrown by ${f}`);
}
