type Job = () => void | Promise<void>;

/**
 * Does one thing after the other: at once, unless something before it waits for the device. What a
 * job throws belongs to whoever asked for it: jobs catch their own errors.
 */
export class JobQueue {
	#last: Promise<void> | null = null;

	/** Does this when all before it is done; returns at once. */
	add(job: Job): void {
		const doing = this.#last === null ? job() : this.#last.then(job);
		if (doing === undefined) return;
		const last = doing.finally(() => {
			if (this.#last === last) this.#last = null;
		});
		this.#last = last;
	}

	/** The same with the result of the job, or what it throws. */
	ask<T>(job: () => Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			// Whoever comes next does not wait for the answer, only for what the job does before it
			// waits.
			this.add(() => {
				job().then(resolve, reject);
			});
		});
	}
}
