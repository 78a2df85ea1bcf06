"""Nothing grows faster than the application.

What is counted are calls of functions, which are the same on every machine: four times the handlers may
make a little more than four times as many, and no single function may be called out of proportion.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from chalice_core.artifact import Artifact
from chalice_core.graph import Graph
from chalice_core.kinds import DEPLOYMENT
from chalice_core.lowering import build_graph
from chalice_core.manifest import App
from chalice_core.plugins import Plugins, collect_named
from chalice_core.target import FormatRequest, Place
from chalice_core.testing import DEFAULT_RUNTIME, app, event, route, stage_config, write_project

SMALL, LARGE = 25, 100
ROOM = 1.1
"""How much more than in proportion it may be: names of different lengths, and what is kept from before."""


def application(handlers: int) -> App:
    """Return an application with so many handlers of mixed families, and three routes for two of them."""
    polled: Mapping[str, Any] = {"batch_size": 5, "maximum_batching_window_in_seconds": 0}
    streamed = {**polled, "starting_position": "LATEST"}
    made: tuple[Callable[[str], Any], ...] = (
        lambda name: event("sqs", "on_sqs_message", name, queue=name, queue_arn=None, **polled),
        lambda name: event("kinesis", "on_kinesis_record", name, stream=name, **streamed),
        lambda name: event("scheduled", "schedule", name, expression="rate(5 minutes)"),
        lambda name: event("sns", "on_sns_message", name, topic=name),
    )
    names = [f"handler_{number:03}" for number in range(handlers)]
    return app(
        routes=[
            route(f"/r{n:03}", method) for n in range(handlers // 2) for method in ("GET", "PUT", "POST")
        ],
        pure=[name for number, name in enumerate(names) if number % 5 == 4],
        events=[made[number % 5](name) for number, name in enumerate(names) if number % 5 < 4],
    )


@dataclass(frozen=True, slots=True)
class Bench:
    """What the same work is done on at both sizes."""

    plugins: Plugins
    folder: Path

    @property
    def artifacts(self) -> Mapping[Any, Artifact]:
        """A package."""
        return {DEPLOYMENT: Artifact(path=self.folder / "app.py", sha256="0" * 64, size=2)}

    def graph(self, of: App) -> Graph:
        """Lower it, validation and limits included."""
        return build_graph(of, DEFAULT_RUNTIME, stage_config(self.folder), self.plugins)

    def calls(self, work: Callable[[App], Any], handlers: int) -> Counter[str]:
        """Return how often each function is called."""
        of = application(handlers)
        # What is found out once and kept is not counted.
        work(of)
        with counted() as calls:
            work(of)
        return calls

    def grows_no_faster(self, work: Callable[[App], Any]) -> None:
        """Assert that four times the handlers make no more than four times the calls, of each function."""
        small, large = (self.calls(work, size) for size in (SMALL, LARGE))
        most = LARGE / SMALL * ROOM
        assert sum(large.values()) <= most * sum(small.values())
        steep = {
            name: (small[name], number)
            for name, number in large.items()
            # Few calls in all are no matter, however they grow.
            if number > 5 * LARGE and number > most * max(small[name], SMALL)
        }
        assert steep == {}


class counted:  # noqa: N801 - used as a function is
    """Count the calls of Python functions by their names while it is entered."""

    def __enter__(self) -> Counter[str]:
        calls: Counter[str] = Counter()

        def seen(frame: FrameType, what: str, _: Any) -> None:
            if what == "call":
                code = frame.f_code
                calls[f"{Path(code.co_filename).name}:{code.co_firstlineno} {code.co_name}"] += 1

        sys.setprofile(seen)
        return calls

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


@pytest.fixture
def bench(plugins: Plugins, tmp_path: Path) -> Bench:
    """A project."""
    return Bench(plugins, write_project(tmp_path, source="# Nothing is called here.\n"))


def test_lowering_with_validation_policies_and_limits(bench: Bench) -> None:
    bench.grows_no_faster(bench.graph)


@pytest.mark.parametrize("form", ["cdk", "cloudformation", "terraform"])
def test_writing_a_format(bench: Bench, form: str) -> None:
    written = collect_named(bench.plugins, "chalice_output_formats", thing="output format")[form]
    graphs: dict[int, Graph] = {}

    def render(of: App) -> Any:
        graph = graphs.setdefault(id(of), bench.graph(of))
        config = stage_config(bench.folder)
        return written.render(FormatRequest(graph=graph, app=of, config=config, artifacts=bench.artifacts))

    bench.grows_no_faster(render)


def test_planning_a_deployment(bench: Bench, caller_identity: str, tmp_path: Path) -> None:
    target = collect_named(bench.plugins, "chalice_deployment_targets", thing="deployment target")["aws"]
    place = Place(
        project_dir=bench.folder,
        app_name="hello",
        stage="dev",
        records=tmp_path / "records",
        region="us-east-1",
        endpoint_url=caller_identity,
    )
    deployment = target.deployment(place)
    graphs: dict[int, Graph] = {}

    def plan(of: App) -> None:
        graph = graphs.setdefault(id(of), bench.graph(of))
        steps = deployment.plan(graph, bench.artifacts).steps
        assert len(steps) == len(graph)

    bench.grows_no_faster(plan)


def test_more_than_in_proportion_would_be_noticed(bench: Bench) -> None:
    def compare() -> None:
        """Stand for a function that looks at each pair."""

    def pairs(of: App) -> None:
        for _ in of.functions:
            for _ in of.functions:
                compare()

    with pytest.raises(AssertionError):
        bench.grows_no_faster(pairs)


@pytest.fixture
def caller_identity(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an AWS that knows who calls, and nothing else."""
    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(name, value)

    class Identity(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer GetCallerIdentity."""
            self.rfile.read(int(self.headers["Content-Length"]))
            body = (
                b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
                b"<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>AID</UserId>"
                b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Identity)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
