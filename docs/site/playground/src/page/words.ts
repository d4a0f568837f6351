import type { Kind, Lang } from "../protocol.ts";

/** What the page says, in each language. */
const WORDS = {
	playground: { en: "playground", zh: "演练场" },
	choose: { en: "What to look at", zh: "选择内容" },
	lessons: { en: "Lessons", zh: "课程" },
	examples: { en: "Examples", zh: "示例" },
	none: { en: "—", zh: "—" },
	chooseExample: { en: "Choose an example", zh: "选择示例" },
	searchExamples: { en: "Search the examples", zh: "搜索示例" },
	found: { en: "# found", zh: "找到 # 个" },
	close: { en: "Close", zh: "关闭" },
	noExamples: { en: "The examples could not be loaded.", zh: "无法加载示例。" },
	onlyPrints: {
		en: "This program exports no function to derive. It prints:",
		zh: "这个程序没有导出可供推导的函数。它打印出：",
	},
	stop: { en: "Stop", zh: "停止" },
	share: { en: "Copy link", zh: "复制链接" },
	darkTheme: { en: "Dark theme", zh: "深色主题" },
	otherLanguage: { en: "中文", zh: "English" },
	function: { en: "Function", zh: "函数" },
	editor: {
		en: "The function, in TypeScript. Press Escape, then Tab to leave the editor.",
		zh: "用 TypeScript 编写的函数。按 Escape 再按 Tab 可离开编辑器。",
	},
	checkTypes: { en: "Check types", zh: "检查类型" },
	loadingTypes: { en: "Loading the type checker…", zh: "正在加载类型检查器……" },
	noTypeErrors: { en: "The types are right.", zh: "类型正确。" },
	typeErrors: { en: "Type errors", zh: "类型错误" },
	results: { en: "Results", zh: "结果" },
	derivation: { en: "Derivation", zh: "推导" },
	yours: { en: "Your backward pass", zh: "你写的反向传播" },
	plain: { en: "Loops", zh: "循环" },
	checks: { en: "Checks", zh: "检验" },
	compiled: { en: "Cost", zh: "开销" },
	training: { en: "Training", zh: "训练" },
	copy: { en: "Copy", zh: "复制" },
	copied: { en: "Copied.", zh: "已复制。" },
	linkCopied: {
		en: "The link is in the clipboard and in the address bar.",
		zh: "链接已复制，也在地址栏中。",
	},
	linkShown: { en: "The link is in the address bar.", zh: "链接在地址栏中。" },
	badLink: {
		en: "This link cannot be read: it was cut off or changed. The first example is shown.",
		zh: "无法读取这个链接：它被截断或改动过。下面显示第一个示例。",
	},
	loss: { en: "loss", zh: "损失" },
	verify: { en: "verify", zh: "verify" },
	gradients: { en: "checkGradients", zh: "checkGradients" },
	runs: { en: "running…", zh: "运行中……" },
	holds: { en: "agrees", zh: "一致" },
	fails: { en: "not confirmed", zh: "未能确认" },
	undecided: { en: "not decided", zh: "未能判定" },
	verifyText: {
		en: "Each printed line, run by itself and compared with the engine and with finite differences:",
		zh: "逐行运行打印出来的程序，并与引擎和有限差分比较：",
	},
	gradientsText: {
		en: "The engine's gradients in both modes, to second order, compared with finite differences:",
		zh: "引擎的梯度（两种模式，直到二阶）与有限差分比较：",
	},
	costText: { en: "Operations and bytes of each line:", zh: "每一行的运算次数和字节数：" },
	compiledText: {
		en: "What `compile` makes of the loss and its gradients:",
		zh: "`compile` 把损失和梯度编译成的步骤：",
	},
	problem: { en: "Error", zh: "错误" },
	atLine: { en: " (line #)", zh: "（第 # 行）" },
	stopped: { en: "Stopped.", zh: "已停止。" },
	timeout: {
		en: "Stopped: the code took too long. Is there a loop that does not end?",
		zh: "已停止：代码运行时间太长。是否有不会结束的循环？",
	},
	flood: { en: "Stopped: the code sent too many messages.", zh: "已停止：代码发送了过多消息。" },
	inputs: { en: "Inputs", zh: "输入" },
	name: { en: "Name", zh: "名称" },
	axes: { en: "Axes", zh: "各轴" },
	kind: { en: "Elements", zh: "元素" },
	value: { en: "Value", zh: "值" },
	below: { en: "Below", zh: "上限（不含）" },
	gradient: { en: "Gradient", zh: "求梯度" },
	remove: { en: "Remove", zh: "删除" },
	add: { en: "Add an input", zh: "添加输入" },
	seed: { en: "Seed", zh: "随机种子" },
	dtype: { en: "dtype", zh: "dtype" },
	inputsNote: {
		en: "Inputs with a gradient are the first argument, as an object; the others follow in order.",
		zh: "要求梯度的输入组成一个对象，作为第一个参数；其余的按顺序排在后面。",
	},
	run: { en: "Run", zh: "运行" },
	pause: { en: "Pause", zh: "暂停" },
	step: { en: "Step", zh: "单步" },
	restart: { en: "Restart", zh: "重新开始" },
	rate: { en: "Learning rate", zh: "学习率" },
	computedOn: { en: "Computed on", zh: "计算于" },
	steps: { en: "step", zh: "步" },
	logarithmic: { en: "Logarithmic", zh: "对数坐标" },
	gradientNorm: { en: "gradient norm", zh: "梯度范数" },
	trainingNote: {
		en: "Each step moves the inputs that have a gradient a little against it.",
		zh: "每一步都把要求梯度的输入沿梯度的反方向移动一点。",
	},
	agrees: { en: "right", zh: "正确" },
	wrong: { en: "wrong", zh: "错误" },
	later: { en: "wrong, perhaps because of the first one", zh: "错误，可能由第一处错误引起" },
	missing: { en: "not returned yet", zh: "尚未返回" },
	ends: { en: "The backward pass stops with an error:", zh: "反向传播因错误而停止：" },
	noBackward: {
		en: "Export a function `backward` with the same arguments, which returns `{ grad_… }`: each line is checked here.",
		zh: "导出一个参数相同的函数 `backward`，返回 `{ grad_… }`：这里会检查每一行。",
	},
	allRight: { en: "All of it is right.", zh: "全部正确。" },
	hint: { en: "Hint", zh: "提示" },
	solution: { en: "Show a solution", zh: "显示答案" },
	again: { en: "Start again", zh: "重新开始" },
	nextLesson: { en: "Next lesson", zh: "下一课" },
	done: { en: "done", zh: "已完成" },
	question: { en: "The question", zh: "问题" },
} satisfies Record<string, Readonly<Record<Lang, string>>>;

