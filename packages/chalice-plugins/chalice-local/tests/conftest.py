"""Real workers with a log that is a list."""

from __future__ import annotations

import hashlib
import io
import sys
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import chalice
from chalice_local import CodeBundle, CodeStore, FunctionSpec, Interpreters, Invoker, Launcher, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ListSink:
    """Keeps every line in memory."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.opened: list[tuple[str, str, str]] = []
        self.lock = threading.Lock()

    def open(self, function_arn: str, group: str, stream: str) -> None:
        self.opened.append((function_arn, group, stream))

    def write(self, function_arn: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        with self.lock:
            self.lines += [line for _, line in events]


def bundle_of(files: dict[str, str]) -> CodeBundle:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    data = buffer.getvalue()
    return CodeBundle(sha256=hashlib.sha256(data).hexdigest(), data=data)


@pytest.fixture
def make_bundle() -> Callable[[dict[str, str]], CodeBundle]:
    return bundle_of


@pytest.fixture
def sink() -> ListSink:
    return ListSink()


@pytest.fixture(scope="session")
def managed_runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


@pytest.fixture
def launcher(tmp_path: Path, sink: ListSink, managed_runtime: Path) -> Iterator[Launcher]:
    made = Launcher(
        interpreters=Interpreters(),
        code=CodeStore(tmp_path / "code"),
        sink=sink,
        managed_runtime=managed_runtime,
        runtime_loop=Path(chalice.__file__).parent / "host" / "serve.py",
        endpoint_url=lambda: "http://127.0.0.1:1",
    )
    yield made
    made.close()


@pytest.fixture
def pool(launcher: Launcher) -> Iterator[WorkerPool]:
    made = WorkerPool(launcher)
    yield made
    made.close()


@pytest.fixture
def invoker(pool: WorkerPool) -> Iterator[Invoker]:
    made = Invoker(pool, retry_delays=(0.05, 0.1))
    yield made
    made.close()


@pytest.fixture
def make_function() -> Callable[..., FunctionSpec]:
    """Return a function of one module, ``app``."""

    def make(source: str, **options: Any) -> FunctionSpec:
        name = options.pop("name", "f")
        settings = {
            "arn": f"arn:aws:lambda:eu-west-1:123456789012:function:{name}",
            "name": name,
            "runtime": f"python3.{sys.version_info[1]}",
            "handler": "app.handler",
            "region": "eu-west-1",
            "account_id": "123456789012",
            "code": bundle_of({"app.py": source}),
            "log_group": f"/aws/lambda/{name}",
            "timeout_seconds": 10,
        }
        return FunctionSpec(**{**settings, **options})

    return make
