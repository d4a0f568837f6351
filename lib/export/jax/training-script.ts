/** What a training script has to know of the step that it runs. */
export interface TrainingFacts {
	/** The arguments that are handed on from step to step, in order. */
	readonly carried: readonly string[];
	/** The one that is read, the last. */
	readonly batch: string;
	/** Names of axes by the leaf that has them, as `params.w1`. */
	readonly axes: Readonly<Record<string, readonly string[]>>;
}

/** `train.py`: runs the step in `model.py` on one device, on many, or on several hosts. */
export function trainingScript({ carried, batch, axes }: TrainingFacts): string {
	const list = (words: readonly string[]) =>
		`[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
	const entries = Object.entries(axes).map(
		([name, of]) => `    ${JSON.stringify(name)}: ${list(of)},`,
	);
	const constants = [
		`CARRIED: list[str] = ${list(carried)}`,
		`BATCH = ${JSON.stringify(batch)}`,
		...(entries.length === 0 ? ["AXES: dict[str, list[str]] = {}"] : ["AXES = {", ...entries, "}"]),
	];
	return SCRIPT.replace("# CONSTANTS", () => constants.join("\n"));
}

const SCRIPT = `"""Trains the step in model.py on one device, on many, or on several hosts.

    python train.py --data batches.npz --steps 500
    python train.py --data batches.npz --steps 500 --mesh data=4 --shard batch=data

Each array in the data has the batches along its first axis; they are read in turn. A checkpoint is
a file that adjoint loads, and a run that finds one goes on from it. SIGTERM ends a run after a
checkpoint. On several hosts, run the same command on each, with JAX_COORDINATOR (host:port),
JAX_PROCESS_COUNT and JAX_PROCESS_ID set.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from safetensors import safe_open
from safetensors.numpy import save_file

# What model.step is given: what it hands on from step to step, and a batch.
# CONSTANTS


def main() -> None:
    options = parsed()
    if "JAX_COORDINATOR" in os.environ:
        count, own = (
            int(os.environ[f"JAX_PROCESS_{name}"]) for name in ("COUNT", "ID")
        )
        jax.distributed.initialize(os.environ["JAX_COORDINATOR"], count, own)
    # It says how many bits numbers have, which has to come after that.
    from model import step

    mesh = made_mesh(pairs(options.mesh, int))
    rules = checked_rules(pairs(options.shard, str), mesh)
    start = options.checkpoint if os.path.exists(options.checkpoint) else options.start
    saved, metadata, structure = read(start)
    data = dict(np.load(options.data))
    check_types({**saved, **data})

    def placed(name: str, value: np.ndarray) -> jax.Array:
        spread = NamedSharding(mesh, spec(name, value.shape, rules, mesh))
        return jax.make_array_from_callback(
            value.shape, spread, lambda place: value[place]
        )

    tree = built(structure, lambda name: placed(name, saved[name]))
    carried, first = [tree[name] for name in CARRIED], int(tree["step"])
    count = min(len(values) for values in data.values())
    whole = NamedSharding(mesh, PartitionSpec())
    kept = jax.tree.map(lambda x: x.sharding, tuple(carried))
    train = jax.jit(
        step, out_shardings=(*kept, whole), donate_argnums=range(len(CARRIED))
    )

    asked: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    began, since = time.perf_counter(), first
    for i in range(first, options.steps):
        batch = nested(
            {name: placed(name, values[i % count]) for name, values in data.items()}
        )
        *carried, loss = train(*carried, batch)
        done = i + 1
        if done % options.every != 0 and done != options.steps:
            continue
        shown = float(loss)
        rate = (done - since) / (time.perf_counter() - began)
        if jax.process_index() == 0:
            print(f"step {done}  loss {shown!r}  {rate:.1f} steps/s", flush=True)
        state = dict(zip(CARRIED, carried), step=np.array(done, "int32"))
        write(options.checkpoint, structure, metadata, state)
        if agreed(asked):
            print(f"stopped after step {done}", flush=True)
            return
        began, since = time.perf_counter(), done


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains the step in model.py.")
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--data", required=True, help="an npz file of batches")
    parser.add_argument(
        "--steps", type=int, required=True, help="how many steps in all"
    )
    parser.add_argument("--start", default=os.path.join(here, "start.safetensors"))
    parser.add_argument("--checkpoint", default="checkpoint.safetensors")
    parser.add_argument(
        "--every", type=int, default=100, help="steps between checkpoints"
    )
    parser.add_argument(
        "--mesh", action="append", default=[], help="an axis of devices: data=4"
    )
    parser.add_argument(
        "--shard", action="append", default=[], help="a named axis: batch=data"
    )
    return parser.parse_args()


def pairs(words: list[str], kind: Callable[[str], Any]) -> dict[str, Any]:
    """What options of the form name=value say."""
    try:
        return {
            name: kind(value) for name, value in (word.split("=") for word in words)
        }
    except ValueError:
        sys.exit(f"train.py: expected name=value, got {' '.join(words)}")


def made_mesh(sizes: dict[str, int]) -> Mesh:
    """The devices as a grid with named axes; one axis of them all where nothing is said."""
    sizes = sizes or {"devices": jax.device_count()}
    if np.prod(list(sizes.values())) != jax.device_count():
        sys.exit(
            f"train.py: a mesh of {sizes} is not made of {jax.device_count()} devices"
        )
    return Mesh(np.array(jax.devices()).reshape(*sizes.values()), tuple(sizes))


def checked_rules(rules: dict[str, str], mesh: Mesh) -> dict[str, str]:
    known = sorted({axis for axes in AXES.values() for axis in axes})
    for axis, over in rules.items():
        if axis not in known:
            sys.exit(
                f"train.py: no axis is called {axis}; there are {', '.join(known) or 'none'}"
            )
        if over not in mesh.shape:
            sys.exit(
                f"train.py: the mesh has no axis {over}; it has {', '.join(mesh.shape)}"
            )
    return rules


def spec(
    name: str, shape: tuple[int, ...], rules: dict[str, str], mesh: Mesh
) -> PartitionSpec:
    """Over which axes of the mesh an array's axes are spread."""
    over = [rules.get(axis) for axis in AXES.get(name, [])]
    for size, axis, along in zip(shape, AXES.get(name, []), over):
        if along is not None and size % mesh.shape[along] != 0:
            sys.exit(
                f"train.py: the {size} entries of {name} along {axis} do not split into"
                f" {mesh.shape[along]} equal parts; choose another mesh, or leave {axis} whole"
            )
    return PartitionSpec(*over)


def check_types(arrays: dict[str, np.ndarray]) -> None:
    wide = [name for name, value in arrays.items() if value.dtype == np.float64]
    if wide and jax.default_backend() == "tpu":
        sys.exit(
            f"train.py: {wide[0]} is float64, which this device lacks; export it in float32"
        )


def read(path: str) -> tuple[dict[str, np.ndarray], dict[str, str], Any]:
    """The tensors of a file by name, and what adjoint wrote of the tree around them."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    return tensors, metadata, json.loads(metadata["adjoint"])


def built(node: Any, leaf: Callable[[str], Any]) -> Any:
    """A tree around what \`leaf\` gives for the name of each tensor."""
    if "tensor" in node:
        return leaf(node["tensor"])
    if "array" in node:
        return [built(item, leaf) for item in node["array"]]
    if "object" in node:
        return {key: built(item, leaf) for key, item in node["object"]}
    return None


def write(path: str, structure: Any, metadata: dict[str, str], tree: Any) -> None:
    """Writes a checkpoint, which appears whole or not at all."""
    names: list[str] = []
    built(structure, names.append)
    values = [whole(leaf) for leaf in jax.tree.leaves(in_order(structure, tree))]
    if jax.process_index() == 0:
        save_file(dict(zip(names, values)), f"{path}.partial", metadata)
        with open(f"{path}.partial", "rb") as file:
            os.fsync(file.fileno())
        os.replace(f"{path}.partial", path)
    if jax.process_count() > 1:
        multihost_utils.sync_global_devices("written")


def in_order(node: Any, tree: Any) -> Any:
    """The leaves of a tree as lists in lists, in the order of the file's names."""
    if "array" in node:
        return [in_order(item, part) for item, part in zip(node["array"], tree)]
    if "object" in node:
        return [in_order(item, tree[key]) for key, item in node["object"]]
    return tree


def whole(value: Any) -> np.ndarray:
    """All of an array, wherever its parts are, as one of NumPy's own memory."""
    if isinstance(value, jax.Array) and not value.is_fully_addressable:
        value = multihost_utils.process_allgather(value, tiled=True)
    return np.array(value)


def nested(flat: dict[str, Any]) -> Any:
    """\`{"batch.x": …}\` as the argument that the step takes."""
    if list(flat) == [BATCH]:
        return flat[BATCH]
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")[1:]
        node = tree
        for key in path:
            node = node.setdefault(key, {})
        node[last] = value
    return tree


def agreed(asked: list[bool]) -> bool:
    """Whether any host was asked to stop: all stop at the same step."""
    if jax.process_count() == 1:
        return bool(asked)
    return bool(multihost_utils.process_allgather(np.array(bool(asked))).any())


if __name__ == "__main__":
    main()
`;