export type Word = keyof typeof WORDS;

const KIND_WORDS: Readonly<Record<Kind, Readonly<Record<Lang, string>>>> = {
	normal: { en: "normal", zh: "正态随机" },
	uniform: { en: "uniform", zh: "均匀随机" },
	positive: { en: "positive", zh: "正数" },
	ones: { en: "ones", zh: "全 1" },
	signs: { en: "±1", zh: "±1" },
	bits: { en: "0 or 1", zh: "0 或 1" },
	oneHot: { en: "one-hot", zh: "one-hot" },
	probabilities: { en: "probabilities", zh: "概率" },
	whole: { en: "whole numbers", zh: "整数" },
	definite: { en: "positive definite", zh: "正定矩阵" },
	regular: { en: "invertible", zh: "可逆矩阵" },
	digits: { en: "digits", zh: "手写数字" },
	labels: { en: "their labels", zh: "数字的标签" },
	number: { en: "a number", zh: "一个数" },
	values: { en: "values", zh: "逐个给出" },
};

let lang: Lang = "en";

/** The language of the page. */
export function language(): Lang {
	return lang;
}

export function setLanguage(to: Lang): void {
	lang = to;
}

export function word(name: Word): string {
	return WORDS[name][lang];
}

export function kindWord(kind: Kind): string {
	return KIND_WORDS[kind][lang];
}

/** Writes the words of the page's own HTML. */
export function writeWords(): void {
	document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
	for (const part of document.querySelectorAll<HTMLElement>("[data-word]")) {
		part.textContent = word(part.dataset.word as Word);
	}
	for (const part of document.querySelectorAll<HTMLElement>("[data-label]")) {
		part.setAttribute("aria-label", word(part.dataset.label as Word));
	}
}
