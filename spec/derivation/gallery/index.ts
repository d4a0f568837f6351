import type { Bilingual, Entry } from "./entry.ts";
import { attention } from "./families/attention.ts";
import { convolution } from "./families/convolution.ts";
import { gates } from "./families/gates.ts";
import { latent } from "./families/latent.ts";
import { layers } from "./families/layers.ts";
import { likelihoods } from "./families/likelihoods.ts";
import { losses } from "./families/losses.ts";
import { lstm } from "./families/lstm.ts";
import { matrices } from "./families/matrices.ts";
import { nets } from "./families/nets.ts";
import { norms } from "./families/norms.ts";
import { probability } from "./families/probability.ts";
import { recurrent } from "./families/recurrent.ts";
import { secondOrder } from "./families/second-order.ts";
import { similarity } from "./families/similarity.ts";
import { systems } from "./families/systems.ts";
import { time } from "./families/time.ts";

/** Entries that belong together: a page of the documents. */
export interface Family {
	/** As in the name of its file and of its page. */
	readonly name: string;
	readonly title: Bilingual;
	readonly entries: readonly Entry[];
}

const family = (name: string, en: string, zh: string, entries: readonly Entry[]): Family => ({
	name,
	title: { en, zh },
	entries,
});

/** The gallery, a family at a time. */
export const families: readonly Family[] = [
	family("nets", "Networks", "网络", nets),
	family("layers", "Layers", "层", layers),
	family("gates", "Gates and activations", "门与激活函数", gates),
	family("losses", "Losses", "损失函数", losses),
	family("likelihoods", "Likelihoods and preferences", "似然与偏好", likelihoods),
	family("norms", "Normalization", "归一化", norms),
	family("similarity", "Norms and similarity", "范数与相似度", similarity),
	family("attention", "Softmax and attention", "softmax 与注意力", attention),
	family("recurrent", "Recurrent cells", "循环单元", recurrent),
	family("lstm", "LSTM", "LSTM", lstm),
	family("time", "Loops over time", "随时间的循环", time),
	family("convolution", "Convolution and windows", "卷积与窗口", convolution),
	family("matrices", "The matrix cookbook", "矩阵求导手册", matrices),
	family("systems", "Products and systems", "矩阵乘积与方程组", systems),
	family("probability", "Probability and decisions", "概率与决策", probability),
	family("latent", "Latent variables", "隐变量", latent),
	family("second-order", "Second derivatives", "二阶导数", secondOrder),
];

/** Every entry of the gallery. */
export const gallery: readonly Entry[] = families.flatMap(({ entries }) => entries);
