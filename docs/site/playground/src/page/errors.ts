// What the library's most common errors say, in Chinese. A spec throws each of them, so that a
// message that was changed is changed here, too.

const SHAPE = "(\\([^()]*\\))";

/** Patterns of messages, with what `$1` and so on stand for. */
const ERRORS: readonly (readonly [pattern: RegExp, chinese: string])[] = [
	[
		new RegExp(`^(\\w+): expected shapes that broadcast together, got ${SHAPE} and ${SHAPE}`),
		"$1：形状 $2 与 $3 不能一起广播。从最后一个轴数起，对应的大小必须相等，或者其中一个是 1。",
	],
	[
		/^dot: expected the inner sizes to match, got (.*)$/,
		"dot：$1 内侧的两个大小不相等。左边最后一个轴的大小应当等于右边倒数第二个轴（向量则是唯一的轴）的大小；也许少了一个 .T。",
	],
	[
		new RegExp(`^reshape: expected a shape of (\\d+) elements, got ${SHAPE} for .* ${SHAPE}$`),
		"reshape：形状 $3 有 $1 个元素，不能改成 $2。元素个数必须不变；最多一个大小可以写成 −1，由其余的大小算出。",
	],
	[
		new RegExp(
			`^reshape: -1 can be no size in ${SHAPE}, since (\\d+) does not divide the (\\d+) .* ${SHAPE}$`,
		),
		"reshape：形状 $1 中的 −1 无法确定：形状 $4 有 $3 个元素，不能被 $2 整除。",
	],
	[
		/^(\w+): axis (\S+) is out of range for a tensor of rank (\d+) \(from (\S+) to (\S+)\)$/,
		"$1：张量只有 $3 个轴，轴 $2 不存在；轴的编号是 $4 到 $5。",
	],
	[
		/^(\w+): index (\S+) is out of range for axis (\d+) of size (\d+)$/,
		"$1：轴 $3 的大小是 $4，下标 $2 超出了范围。",
	],
	[
		new RegExp(`^slice: expected at most (\\d+) ranges for shape ${SHAPE}, got (\\d+)$`),
		"slice：形状 $2 最多可以给出 $1 个范围，而这里有 $3 个。",
	],
	[
		new RegExp(`^permute: expected each axis of ${SHAPE} once, got (.*)$`),
		"permute：$1 的每个轴都应出现一次，而这里是 $2。",
	],
	[
		/^concat: expected shapes that differ only along axis (\d+), got (.*)$/,
		"concat：沿轴 $1 拼接时，各形状只能在这个轴上不同，而这里是 $2。",
	],
	[
		/^stack: expected tensors of one shape, got (.*)$/,
		"stack：要堆叠的张量形状必须相同，而这里是 $1。",
	],
	[
		/^squeeze: axis (\d+) has size (\d+), expected 1, in shape (.*)$/,
		"squeeze：只能去掉大小为 1 的轴，而 $3 的轴 $1 大小是 $2。",
	],
	[
		/^split: expected a number of equal parts that divides axis (\d+) of size (\d+), got ([^;]*);.*$/,
		"split：轴 $1 的大小是 $2，不能等分成 $3 份；要分成不等的几份，请给出切分的位置。",
	],
	[
		/^(\w+): expected a square matrix or a batch of them, got shape (.*)$/,
		"$1：需要方阵（或一批方阵），而这里的形状是 $2。",
	],
	[
		/^(\w+): expected a matrix or a batch of matrices, got shape (.*)$/,
		"$1：需要矩阵（或一批矩阵），而这里的形状是 $2。",
	],
	[
		/^cholesky: expected positive definite matrices, .*$/,
		"cholesky：需要正定矩阵，而这个矩阵不是正定的。",
	],
	[
		/^einsum: the label (\S+) has both size (\d+) and size (\d+) in (.*)$/,
		"einsum：在 $4 中，下标 $1 的大小既是 $2 又是 $3，两者应当相等。",
	],
	[
		/^tensor: expected nested arrays of one shape, but arrays of (\d+) and of (\d+) elements .*$/,
		"tensor：嵌套数组的各行必须一样长，而这里有的是 $1 个元素，有的是 $2 个。",
	],
	[
		/^item: expected exactly one element, got shape (.*); use .*$/,
		"item：只有一个元素的张量才能取出数值，而这里的形状是 $1。可以改用 toArray()，或先求和、求平均。",
	],
	[
		/^(\w+): expected a float scalar result, got (\w+) (\([^()]*\)); .*$/,
		"$1：函数的结果必须是一个浮点标量，而这里是 $2 $3。请用 sum() 或 mean() 归约。",
	],
	[
		/^(\w+): argument(.*) is (\w+) .*, and only float tensors have derivatives; .*$/,
		'$1：参数$2的类型是 $3，只有浮点张量才有导数。请用 .astype("float64") 转换，或把它放到后面的参数里。',
	],
	[
		/^(\w+): expected a tensor or a number, got (.*); wrap arrays in .*$/,
		"$1：需要张量或数，而这里得到 $2。数组要写成 tensor(…)。",
	],
	[
		/^(\w+): expected tensors of one float dtype, got (\w+) and (\w+); .*$/,
		"$1：两个张量的浮点类型必须相同，而这里是 $2 与 $3。请用 .astype(…) 转换其中一个。",
	],
	[
		/^(\w+): expected int32 indices, got (\w+), .*$/,
		'$1：下标的类型必须是 int32，而这里是 $2。请用 .astype("int32") 转换。',
	],
	[
		/^scan: expected carry to keep its type, (\w+ \([^()]*\)), got (\w+ \([^()]*\)) after a step; .*$/,
		"scan：循环中传递的量在每一步之后类型和形状都要保持不变：开始时是 $1，一步之后却是 $2。",
	],
	[
		/^Number: expected exactly one element, got shape (\S+); .*$/,
		"形状为 $1 的张量不能当作一个数：JavaScript 的 + - * / < 只用于数，张量要写 a.add(b)、a.sub(b)、a.mul(b)、a.div(b)、a.less(b)。",
	],
	[
		/^checkManual: there is nothing of which (\S+) could be the gradient; there are (.*), and .*$/,
		"没有哪个量的梯度叫 $1；这里有 $2。",
	],
	[/^(\S+) is not defined$/, "$1 没有定义。"],
	[/^(\S+) is not a function$/, "没有 $1 这个函数。"],
	[
		/^Cannot read properties of undefined \(reading '(.*)'\)$/,
		"无法读取 .$1：前面的量是 undefined。",
	],
	[/^Unexpected token, expected (.*)$/, "语法错误：这里应为 $1。"],
	[/^Unexpected token$/, "语法错误：这里多了什么，或者少了什么。"],
];

/** What a message of an error says, in Chinese; null for one that is not known. */
export function errorInChinese(message: string): string | null {
	for (const [pattern, chinese] of ERRORS) {
		const found = pattern.exec(message);
		if (found !== null) return chinese.replaceAll(/\$(\d)/g, (_, i) => found[Number(i)]!);
	}
	return null;
}
