// Gradient descent on the reader's function, a few steps at a time.
import { type Tensor, tensor, valueAndGrad } from "adjoint";
import { type Parameter, PICTURE, type Trained } from "../protocol.ts";

type Params = Readonly<Record<string, Tensor>>;
type Loss = (params: Params, ...data: Tensor[]) => Tensor;

interface Step {
	readonly loss: Tensor;
	readonly params: Params;
	readonly norms: Params;
}

type StepFunction = (params: Params, rate: Tensor, data: readonly Tensor[]) => Step;

/** Milliseconds after which an answer is due, so that the curve moves. */
const PATIENCE = 40;

export class Training {
	private readonly step: StepFunction;
	private readonly data: readonly Tensor[];
	private readonly read: (tree: unknown) => Promise<unknown>;
	private params: Params;
	private count = 0;

	/**
	 * @param compile makes the step fast
	 * @param read waits for tensors that are elsewhere
	 */
	constructor(
		loss: Loss,
		[params, ...data]: Parameters<Loss>,
		compile: (f: StepFunction) => StepFunction,
		read: (tree: unknown) => Promise<unknown> = async () => {},
	) {
		this.params = params;
		this.data = data;
		this.read = read;
		this.step = compile((params, rate, data) => {
			const [value, gradient] = valueAndGrad(loss)(params, ...data);
			const each = (f: (x: Tensor, g: Tensor) => Tensor): Params =>
				Object.fromEntries(
					Object.entries(params).map(([name, x]) => [name, f(x, gradient[name]!)]),
				);
			return {
				loss: value,
				params: each((x, g) => x.sub(g.mul(rate))),
				norms: each((_, g) => g.square().sum().sqrt()),
			};
		});
	}

	/** Takes so many steps, or as many as fit into a moment. */
	async run(steps: number, rate: number): Promise<Trained> {
		const start = performance.now();
		const { dtype } = Object.values(this.params)[0]!;
		const learningRate = tensor(rate, { dtype });
		const losses: Tensor[] = [];
		let norms: Params = {};
		for (let i = 0; i < steps && performance.now() - start < PATIENCE; i++) {
			const step = this.step(this.params, learningRate, this.data);
			losses.push(step.loss);
			this.params = step.params;
			norms = step.norms;
			this.count++;
		}
		await this.read([losses, norms, this.params]);
		const parameters = Object.entries(this.params).map(([name, x]) =>
			parameterOf(name, x, Number(norms[name]!.item())),
		);
		return { step: this.count, losses: losses.map((loss) => Number(loss.item())), parameters };
	}
}

function parameterOf(name: string, x: Tensor, gradientNorm: number): Parameter {
	const width = x.shape.at(-1) ?? 1;
	const columns = Math.min(PICTURE, width);
	const rows = Math.min(PICTURE, x.size / Math.max(1, width));
	const { data } = x;
	const values = Array.from({ length: rows * columns }, (_, i) =>
		Number(data[Math.floor(i / columns) * width + (i % columns)]),
	);
	return { name, shape: x.shape, gradientNorm, rows, columns, values };
}
