import type { Lang } from "../../text/headings.ts";

/** The words of the page beside the derivation itself. */
export interface PageWords {
	readonly title: (result: string) => string;
	readonly intro: string;
	readonly graph: string;
	readonly graphNote: string;
	readonly lines: string;
	readonly rule: string;
	readonly reason: string;
	readonly values: string;
	readonly operations: string;
}

/** The words of the page in each language. */
export const PAGE_WORDS: Readonly<Record<Lang, PageWords>> = {
	en: {
		title: (result) => `The gradient of ${result}, line by line`,
		intro:
			"The forward pass runs from top to bottom. The backward pass, numbered, runs from bottom to top: each of its lines stands beside the forward line that it comes from.",
		graph: "Graph",
		graphNote: "Left: forward, downwards. Right: gradients, upwards.",
		lines: "Lines",
		rule: "The differential",
		reason: "Why?",
		values: "Values",
		operations: "Signs",
	},
	zh: {
		title: (result) => `${result} 的梯度，逐行推导`,
		intro: "前向传播自上而下；反向传播按编号自下而上，每一行都排在它所对应的前向那一行旁边。",
		graph: "计算图",
		graphNote: "左：前向，自上而下。右：梯度，自下而上。",
		lines: "各行",
		rule: "微分",
		reason: "为什么？",
		values: "数值",
		operations: "记号",
	},
};
