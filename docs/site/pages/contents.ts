/** A text in both languages of the site. */
export interface Bilingual {
	readonly en: string;
	readonly zh: string;
}

export type Lang = keyof Bilingual;

export const LANGS: readonly Lang[] = ["en", "zh"];

/** A page of the navigation: where it lies on the site, without ending, and what it is called. */
export interface Entry {
	readonly page: string;
	readonly title: Bilingual;
}

export interface Section {
	readonly title: Bilingual;
	readonly entries: readonly Entry[];
}

const entry = (page: string, en: string, zh: string): Entry => ({ page, title: { en, zh } });

/** What the documentation has, in the order in which one reads it. */
export const sections: readonly Section[] = [
	{
		title: { en: "First steps", zh: "入门" },
		entries: [
			entry("overview", "Overview", "概览"),
			entry("tutorial", "Tutorial", "教程"),
			entry("examples", "Examples", "示例程序"),
			entry("coming-from-pytorch-or-jax", "Coming from PyTorch or JAX", "从 PyTorch 或 JAX 转来"),
		],
	},
	{
		title: { en: "How gradients come about", zh: "梯度的由来" },
		entries: [
			entry("derivation", "How a gradient comes about", "梯度是怎样得来的"),
			entry("deriving", "Derive your own function", "推导你自己的函数"),
			entry("gallery", "Gallery", "梯度示例集"),
			entry("rules", "The rules", "微分规则"),
		],
	},
	{
		title: { en: "Functions", zh: "函数" },
		entries: [
			entry("transforms", "Transforms", "变换"),
			entry("time-and-batches", "Time and batches", "时间与批量"),
			entry("indexing", "Indexing", "索引"),
			entry("linear-algebra", "Linear algebra", "线性代数"),
			entry("fourier", "Fourier transforms", "傅里叶变换"),
			entry("special-functions", "Special functions", "特殊函数"),
			entry("statistics", "Statistics and searching", "统计与查找"),
			entry("distributions", "Distributions", "概率分布"),
		],
	},
	{
		title: { en: "Models", zh: "模型" },
		entries: [
			entry("models", "Models and training", "模型与训练"),
			entry("testing-gradients", "Testing gradients", "检验梯度"),
		],
	},
	{
		title: { en: "Speed", zh: "速度" },
		entries: [
			entry("compile", "Compiling", "编译"),
			entry("webgpu", "On the GPU", "在 GPU 上运行"),
			entry("scale", "Beyond one machine", "不止一台机器"),
			entry("performance", "Performance", "性能"),
		],
	},
	{
		title: { en: "The project", zh: "项目" },
		entries: [
			entry("adding-an-op", "Adding an op", "添加一个运算"),
			entry("architecture", "Architecture", "架构"),
			entry("names", "Names in JAX and Optax", "JAX 和 Optax 的名称"),
			entry("contributing", "Contributing", "参与开发"),
			entry("changelog", "Changelog", "更新记录"),
		],
	},
];
