import type { Lesson, Text } from "./lesson.ts";

/** A lesson as the menu shows it; what is in it comes when it is opened. */
export interface LessonEntry {
	readonly id: string;
	readonly title: Text;
	readonly load: () => Promise<Lesson>;
}

/** The lessons in order. */
export const LESSONS: readonly LessonEntry[] = [
	{
		id: "product",
		title: { en: "1 · One product", zh: "1 · 一个乘积" },
		load: async () => (await import("./product.ts")).product,
	},
	{
		id: "broadcast",
		title: { en: "2 · Sum and broadcast", zh: "2 · 求和与广播" },
		load: async () => (await import("./broadcast.ts")).broadcast,
	},
	{
		id: "two-layer-net",
		title: { en: "3 · The two-layer net", zh: "3 · 两层网络" },
		load: async () => (await import("./two-layer-net.ts")).twoLayerNet,
	},
	{
		id: "cross-entropy",
		title: { en: "4 · Softmax with cross-entropy", zh: "4 · softmax 与交叉熵" },
		load: async () => (await import("./cross-entropy.ts")).crossEntropy,
	},
	{
		id: "layer-norm",
		title: { en: "5 · Layer norm", zh: "5 · 层归一化" },
		load: async () => (await import("./layer-norm.ts")).layerNorm,
	},
	{
		id: "attention",
		title: { en: "6 · Attention", zh: "6 · 注意力" },
		load: async () => (await import("./attention.ts")).attention,
	},
	{
		id: "recurrent",
		title: { en: "7 · A recurrent loop", zh: "7 · 循环网络" },
		load: async () => (await import("./recurrent.ts")).recurrent,
	},
];
