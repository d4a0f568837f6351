// What `checkManual` says, in Chinese. It speaks English; each of its sentences has a row here, and
// a test reads them off its sources.
import { errorInChinese } from "./errors.ts";
import { language } from "./words.ts";

/** Patterns of sentences, with what `$1` and so on stand for; a part may be a sentence itself. */
const SENTENCES: readonly (readonly [pattern: RegExp, chinese: string])[] = [
	[/^likely cause: (.*)$/, "可能的原因：$1"],
	[/^it is (-?[\d.e+-]+), and should be (.*)$/, "它是 $1，应为 $2"],
	[/^(\[.*\]) is (\S+), and should be (.*)$/, "位置 $1 处是 $2，应为 $3"],
	[/^(\S+) has shape (.*), but (\S+) has shape (.*)$/, "$1 的形状是 $2，而 $3 的形状是 $4"],

	// Factors and terms.
	[/^the sign is wrong, and (.*)$/, "符号错了，并且$1"],
	[/^the sign is wrong$/, "符号错了"],
	[/^a factor ½ is missing \(or a 2 is too many\)$/, "缺少因子 ½（或多了一个 2）"],
	[/^a factor (\S+) is missing, (.*): (a .*)$/, "缺少因子 $1（$2）：$3"],
	[/^a factor (\S+) is missing: (\S+) is (.*)$/, "缺少因子 $1：$2 是 $3"],
	[/^a factor (\S+) is missing$/, "缺少因子 $1"],
	[/^a factor (\S+) is too many, .*$/, "多了因子 $1，或少除了一次 $1"],
	[/^a constant factor (\S+) is missing$/, "缺少常数因子 $1"],
	[/^in the sum, a factor (\S+) is missing$/, "被求和的各项缺少因子 $1"],
	[/^in the sum, a factor (\S+) is too many$/, "被求和的各项多了因子 $1"],
	[/^(\S+) is added, and does not belong there$/, "多加了 $1"],
	[/^(\S+) is missing from the sum$/, "少加了 $1"],
	[/^a mean where a sum belongs$/, "该用求和的地方用了平均"],
	[/^a sum where a mean belongs$/, "该用平均的地方用了求和"],
	[/^the size of axis (\S+) of (.*)$/, "$2 的轴 $1 的大小"],
	[/^the number of elements of (.*)$/, "$1 的元素个数"],
	[/^it is the gradient by (\S+), not by (\S+)$/, "这是对 $1 的梯度，而不是对 $2 的梯度"],

	// Products.
	[/^(.*: grad_.*), or (.*: grad_.*)$/, "$1；或者$2"],
	[/^(.*): it is (.*), and (.*) agrees$/, "$1：写的是 $2，应为 $3"],
	[/^(.*): (grad_\S+) is (.*)$/, "$1：$2 应为 $3"],
	[/^a \.T is missing$/, "缺少一个 .T"],
	[/^a \.T is too many$/, "多了一个 .T"],
	[/^the \.T is at the wrong factor$/, "转置加错了因子"],
	[/^the factors are in the wrong order$/, "两个因子的顺序反了"],
	[/^one factor is not the right one$/, "有一个因子不对"],
	[/^the gradient is transposed$/, "梯度被转置了"],
	[/^one of the two is transposed$/, "其中一个被转置了"],
	[
		/^(?:it|the gradient) is .*: a \.T is missing, or one too many$/,
		"梯度被转置了：少了或多了一个 .T",
	],
	[/^the linear map itself is applied where .*$/, "应该用线性映射的转置，却用了映射本身"],

	// Sums and axes.
	[
		/^the sum over the axes along which it was broadcast is missing$/,
		"它曾沿某些轴广播：缺少沿这些轴的求和",
	],
	[/^the sum along (.*) is missing$/, "缺少沿$1的求和"],
	[/^it is summed along (.*), and should be along (.*)$/, "现在是沿$1求和，应当沿$2求和"],
	[/^the sum in it runs along (.*), and should along (.*)$/, "其中的求和沿$1进行，应当沿$2进行"],
	[/^what is summed in it is not right$/, "其中求和的内容不对"],
	[/^ax[ie]s (.*)$/, "轴 $1 "],
	[
		/^(\{ keepDims: true \}) is missing, which makes (\S+) of (\S+)$/,
		"缺少 $1：加上它，$3 就会成为 $2",
	],
	[
		/^it has an axis of size 1 too many, which (\{.*\}) leaves; its numbers agree$/,
		"数值正确，但多了一个大小为 1 的轴：它是 $1 留下的",
	],
	[
		/^it lacks an axis of size 1, which (\{.*\}) leaves; its numbers agree$/,
		"数值正确，但少了一个大小为 1 的轴：用 $1 可以保留它",
	],

	// Masks.
	[
		/^a mask is missing: (\S+) of (\S+) elements .*$/,
		"缺少掩码：$2 个元素中有 $1 个应为 0，其余正确",
	],
	[
		/^a mask too many, .*: (\S+) of (\S+) elements .*$/,
		"多了一个掩码，或丢失了一部分梯度：$2 个元素中有 $1 个不应为 0，其余正确",
	],
	[
		/^a mask is at the wrong elements: of (\S+), (\S+) should be 0 and (\S+) should not, .*$/,
		"掩码放错了位置：$1 个元素中有 $2 个应为 0，另有 $3 个不应为 0，其余正确",
	],
	[/^the gradient is 0 altogether: .*$/, "梯度全为 0：结果与参数之间的联系被切断了"],

	// Uses of a value.
	[
		/^of the (\S+) uses of (\S+) only (.*) contributes: .*$/,
		"$2 被用了 $1 次，却只算了$3：各次的梯度要相加",
	],
	[
		/^of the (\S+) uses of (\S+) (.*) does not contribute: .*$/,
		"$2 被用了 $1 次，$3没有算进去：各次的梯度要相加",
	],
	[/^of the (\S+) uses of (\S+) only (.*) is wrong: (.*)$/, "$2 被用了 $1 次，只有$3错了：$4"],
	[/^one$/, "其中一次"],
	[/^the one in the (numerator|first term|sum) of (\S+)$/, " $2 的$1那一次"],
	[/^the one in (\S+)$/, " $1 那一次"],
	[/^numerator$/, "分子"],
	[/^first term$/, "第一项"],
	[/^sum$/, "求和项"],
	[
		/^only the part of the cotangent at index (\S+) of axis (\S+) arrives: .*$/,
		"只有轴 $2 上位置 $1 的梯度传到了这里：参数曾沿该轴广播，缺少沿该轴的求和",
	],
	[
		/^the cotangent at index (\S+) of axis (\S+) is used for all .*$/,
		"轴 $2 上位置 $1 的梯度被用在了所有位置上，好像整个批次都一样",
	],
	[
		/^the cotangent itself is missing from the sum: .*$/,
		"和中缺少上游的梯度本身：有一处使用的梯度丢失了",
	],
];

/** The sentence in Chinese; one that is not known stays as it is. */
export function inChinese(sentence: string): string {
	for (const [pattern, chinese] of SENTENCES) {
		const found = pattern.exec(sentence);
		if (found === null) continue;
		return chinese.replaceAll(/\$(\d)/g, (_, i) => inChinese(found[Number(i)] ?? "…"));
	}
	return errorInChinese(sentence) ?? sentence;
}

/** What the library says, as a reader of this page wants it, in the language of the page. */
export function said(sentence: string): string {
	const text = plainly(sentence);
	return language() === "zh" ? inChinese(text) : text;
}

/** A sentence as a reader of this page wants it: shorter numbers, inputs by their names. */
export function plainly(sentence: string): string {
	return sentence
		.replace(/( is .*, and should be \S+) ± \S+$/, "$1")
		.replaceAll(/-?\d+\.\d{6,}/g, (number) => String(Number(Number(number).toPrecision(6))))
		.replaceAll(/\bargs\[0\]\./g, "");
}
