"""Brings the fonts with which papers are set as PDF: Noto Serif SC and Noto Sans SC, under the SIL Open Font License.

No wheel holds them. The npm packages do, in weights and formats that nobody needs here (160 MB), so
that they are fetched in a step of their own, into a folder that goes; what is kept are 11 MB. The
characters are checked against their hash. Without a network the program goes on with the fonts of the
machine, or with those that a site uploads.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from build_frontend import FRONTEND, Node, find_node

FONTS = FRONTEND.parent / "chuangwen" / "reports" / "data" / "fonts"
SECONDS = 900
HEAD, ENTRY = struct.Struct(">4sIIHHIHHIIIII"), struct.Struct(">4sIIII")


@dataclass(frozen=True)
class Package:
    """An npm package, which of its files are taken, and the hash of those together."""

    name: str
    version: str
    wanted: str
    sha256: str


# The first file of a package holds what is written daily; its numbered ones hold the rare characters of names.
PACKAGES = (
    Package(
        "noto-serif-sc",
        "5.3.0",
        r"(chinese-simplified|latin|\d+)-400-normal\.woff",
        "91cc28f97b62bdcc118969bf8a9c06f156b1ff9640f46cf09dc41e4d76f455e9",
    ),
    Package(
        "noto-sans-sc",
        "5.3.0",
        r"(chinese-simplified|latin)-500-normal\.woff",
        "c658ea01eb0bc162644e1c7a5fa2ec98017741d7ca4ff549fed9c87e8b27f8fb",
    ),
)


def plain_font(woff: bytes) -> bytes:
    """The font inside a WOFF file of version 1 (W3C, WOFF File Format 1.0): the same tables, unpacked."""
    signature, flavor, _length, count, *_rest = HEAD.unpack_from(woff)
    if signature != b"wOFF":
        raise ValueError("this is no WOFF file")
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", flavor, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    body, start = b"", len(head) + 16 * count
    for number in range(count):
        tag, offset, packed, length, checksum = ENTRY.unpack_from(woff, HEAD.size + ENTRY.size * number)
        table = woff[offset : offset + packed]
        table = zlib.decompress(table) if packed < length else table
        if len(table) != length:
            raise ValueError(f"table {tag!r} is not whole")
        head += struct.pack(">4sIII", tag, checksum, start + len(body), length)
        body += table + b"\0" * (-length % 4)
    return head + body


def taken(package: Package, archive: Path) -> dict[str, bytes]:
    """The wanted files of a fetched package by name, and its licence. SystemExit where they are not the known ones."""
    pattern = re.compile(rf"package/(?:files/{package.name}-{package.wanted}|LICENSE)")
    with tarfile.open(archive) as held:
        members = sorted((one for one in held if pattern.fullmatch(one.name)), key=lambda one: one.name)
        files = {Path(one.name).name: held.extractfile(one).read() for one in members}  # type: ignore[union-attr]
    found = hashlib.sha256(b"".join(files.values())).hexdigest()
    if found != package.sha256:
        sys.exit(f"fonts: {package.name} {package.version} holds other files than the known ones ({found}).")
    return files


def fetch(node: Node, folder: Path) -> list[Path] | None:
    """Both packages as archives in `folder`; None where npm cannot fetch them."""
    path = os.pathsep.join([str(node.folder), os.environ.get("PATH", "")])
    running = [
        subprocess.Popen(
            [*node.npm, "pack", "--silent", f"@fontsource/{one.name}@{one.version}"], cwd=folder,
            env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for one in PACKAGES
    ]  # fmt: skip
    try:
        codes = [one.wait(timeout=SECONDS) for one in running]
    except subprocess.TimeoutExpired:
        for one in running:
            one.kill()
        return None
    found = [folder / f"fontsource-{one.name}-{one.version}.tgz" for one in PACKAGES]
    return found if not any(codes) and all(one.exists() for one in found) else None


def key() -> str:
    """What the fonts that lie there were made from."""
    return hashlib.sha256(repr(PACKAGES).encode()).hexdigest()


def main() -> None:
    stamp = FONTS / ".made"
    if stamp.exists() and stamp.read_text() == key():
        return
    print("setup: fonts for PDF (once, 160 MB)", flush=True)
    with tempfile.TemporaryDirectory() as name:
        archives = fetch(find_node(), Path(name))
        if archives is None:
            print("setup: the fonts could not be fetched. PDF files use the machine's fonts; make setup tries again.")
            return
        FONTS.mkdir(parents=True, exist_ok=True)
        for old in FONTS.glob("*.ttf"):
            old.unlink()
        for package, archive in zip(PACKAGES, archives, strict=True):
            for file, data in taken(package, archive).items():
                if file == "LICENSE":
                    (FONTS / f"{package.name}-LICENSE").write_bytes(data)
                else:
                    (FONTS / file).with_suffix(".ttf").write_bytes(plain_font(data))
    stamp.write_text(key())


if __name__ == "__main__":
    main()
