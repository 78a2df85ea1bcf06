"""What README.md says is what happens.

To take over new output into the file, run this with UPDATE_README=1 and look at the difference.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = "4566"
PATIENCE = 60.0
"""Seconds that logs may take to hold what was printed."""

CURL = """\
#!{python}
import sys, urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
print(opener.open(sys.argv[-1], timeout=60).read().decode())
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    info: str
    body: str
    start: int
    end: int


def blocks() -> list[Block]:
    text = README.read_text(encoding="utf-8")
    return [
        Block(match["info"].strip(), match["body"], match.start("body"), match.end("body"))
        for match in BLOCK.finditer(text)
    ]


def steady(output: str) -> str:
    """Replace what differs from run to run, and put in one order what happens side by side."""
    output = re.sub(r"execute-api/[a-z0-9]+", "execute-api/ID", output)
    output = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.+]+", "TIME", output)
    output = re.sub(r"(TIME \w+) [0-9a-f]{6}\b", r"\1 STREAM", output)
    output = re.sub(r"\b[0-9a-f]{12}…", "SHA", output)
    # A machine under load is told that building takes a while.
    lines = (line for line in output.splitlines() if not line.startswith("Building the deployment package"))
    return "\n".join(sorted(lines))


def commands_in(body: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with its output."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def test_after_cloning_come_two_commands_of_one_line_each() -> None:
    clone, demo, tests = [block.body for block in blocks() if block.info == "sh"][:3]

    assert "git clone" in clone
    assert demo == "python3 bootstrap.py demo\n"
    assert tests == "python3 bootstrap.py tests\n"


def test_the_command_to_install_from_a_clone_names_every_distribution() -> None:
    (command,) = [block.body for block in blocks() if block.info == "sh" and "pip install" in block.body]
    patterns = command.split("pip install", 1)[1].split()

    # As a shell does it: a tool's cache has a name that begins with a dot.
    named = sorted(
        path for pattern in patterns for path in ROOT.glob(pattern) if not path.name.startswith(".")
    )

    assert named == sorted(file.parent for file in (ROOT / "packages").glob("**/pyproject.toml"))


def test_every_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text(encoding="utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []
    assert len(links) > 5


def test_every_distribution_is_listed() -> None:
    text = README.read_text(encoding="utf-8")

    folders = [file.parent for file in (ROOT / "packages").glob("**/pyproject.toml")]
    assert folders
    missing = [folder.name for folder in folders if f"({folder.relative_to(ROOT).as_posix()})" not in text]
    assert missing == []


@pytest.fixture
def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the tour is written for a POSIX shell")
def test_the_tour_prints_what_it_says(tools: Any, tmp_path: Path, free_port: str) -> None:
    curl = tmp_path / "bin" / "curl"
    curl.parent.mkdir()
    curl.write_text(CURL.format(python=sys.executable))
    curl.chmod(0o755)
    tour = Tour(tmp_path, [tools.scripts, curl.parent], free_port)

    differences = []
    printed: list[tuple[Block, str]] = []
    try:
        for block in blocks():
            language, _, file_name = block.info.partition(" ")
            if language == "python" and file_name:
                (tour.folder / file_name).write_text(tour.translate(block.body), encoding="utf-8")
            elif language == "console":
                body = ""
                for command, expected in commands_in(block.body):
                    output = tour.run(command, expected)
                    body += f"$ {command}\n{output}"
                    if steady(output) != steady(expected):
                        differences.append(f"$ {command}\n{output}--- and not ---\n{expected}")
                printed.append((block, body))
    finally:
        if (tour.folder / ".chalice").is_dir():
            tour.run("chalice localaws stop", "")

    if os.environ.get("UPDATE_README"):
        text = README.read_text(encoding="utf-8")
        for block, body in reversed(printed):
            text = text[: block.start] + body + text[block.end :]
        README.write_text(text, encoding="utf-8")
    assert not differences, "\n\n".join(differences)
    assert len(printed) > 4


class Tour:
    """A shell that follows the tour.

    Args:
        folder: where it begins.
        path: folders with commands, before all others.
        port: stands for the port that the tour uses, which may be taken.
    """

    def __init__(self, folder: Path, path: list[Path], port: str) -> None:
        self.folder, self.port = folder, port
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "CHALICE_", "VIRTUAL_ENV")) or name == "AWS_CA_BUNDLE"
        }
        self._environment["PATH"] = os.pathsep.join([*map(str, path), os.environ["PATH"]])

    def translate(self, text: str) -> str:
        """Put the real port in the place of the tour's."""
        return text.replace(PORT, self.port)

    def run(self, command: str, expected: str) -> str:
        """Run a command, until it prints what is expected when it shows logs."""
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return ""
        deadline = time.monotonic() + PATIENCE
        while True:
            ended = subprocess.run(
                ["sh", "-c", self.translate(command)],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            )
            output = ended.stdout.replace(self.port, PORT)
            done = "logs" not in command or len(output.splitlines()) >= max(2, len(expected.splitlines()))
            if done or time.monotonic() > deadline:
                return output
            time.sleep(0.3)
