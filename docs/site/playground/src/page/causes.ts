// What `checkManual` says, in Chinese. It speaks English; each of its sentences has a row here, and
// a test reads them off its sources.
import { errorInChinese } from "./errors.ts";

/** Patterns of sentences, with what `$1` and so on stand for; a part may be a sentence itself. */
const SENTENCES: readonly (readonly [pattern: RegExp, chinese: string])[] = [
	[/^likely cause: (.*)$/, "可能的原因：$1"],
	[/^it is (\S+), and should be (.*)$/, "它是 $1，应为 $2"],
	[/^(\[.*\]) is (\S+), and should be (.*)$/, "位置 $1 处是 $2，应为 $3"],
	[/^(\S+) has shape (.*), but (\S+) has shape (.*)$/, "$1 的形状是 $2，而 $3 的形状是 $4"],
	[/^the sign is wrong, and (.*)$/, "符号错了，并且$1"],
	[/^the sign is wrong$/, "符号错了"],
	[/^a factor 2 is missing$/, "缺少因子 2"],
	[/^a factor ½ is missing \(or a 2 is too many\)$/, "缺少因子 ½（或多了一个 2）"],
	[/^a factor (\S+) is missing, (.*): (a .*)$/, "缺少因子 $1（$2）：$3"],
	[/^a mean where a sum belongs$/, "该用求和的地方用了平均"],
	[/^a sum where a mean belongs$/, "该用平均的地方用了求和"],
	[/^the size of axis (\S+) of (.*)$/, "$2 的轴 $1 的大小"],
	[/^the number of elements of (.*)$/, "$1 的元素个数"],
	[/^a constant factor (\S+) is missing$/, "缺少常数因子 $1"],
	[/^a \.T is missing: (grad_\S+) is (.*)$/, "缺少一个 .T：$1 应为 $2"],
	[/^(.*): it is (.*), and (.*) agrees$/, "$1：写的是 $2，应为 $3"],
	[/^a \.T is missing$/, "缺少一个 .T"],
	[/^a \.T is too many$/, "多了一个 .T"],
	[/^the \.T is at the wrong factor$/, "转置加错了因子"],
	[
		/^(?:it|the gradient) is .*: a \.T is missing, or one too many$/,
		"梯度被转置了：少了或多了一个 .T",
	],
	[
		/^the sum over the axes along which it was broadcast is missing$/,
		"它曾沿某些轴广播：缺少沿这些轴的求和",
	],
	[
		/^a mask is missing: (\S+) of (\S+) elements .*$/,
		"缺少掩码：$2 个元素中有 $1 个应为 0，其余正确",
	],
	[
		/^a mask too many, .*: (\S+) of (\S+) elements .*$/,
		"多了一个掩码，或丢失了一部分梯度：$2 个元素中有 $1 个不应为 0，其余正确",
	],
	[/^the gradient is 0 altogether: .*$/, "梯度全为 0：结果与参数之间的联系被切断了"],
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
	[/^the linear map itself is applied where .*$/, "应该用线性映射的转置，却用了映射本身"],
	[/^of its (\S+) uses only one .*$/, "它被使用了 $1 次，却只算了其中一次：各次的梯度要相加"],
	[/^one of its (\S+) uses does not .*$/, "它被使用了 $1 次，其中一次没有算进去：各次的梯度要相加"],
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

/** A sentence as a reader of this page wants it: shorter numbers, inputs by their names. */
export function plainly(sentence: string): string {
	return sentence
		.replaceAll(/-?\d+\.\d{6,}/g, (number) => String(Number(Number(number).toPrecision(6))))
		.replaceAll(/\bargs\[0\]\./g, "");
}
