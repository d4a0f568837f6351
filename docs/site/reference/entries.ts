import type { Bilingual } from "../pages/contents.ts";

const both = (en: string, zh: string): Bilingual => ({ en, zh });

/** What each entry of the package is for. */
export const entries: Readonly<Record<string, Bilingual>> = {
	adjoint: both("Everything, with ops as methods of tensors.", "全部内容，运算也是张量的方法。"),
	"adjoint/functions": both(
		"The same exports, with ops as functions only, for small bundles.",
		"导出相同，但运算只是函数，便于减小打包体积。",
	),
	"adjoint/derivation": both("Gradients, derived line by line.", "逐行推导梯度。"),
	"adjoint/nn": both("Layers, compositions, initializers, losses.", "层、组合、初始化、损失函数。"),
	"adjoint/optim": both("Optimizers and schedules.", "优化器与学习率调度。"),
	"adjoint/train": both("The training loop.", "训练循环。"),
	"adjoint/data": both("Rows, batches, splits, CSV.", "样本、批次、划分、CSV。"),
	"adjoint/random": both("Random numbers from keys.", "由密钥产生的随机数。"),
	"adjoint/distributions": both("Probability distributions.", "概率分布。"),
	"adjoint/ode": both("Differential equations.", "常微分方程。"),
	"adjoint/compile": both("Whole steps as WebAssembly.", "把整个训练步编译成 WebAssembly。"),
	"adjoint/webgpu": both("The same on the GPU.", "在 GPU 上运行。"),
	"adjoint/export": both("Programs for other engines.", "为其他引擎写出程序。"),
	"adjoint/export/onnx": both("Models as files for ONNX.", "把模型写成 ONNX 文件。"),
	"adjoint/io": both("Files of arrays, saving and loading.", "数组文件，保存与载入。"),
	"adjoint/plot": both("Charts as SVG and in the terminal.", "SVG 图表与终端图表。"),
	"adjoint/check": both("Laws and checks of ops and gradients.", "对运算与梯度的各种检验。"),
	"adjoint/check/gradients": both("The checks of gradients alone.", "只检验梯度。"),
	"adjoint/scalar": both("Formulas of one element.", "单个元素的公式。"),
};

/** The parts of the entry `adjoint`, by the folder of the library that they come from. */
export const parts: Readonly<Record<string, { readonly page: string; readonly title: string }>> = {
	core: { page: "tensors", title: "Tensors" },
	structure: { page: "layout", title: "Layout" },
	ops: { page: "ops", title: "Ops" },
	"ops/linalg": { page: "linear-algebra", title: "Linear algebra" },
	"ops/images": { page: "images", title: "Images and volumes" },
	"ops/fourier": { page: "fourier", title: "Fourier transforms" },
	"ops/statistics": { page: "statistics", title: "Statistics and searching" },
	"ops/special": { page: "special-functions", title: "Special functions" },
	autodiff: { page: "transforms", title: "Transforms" },
	control: { page: "control", title: "Loops and branches" },
	equations: { page: "equations", title: "Equations" },
	kinds: { page: "own-ops", title: "Ops of your own" },
};

/** Folders whose few exports stand with those of another. */
export const beside: Readonly<Record<string, string>> = {
	"": "kinds",
	kernels: "kinds",
	scalar: "kinds",
};
