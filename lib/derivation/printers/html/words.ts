import type { Lang } from "../../text/headings.ts";

/** The words of the page beside the derivation itself. */
export interface PageWords {
	readonly title: (result: string) => string;
	readonly intro: string;
	readonly graph: string;
	readonly graphNote: string;
	/** Said in place of the graph of a derivation with loops or branches. */
	readonly noGraph: string;
	readonly lines: string;
	readonly rule: string;
	readonly reason: string;
	readonly values: string;
	readonly operations: string;
	readonly heatMap: string;
	readonly heatMapOfPart: (rows: number, columns: number) => string;
	readonly heatNote: string;
	/** The buttons that go through the backward pass, and what is said beside them. */
	readonly steps: string;
	readonly back: string;
	readonly next: string;
	readonly all: string;
	/** `#` stands for the number of the line. */
	readonly step: (lines: number) => string;
	readonly smaller: string;
	readonly larger: string;
}

/** The words of the page in each language. */
export const PAGE_WORDS: Readonly<Record<Lang, PageWords>> = {
	en: {
		title: (result) => `The gradient of ${result}, line by line`,
		intro:
			"The forward pass runs from top to bottom. The backward pass, numbered, runs from bottom to top: each of its lines stands beside the forward line that it comes from.",
		graph: "Graph",
		graphNote: "Left: forward, downwards. Right: gradients, upwards.",
		noGraph:
			"There is no graph of a derivation with loops or branches: a line of a loop stands for one at every step, and a line of a branch may not run. For the same reason these lines show no values.",
		lines: "Lines",
		rule: "The differential",
		reason: "Why?",
		values: "Values",
		operations: "Signs",
		heatMap: "Its values as colours",
		heatMapOfPart: (rows, columns) =>
			`Its values as colours: the first ${rows} rows and ${columns} columns`,
		heatNote:
			"The small pictures are values: blue below 0, orange above 0, deeper where the absolute value is larger.",
		steps: "The backward pass, one line at a time",
		back: "Back",
		next: "Next line",
		all: "Show all",
		step: (lines) => `line # of ${lines}`,
		smaller: "Smaller",
		larger: "Larger",
	},
	zh: {
		title: (result) => `${result} 的梯度，逐行推导`,
		intro: "前向传播自上而下；反向传播按编号自下而上，每一行都排在它所对应的前向那一行旁边。",
		graph: "计算图",
		graphNote: "左：前向，自上而下。右：梯度，自下而上。",
		noGraph:
			"含有循环或分支的推导没有计算图，因为循环中的一行代表每一步的一行，而分支中的一行不一定执行；这些行也因此不显示数值。",
		lines: "各行",
		rule: "微分",
		reason: "为什么？",
		values: "数值",
		operations: "记号",
		heatMap: "用颜色表示的数值",
		heatMapOfPart: (rows, columns) => `用颜色表示的数值：前 ${rows} 行、前 ${columns} 列`,
		heatNote: "小图表示数值：蓝色为负，橙色为正，颜色越深，绝对值越大。",
		steps: "逐行查看反向传播",
		back: "上一行",
		next: "下一行",
		all: "全部显示",
		step: (lines) => `第 # 行，共 ${lines} 行`,
		smaller: "缩小",
		larger: "放大",
	},
};
