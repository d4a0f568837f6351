import type { StepContext, Words } from "./context.ts";

/** The differential and its transpose, as the end of a sentence. */
function both({ formulas, outTangent, gradient }: StepContext): [string, string] {
	if (formulas === null) return ["该运算自身的线性映射", "其转置"];
	return [`$${outTangent} = ${formulas.differential}$`, `$${gradient} = ${formulas.transposed}$`];
}

function list(parts: readonly string[]): string {
	return parts.map((part) => `$${part}$`).join("、");
}

function own(c: StepContext): string {
	const [forward, backward] = both(c);
	if (c.isSymmetric) {
		return `微分为 ${forward}。这个线性映射的矩阵是对称的，转置就是它自己，所以梯度按同一个公式传回：${backward}。`;
	}
	return `微分为 ${forward}。损失的微小改变量，等于 $${c.outTangent}$ 的各元素与其梯度的乘积之和。把上式代入，合并同类项，$${c.tangent}$ 每个元素前的系数就是它的梯度（即该映射的转置）：${backward}。`;
}

function product(c: StepContext): readonly string[] {
	const [forward, backward] = both(c);
	const isLeft = c.argument === 0;
	const [fixed, side] = isLeft ? [c.args[1], "右"] : [c.args[0], "左"];
	if (c.factors === "vectors") {
		return [
			`这是两个向量的内积：同一位置的元素相乘，再把乘积相加。固定 $${fixed}$，有 ${forward}。$${c.arg}$ 的每个元素前的系数，是 $${fixed}$ 在同一位置的元素，所以它的梯度等于结果的梯度乘以该元素：${backward}。`,
		];
	}
	if (c.factors === "vector") {
		const sum = isLeft ? "y_{i} = \\sum_{j} a_{ij}\\,x_{j}" : "y_{j} = \\sum_{i} x_{i}\\,a_{ij}";
		const [result, factor] = isLeft ? ["y_{i}", "x_{j}"] : ["y_{j}", "x_{i}"];
		return [
			`乘积对每个因子都是线性的。固定向量 $${fixed}$，有 ${forward}。记矩阵的元素为 $a_{ij}$，向量的元素为 $${factor}$，逐元素写出来就是 $${sum}$。元素 $a_{ij}$ 只出现在 $${result}$ 中，系数为 $${factor}$，所以它的梯度是 $\\frac{\\partial L}{\\partial ${result}}\\,${factor}$。全部合在一起，就是两个向量的外积：${backward}。`,
		];
	}
	const text = `矩阵乘法对每个因子都是线性的。固定 $${fixed}$，微分为 ${forward}，即用 $${fixed}$ ${side}乘改变量。反向传播时，用 $${fixed}$ 的转置${side}乘梯度：${backward}。`;
	if (c.product === null) return [text];
	const elements = isLeft
		? "为什么是转置？把这个乘积记作 $Y = X\\,W$，逐元素写出来就是 $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$。元素 $x_{mn}$ 出现在每一个 $y_{mj}$（$j$ 任意）中，系数为 $w_{nj}$，因此 $\\frac{\\partial L}{\\partial x_{mn}} = \\sum_{j} \\frac{\\partial L}{\\partial y_{mj}}\\,w_{nj}$，这正是 $\\frac{\\partial L}{\\partial Y}\\,W^{\\top}$ 的第 $(m, n)$ 个元素。"
		: "为什么是转置？把这个乘积记作 $Y = X\\,W$，逐元素写出来就是 $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$。元素 $w_{mn}$ 出现在每一个 $y_{in}$（$i$ 任意）中，系数为 $x_{im}$，因此 $\\frac{\\partial L}{\\partial w_{mn}} = \\sum_{i} x_{im}\\,\\frac{\\partial L}{\\partial y_{in}}$，这正是 $X^{\\top}\\,\\frac{\\partial L}{\\partial Y}$ 的第 $(m, n)$ 个元素。";
	return [text, elements];
}

/** A rule whose kind is known: what it is, and what it comes to. */
function known(what: string): (c: StepContext) => string {
	return (c) => {
		const [forward, backward] = both(c);
		return `${what}：${forward}，所以 ${backward}。`;
	};
}

