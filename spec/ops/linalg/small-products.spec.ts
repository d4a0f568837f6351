import {
	add,
	cholesky,
	choleskySolve,
	cross,
	DomainError,
	eye,
	grad,
	hessian,
	inner,
	inverse,
	kron,
	matrixPower,
	ShapeError,
	slogDet,
	stack,
	type Tensor,
	tensor,
	trace,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const a = tensor([
	[2, -1, 0.5],
	[1, 3, -2],
	[0.25, 1, 1.5],
]);
const b = tensor([
	[1, 2],
	[3, 4],
]);

suite("ops/linalg/small-products", (test) => {
	test("trace sums a diagonal, of the first two axes or of those that are said", () => {
		same(trace(a), 6.5);
		same(trace(a, { offset: 1 }), -3);
		same(trace(stack([a, a.mul(2)]), { axes: [-2, -1] }), [6.5, 13]);
		same(grad((t: Tensor) => trace(t))(a), eye(3));
		refuses(() => trace(tensor([1])), ShapeError, "trace: expected at least two axes");
	});

	test("kron puts a block for each element, and adds axes in front where there are fewer", () => {
		same(kron(b, tensor([[1, 10]])), [
			[1, 10, 2, 20],
			[3, 30, 4, 40],
		]);
		same(kron(tensor([1, 2]), tensor([1, 3])), [1, 3, 2, 6]);
		same(kron(2, b), b.mul(2));
		same(kron(b, tensor([1, 0])), [
			[1, 0, 2, 0],
			[3, 0, 4, 0],
		]);
		same(kron(zeros([0, 2]), b).shape, [0, 4]);
		// (A ⊗ B)·vec(X) = vec(A·X·Bᵀ), row by row.
		const x = tensor([
			[1, -1],
			[0.5, 2],
		]);
		near(kron(b, x).dot(b.reshape([4])), b.matmul(b).matmul(x.T).reshape([4]));
	});

	test("cross is perpendicular to both, along any axis, and broadcasts", () => {
		const [x, y] = [tensor([1, 2, 3]), tensor([-1, 0.5, 2])];
		same(cross(x, y), [2.5, -5, 2.5]);
		same(cross(stack([x, y]), y), [
			[2.5, -5, 2.5],
			[0, 0, 0],
		]);
		same(cross(stack([x, y]).T, stack([y, x]).T, 0).T, [
			[2.5, -5, 2.5],
			[-2.5, 5, -2.5],
		]);
		// x·(y × z) is the determinant of the three: its gradient by x is y × z.
		same(
			grad((t: Tensor) =>
				cross(t, y)
					.mul(tensor([0, 0, 1]))
					.sum(),
			)(x),
			[0.5, 1, 0],
		);
		refuses(() => cross(tensor([1, 2]), y), ShapeError, "cross: expected vectors of size 3");
	});

	test("inner sums over the last axes of both", () => {
		same(inner(tensor([1, 2]), tensor([3, 4])), 11);
		same(inner(b, b), b.matmul(b.T));
		same(inner(2, b), b.mul(2));
		same(inner(stack([b, b]), tensor([1, 1])), [
			[3, 7],
			[3, 7],
		]);
		refuses(() => inner(tensor([1]), tensor([1, 2])), ShapeError, "inner: expected paired axes");
	});

	test("matrixPower multiplies n times, with the inverse for n < 0, and its derivatives are exact", () => {
		near(matrixPower(a, 5), a.matmul(a).matmul(a).matmul(a).matmul(a));
		near(matrixPower(a, -2), inverse(a.matmul(a)));
		same(matrixPower(a, 1), a);
		same(matrixPower(stack([a, a]), 0), stack([eye(3), eye(3)]));
		same(matrixPower(tensor([[2]], { dtype: "int32" }), 10), [[1024]]);
		same(grad((t: Tensor) => matrixPower(t, 0).sum())(a), zeros([3, 3]));
		// tr A³ has the gradient 3·(A²)ᵀ.
		near(grad((t: Tensor) => trace(matrixPower(t, 3)))(a), a.matmul(a).T.mul(3));
		// At singular matrices too: (a²)'' is 2.
		same(hessian((t: Tensor) => matrixPower(t, 2).sum())(tensor([[0]])), [[[[2]]]]);
		near(vmap((t: Tensor) => matrixPower(t, 3))(stack([a, a.T])).slice(0), matrixPower(a, 3));
		refuses(() => matrixPower(a, 0.5), DomainError, "matrixPower: expected n to be a whole number");
		refuses(() => matrixPower(zeros([2, 3]), 2), ShapeError, "matrixPower: expected a square");
		refuses(() => matrixPower(zeros([2, 2]), -1), DomainError, "matrixPower: expected matrices");
	});

	test("choleskySolve solves by either factor", () => {
		const positive = a.matmul(a.T);
		const right = tensor([1, -2, 0.5]);
		const l = cholesky(positive);
		near(choleskySolve(l, right), inverse(positive).dot(right));
		near(choleskySolve(l.T, right, { lower: false }), choleskySolve(l, right));
		near(
			grad((t: Tensor) => choleskySolve(cholesky(t), right).sum())(positive),
			grad((t: Tensor) => inverse(add(t, t.T).mul(0.5)).dot(right).sum())(positive),
		);
		refuses(
			() => choleskySolve(zeros([2, 2]), zeros([2])),
			DomainError,
			"choleskySolve: expected no 0",
		);
	});

	test("slogDet gives the sign where the determinant itself would vanish", () => {
		const small = eye(3).mul(1e-200);
		same(slogDet(small.neg())[0], -1);
		near(slogDet(small.neg())[1], 3 * Math.log(1e-200));
		const [sign, log] = slogDet(stack([b, eye(2), zeros([2, 2])]));
		same(sign, [-1, 1, 0]);
		near(log, [Math.log(2), 0, Number.NEGATIVE_INFINITY]);
		same(slogDet(tensor([[Number.NaN]]))[0], Number.NaN);
		same(slogDet(zeros([0, 0]))[0], 1);
		near(grad((t: Tensor) => slogDet(t)[1])(b), inverse(b).T);
		refuses(() => slogDet(zeros([2, 3])), ShapeError, "slogDet: expected a square matrix");
	});
});
