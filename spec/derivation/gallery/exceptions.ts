import type { Bilingual } from "./entry.ts";

/**
 * Entries whose printed backward pass has more lines than the textbook's and one, and why. The spec
 * wants each of them to be longer indeed, and no other one.
 */
export const longer: Readonly<Record<string, Bilingual>> = {
	"cosine-similarity": {
		en: "the two lengths have names, so each has a gradient of its own",
		zh: "两个长度有名字，各有自己的梯度",
	},
	"lstm-gates": {
		en: "every gate has a name, so its gradient is a line before that of what is inside of it",
		zh: "每个门都有名字，所以门的梯度先占一行，再到门内的梯度",
	},
	triplet: {
		en: "the two products with the mask are lines of their own, from which all three gradients are made",
		zh: "与掩码相乘的两个乘积各占一行，三个梯度都由它们得出",
	},
	"weight-norm": {
		en: "length and direction have names, so each has a gradient of its own",
		zh: "长度与方向有名字，各有自己的梯度",
	},
};

/**
 * Entries that say in print that they hold for these shapes only, and why. The spec wants each of
 * them to say so, and no other one.
 */
export const fixedShapes: Readonly<Record<string, Bilingual>> = {
	"strided-convolution": {
		en: "how many windows there are is a rounded quotient, which sizes are not written as",
		zh: "窗口的个数是取整的商，而大小没有这种写法",
	},
};