/** The words of the explanations in Chinese. */
export const chinese: Words = {
	rules: {
		elementwise: (c) => {
			const [forward, backward] = both(c);
			if (c.isNumber) {
				return [
					`$${c.arg}$ 和 $${c.out}$ 都是数。微小的改变量乘以导数：${forward}。梯度也乘以同一个系数：${backward}。`,
				];
			}
			return [
				`$${c.out}$ 的每个元素只依赖于 $${c.arg}$ 在同一位置的元素，微小的改变量在该处乘以偏导数：${forward}。梯度也逐元素乘以同样的系数：${backward}。`,
			];
		},
		choice: (c) => {
			const [forward, backward] = both(c);
			return [
				`$${c.arg}$ 的某个元素只有被选中时，其改变量才会传下去：${forward}。改变量旁边的因子是掩码：被选中处为 1，其余为 0。梯度乘以同一个掩码：${backward}。`,
			];
		},
		reduction: (c) => {
			const [forward, backward] = both(c);
			return [
				`$${c.arg}$ 各元素的改变量分别乘以系数，再相加：${forward}。所以每个元素的梯度，等于和的梯度乘以它的系数：${backward}。`,
			];
		},
		stretch: (c) => {
			const [, backward] = both(c);
			return [
				`$${c.arg}$ 经广播由形状 $${c.shape}$ 扩展为 $${c.outShape}$，它的每个元素用在多个位置，所以它的梯度是这些位置上的梯度之和（广播的转置是求和）：${backward}。`,
			];
		},
		arrangement: (c) => {
			const [forward, backward] = both(c);
			return [
				`这一步只移动元素的位置，改变量也随之移动：${forward}。反向传播时，每个元素的梯度回到该元素原来的位置：${backward}。`,
			];
		},
		matrixProduct: product,
		bilinear: (c) => {
			const [forward, backward] = both(c);
			return [
				`这是一种乘积，对每个因子都是线性的。固定另一个因子，有 ${forward}。梯度由这个线性映射的转置传回：${backward}。`,
			];
		},
		linear: (c) => {
			const [forward, backward] = both(c);
			return [
				`这个函数是线性的，改变量经过的就是同一个函数：${forward}。梯度由它的转置传回：${backward}。`,
			];
		},
		own: (c) => [own(c)],
	},
	alike: {
		elementwise: (c) => known(c.isNumber ? "这里同样都是数" : "这个函数也是逐元素作用的")(c),
		choice: known("这里同样只有被选中的元素才传递改变量"),
		reduction: known("这里同样是各元素的改变量乘以系数再相加"),
		stretch: known("这同样是广播"),
		arrangement: known("这里同样只移动元素的位置"),
		matrixProduct: known("这同样是矩阵乘法"),
		bilinear: known("这也是一种对每个因子都线性的乘积"),
		linear: known("这个函数同样是线性的"),
		own,
	},
	identity: (c) => [
		`$${c.arg}$ 的改变量原样通过：$${c.outTangent} = ${c.tangent}$，所以梯度也原样传回：$${c.gradient} = ${c.cotangent}$。`,
	],
	call: (call, part) =>
		`$${part}$ 由带有 ${call} 的函数得到：向后传的是随函数给定的梯度，它不一定是这一行的导数。`,
	shapes: ({ left, right, result, isOnly }) =>
		`${isOnly ? "形状也只有按这个顺序才能相配" : "形状也相配"}：$(${left}) \\cdot (${right}) = ${result}$，正是该因子的形状。`,
	from: (line, parts) =>
		parts.length === 0
			? `由 $${line}$ 这一行得到。`
			: `由 $${line}$ 这一行得到，其中记 ${list(parts)}。`,
	found: (gradient, line) => `$${gradient}$ 前面已经求出，就是 $${line}$。`,
	fanOut: (of, n, sum) =>
		`$${of}$ 用在 ${n} 处，它的改变量经由每一处起作用，所以它的梯度是各处传回的梯度之和：$${sum}$。`,
	together: (line) => `由链式法则，把以上各步连起来，得 $${line}$。`,
	simplified: (line) => `也就是 $${line}$。`,
	earlier: (lines) => `其中 ${list(lines)} 已在前面算出。`,
	received: (from, of, cotangent, index) =>
		({
			loop: `循环用到了 $${of}$，由循环传回的是 $${cotangent}$。`,
			nextStep: `对 $${index}$ 的循环的下一步用到了 $${of}$，由那里传回的是 $${cotangent}$（在最后一步，它就是反向循环的起点）。`,
			outside: `循环之外也用到了 $${of}$，由那里传回的是 $${cotangent}$。`,
		})[from],
	start: (start, of, isWhole) =>
		isWhole
			? `反向的循环从最后一步开始，起点就是最后一步的结果 $${of}$ 的梯度。`
			: `反向的循环从最后一步开始，起点是 $${start}$，即 $${of}$ 的梯度中由循环之后的各行传回的那一部分。`,
	startsFromZero: (start) =>
		`反向的循环从最后一步开始。最后一步之后没有梯度传回，所以起点为零：$${start} = 0$。`,
	sumStart: (sum) => `$${sum}$ 要对循环的所有步求和，从零开始累加。`,
	handedOn: (handed, of) =>
		`这一步从前一步给出的 $${of}$ 开始，所以传回 $${of}$ 的梯度要交给前一步，这就是 $${handed}$。`,
	usedAtEveryStep: (of, index) =>
		`循环的每一步用的都是同一个 $${of}$。下面先求第 $${index}$ 步单独传给它的梯度。`,
	sumOverSteps: (of, sum) => `$${of}$ 的改变量经由每一步起作用，所以把各步的贡献加起来：$${sum}$。`,
	unused: (of) => `结果不依赖于 $${of}$，所以它的梯度为零。`,
	term: ({ name, gradient, lines, uses }) => {
		const is = gradient === null ? "" : `就是 $${gradient}$，它`;
		if (lines.length > 1) {
			const which = lines.length > 3 ? "" : `（${list(lines)}）`;
			return `$${name}$ ${is}在后面 ${lines.length} 行中用到${which}，所以只算一次。`;
		}
		const often = uses > 1 ? `，在其中出现 ${uses} 次` : "";
		return `$${name}$ ${is}只在后面的一行（${list(lines)}）中用到${often}。`;
	},
	recomputed: (own) => `这里与前向时一样，再算一次 $${own}$。`,
	inBranch: (own) => `反向走的是前向走过的那个分支，这一行给出经由该分支传回的 $${own}$。`,
	decides: (own) => `$${own}$ 决定反向走哪个分支。`,
	again: (c) => {
		const [forward, backward] = both(c);
		return `同前，${forward}，所以 ${backward}。`;
	},
};
