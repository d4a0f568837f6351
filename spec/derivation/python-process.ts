import { execFileSync, spawn } from "node:child_process";
import {
	mkdtempSync,
	openSync,
	readFileSync,
	readSync,
	rmSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Waits for a byte, and then runs the program that lies in its folder in a fork of itself: a fork
 * has NumPy at once, and what a program changes is gone with it.
 */
const SERVER = `import json, os, sys, traceback
import numpy
folder = sys.argv[1]
asked = open(folder + "/asked", "rb", buffering=0)
answers = open(folder + "/answers", "wb", buffering=0)
while asked.read(1):
    pid = os.fork()
    if pid == 0:
        for name, stream in (("printed", 1), ("complaints", 2)):
            os.dup2(os.open(folder + "/" + name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        status = 1
        try:
            with open(folder + "/program.py", encoding="utf8") as file:
                source = file.read()
            exec(compile(source, "<stdin>", "exec"), {"__name__": "__main__"})
            status = 0
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    answers.write(b"0" if os.waitpid(pid, 0)[1] == 0 else b"1")
`;

interface PythonProcess {
	readonly folder: string;
	readonly asked: number;
	readonly answers: number;
}

let running: PythonProcess | undefined;

/** Starts Python; it ends with this process, whose end closes what it reads from. */
function start(command: string): PythonProcess {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-python-"));
	process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
	const [asked, answers] = [join(folder, "asked"), join(folder, "answers")];
	execFileSync("mkfifo", [asked, answers]);
	const child = spawn(command, ["-c", SERVER, folder], {
		// On small arrays more threads of NumPy's only wait for each other.
		env: { ...process.env, OPENBLAS_NUM_THREADS: "1", PYTHONIOENCODING: "utf8" },
		stdio: ["ignore", "ignore", "inherit"],
	});
	child.unref();
	return { folder, asked: openSync(asked, "w"), answers: openSync(answers, "r") };
}

/**
 * What a program prints in a Python that has NumPy, which is started once for all of them.
 * @throws Error with what Python says when the program fails
 */
export function runInPython(command: string, source: string): string {
	running ??= start(command);
	const { folder, asked, answers } = running;
	writeFileSync(join(folder, "program.py"), source);
	writeSync(asked, "\n");
	const answer = Buffer.alloc(1);
	if (readSync(answers, answer) === 0) throw new Error(`${command} has ended`);
	if (answer.toString() !== "0") {
		throw new Error(`Python failed:\n${readFileSync(join(folder, "complaints"), "utf8")}`);
	}
	return readFileSync(join(folder, "printed"), "utf8");
}
