import * as assert from "uvu/assert";
import {
	DTypeError,
	erf,
	erfc,
	exp,
	exp2,
	expm1,
	gelu,
	grad,
	jvp,
	log,
	log1p,
	log2,
	log10,
	logAddExp,
	logSigmoid,
	maximum,
	power,
	relu,
	ShapeError,
	sigmoid,
	silu,
	softplus,
	type Tensor,
	tanh,
	tensor,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

type Scalar = (x: Tensor) => Tensor;

/** f′, for a function of each element by itself. */
function derivative(f: Scalar): Scalar {
	return grad((x: Tensor) => f(x).sum());
}

/** The n-th derivative, reverse mode over reverse mode. */
function nth(f: Scalar, n: number): Scalar {
	return n === 0 ? f : derivative(nth(f, n - 1));
}

/** ∂f/∂x and ∂f/∂y at a point. */
function slopes(f: (x: Tensor, y: Tensor) => Tensor, x: number, y: number): number[] {
	const g = grad((v: Tensor[]) => f(v[0]!, v[1]!))([tensor(x), tensor(y)]);
	return g.map((t) => t.item());
}

suite("ops/exponential", (test) => {
	const x = tensor([-2.5, -0.5, 0.25, 4]);

	// Values from NumPy 2.4.
	test("exponentials and logarithms agree with NumPy", () => {
		near(exp(x), [0.0820849986238988, 0.6065306597126334, 1.2840254166877414, 54.598150033144236]);
		near(
			expm1(x),
			[-0.9179150013761013, -0.3934693402873666, 0.2840254166877415, 53.598150033144236],
		);
		near(exp2(x), [0.1767766952966369, Math.SQRT1_2, 1.189207115002721, 16]);
		const y = tensor([0.125, 0.5, 2, 10]);
		near(log(y), [-2.0794415416798357, -Math.LN2, Math.LN2, Math.LN10]);
		near(
			log1p(y),
			[0.11778303565638346, 0.4054651081081644, 1.0986122886681096, 2.3978952727983707],
		);
		near(log2(y), [-3, -1, 1, 3.321928094887362]);
		near(log10(y), [-0.9030899869919435, -0.3010299956639812, 0.3010299956639812, 1]);
	});

	// Values from SciPy 1.17: expit, log_expit, x·expit, x·ndtr; logaddexp of NumPy 2.4.
	test("the activations agree with SciPy", () => {
		near(
			sigmoid(x),
			[0.07585818002124355, 0.3775406687981454, 0.5621765008857981, 0.9820137900379085],
		);
		near(
			logSigmoid(x),
			[-2.5788897342925496, -0.9740769841801067, -0.5759394198788436, -0.018149927917809738],
		);
		near(
			tanh(x),
			[-0.9866142981514303, -0.46211715726000974, 0.24491866240370913, 0.999329299739067],
		);
		near(
			softplus(x),
			[0.07888973429254963, 0.4740769841801067, 0.8259394198788436, 4.0181499279178094],
		);
		near(
			silu(x),
			[-0.18964545005310887, -0.1887703343990727, 0.14054412522144952, 3.928055160151634],
		);
		near(
			gelu(x),
			[-0.01552416331444033, -0.15426876936299344, 0.14967658142073093, 3.9998733150326675],
		);
		same(relu(x), [0, 0, 0.25, 4]);
		near(logAddExp(tensor([0, 1000, -1000, 2]), tensor([0, 1001, -1001, -3])), [
			Math.LN2,
			1001.3132616875182,
			-999.6867383124818,
			2.0067153484891183,
		]);
	});

	test("expm1, log1p, softplus, logSigmoid, gelu and silu keep their digits where they are small", () => {
		near(expm1(1e-10).item() / 1.00000000005e-10, 1, 1e-15);
		near(log1p(1e-10).item() / 9.999999999500001e-11, 1, 1e-15);
		near(softplus(-40).item() / 4.248354255291589e-18, 1, 1e-15);
		near(logSigmoid(40).item() / -4.248354255291589e-18, 1, 1e-15);
		near(silu(-30).item() / -2.8072868906517896e-12, 1, 1e-15);
		// SciPy 1.17: −8·ndtr(−8).
		near(gelu(-8).item() / -4.976768459417392e-15, 1, 1e-14);
	});

	// At −∞, −10⁴, 10⁴ and ∞: the value and the derivative. The second derivative is 0 at ±10⁴ for
	// all.
	const far: Record<string, [f: Scalar, value: number[], first: number[]]> = {
		sigmoid: [sigmoid, [0, 0, 1, 1], [0, 0, 0, 0]],
		tanh: [tanh, [-1, -1, 1, 1], [0, 0, 0, 0]],
		softplus: [softplus, [0, 0, 1e4, inf], [0, 0, 1, 1]],
		logSigmoid: [logSigmoid, [-inf, -1e4, 0, 0], [1, 1, 0, 0]],
		silu: [silu, [0, 0, 1e4, inf], [0, 0, 1, 1]],
		gelu: [gelu, [0, 0, 1e4, inf], [0, 0, 1, 1]],
		relu: [relu, [0, 0, 1e4, inf], [0, 0, 1, 1]],
		erf: [erf, [-1, -1, 1, 1], [0, 0, 0, 0]],
		erfc: [erfc, [2, 2, 0, 0], [0, 0, 0, 0]],
	};
	for (const [name, [f, value, first]] of Object.entries(far)) {
		test(`${name} is stable far out, to second order and in both modes`, () => {
			const points = tensor([-inf, -1e4, 1e4, inf]);
			const ahead = (t: Tensor) => jvp(f, t, zeros(t.shape).add(1))[1];
			same(f(points), value);
			same(derivative(f)(points), first);
			same(ahead(points), first);
			for (const g of [derivative(f), ahead]) same(derivative(g)(tensor([-1e4, 1e4])), [0, 0]);
		});

		test(`${name} shows a NaN in value and derivative`, () => {
			same(f(tensor([nan])), [nan]);
			same(derivative(f)(tensor([nan])), [nan]);
		});
	}

	test("logAddExp does not overflow, and shares the gradient by weight", () => {
		same(logAddExp(tensor([-inf, inf, 1e4]), tensor([-inf, -inf, -1e4])), [-inf, inf, 1e4]);
		same(logAddExp(tensor([nan, 1]), tensor([1, nan])), [nan, nan]);
		near(slopes(logAddExp, 0, Math.log(3)), [0.25, 0.75], 1e-15);
		same(slopes(logAddExp, 2, 2), [0.5, 0.5]);
		same(slopes(logAddExp, 1e4, -1e4), [1, 0]);
		same(slopes(logAddExp, -inf, 5), [0, 1]);
	});

	test("logAddExp of two −∞ does not spoil a sum of which it is no part", () => {
		same(
			slopes((a, b) => logAddExp(logAddExp(a, b), 3), -inf, -inf),
			[0, 0],
		);
	});

	test("logarithms are −∞ at 0 and NaN below", () => {
		for (const f of [log, log2, log10]) {
			same(f(tensor([0, -1, inf])), [-inf, nan, inf]);
			same(derivative(f)(tensor([0, inf])), [inf, 0]);
		}
		same(log1p(tensor([-1, -2])), [-inf, nan]);
		same(derivative(log1p)(tensor([-1])), [inf]);
	});

	test("relu has derivative 0 at 0, where maximum(x, 0) has 1", () => {
		const points = tensor([-1, 0, 1]);
		same(derivative(relu)(points), [0, 0, 1]);
		same(derivative((t) => maximum(t, 0))(points), [0, 1, 1]);
	});

	// Values from NumPy 2.4.
	test("power agrees with NumPy, at awkward points too", () => {
		near(
			power(tensor([2, 0.5, 9, -8, 2.5]), tensor([10, 3, 0.5, 3, -1.5])),
			[1024, 0.125, 3, -512, 0.25298221281347033],
		);
		same(
			power(
				tensor([1, 1, -1, -1, nan, 0, 0, 0, -0, -0.5, inf]),
				tensor([nan, inf, inf, -inf, 0, 0, 2, -1, -1, 0.5, -1]),
			),
			[1, 1, 1, 1, 1, 1, 0, inf, -inf, nan, 0],
		);
	});

	test("a whole power is exact at 0 to any order", () => {
		const zero = tensor([0]);
		const factorials = [1, 1, 2, 6, 24];
		for (let n = 0; n <= 4; n++) {
			const f = (t: Tensor) => power(t, n);
			for (let order = 0; order <= 4; order++) {
				same(nth(f, order)(zero), [order === n ? factorials[n]! : 0]);
			}
			const ahead = (t: Tensor) => jvp(f, t, tensor([1]))[1];
			same(nth(ahead, 1)(zero), [n === 2 ? 2 : 0]);
		}
	});

	test("a tensor of exponents is exact at 0 too", () => {
		const f = (t: Tensor) => power(t, tensor([0, 1, 2, 3]));
		same(derivative(f)(zeros([4])), [0, 1, 0, 0]);
		same(nth(f, 2)(zeros([4])), [0, 0, 2, 0]);
	});

	test("a negative base has its derivatives for whole exponents", () => {
		near(nth((t) => power(t, 3), 1)(tensor([-2])), [12]);
		near(nth((t) => power(t, -2), 2)(tensor([-2])), [6 / 16]);
		same(slopes(power, -2, 0.5), [nan, nan]);
	});

	test("power(0, y) has derivative 0 in y, with exact mixed derivatives", () => {
		same(slopes(power, 0, 2), [0, 0]);
		same(slopes(power, 0, 1), [1, 0]);
		same(slopes(power, 0, 0.5), [inf, 0]);
		same(slopes(power, 0, 0), [0, 0]);
		const dy = (a: Tensor, b: Tensor) => grad((t: Tensor) => power(a, t))(b);
		same(slopes(dy, 0, 2), [0, 0]);
		const dx = (a: Tensor, b: Tensor) => grad((t: Tensor) => power(t, b))(a);
		same(slopes(dx, 0, 2), [2, 0]);
	});

	test("power of integers is an integer, or refused", () => {
		const int = tensor([2, -3], { dtype: "int32" });
		same(power(int, 3), [8, -27]);
		assert.is(power(int, 3).dtype, "int32");
		assert.is(power(int, tensor([0.5])).dtype, "float64");
		refuses(() => power(int, -1), DTypeError, "power: the result");
		refuses(() => power(int, 31), DTypeError, "power: the result");
	});

	test("integers and bools give float64, float32 stays float32; relu keeps integers", () => {
		const functions = [
			exp,
			expm1,
			exp2,
			log,
			log1p,
			log2,
			log10,
			sigmoid,
			logSigmoid,
			tanh,
			softplus,
		];
		for (const f of [...functions, silu, gelu, erf, erfc]) {
			assert.is(f(tensor([1], { dtype: "int32" })).dtype, "float64");
			assert.is(f(tensor([true])).dtype, "float64");
			assert.is(f(tensor([1], { dtype: "float32" })).dtype, "float32");
		}
		assert.is(relu(tensor([-1], { dtype: "int32" })).dtype, "int32");
	});

	test("float32 results are float64 results rounded once, but for functions with a form of their own", () => {
		const narrow = tensor([0.1, 0.7], { dtype: "float32" });
		for (const f of [expm1, softplus, silu, erf]) {
			same(f(narrow), f(narrow.astype("float64")).astype("float32"));
		}
	});

	test("power and logAddExp broadcast, or refuse", () => {
		same(power(tensor([[2], [3]]), tensor([1, 2])), [
			[2, 4],
			[3, 9],
		]);
		refuses(
			() => power(zeros([2]), zeros([3])),
			ShapeError,
			"power: expected shapes that broadcast",
		);
		const narrow = tensor([1], { dtype: "float32" });
		refuses(() => logAddExp(narrow, tensor([1])), DTypeError, "logAddExp: expected tensors of one");
	});

	test("no elements give no elements", () => {
		for (const f of [exp, log, gelu, relu]) {
			assert.equal(f(zeros([0])).shape, [0]);
			assert.equal(derivative(f)(zeros([3, 0])).shape, [3, 0]);
		}
	});

	test("what lacks a value is refused", () => {
		const text = "1" as unknown as number;
		refuses(() => exp(text), DTypeError, 'exp: expected a tensor or a number, got "1"');
	});
});
