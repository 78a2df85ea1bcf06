"""What every output format and every cloud to deploy to owes, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chalice_core.artifact import Artifact, Artifacts
from chalice_core.errors import ToolError
from chalice_core.graph import Graph
from chalice_core.kinds import DEPLOYMENT, KINDS, LAYER, Resource
from chalice_core.plugins import Plugins, UnrealisedKindError, collect_named, realisation_of
from chalice_core.target import Deployment, FormatRequest, OutputFormat, Place
from chalice_core.testing.builders import app, stage_config, unrealised_kinds
from chalice_core.testing.kinds import every_kind
from chalice_core.values import ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard(Resource):
    """A kind that nobody realises."""


class _TargetContract:
    """What both sorts of targets owe.

    Attributes:
        target: the name that ``chalice_realise_kind`` is asked with.
        protocol: what an answer has to offer; None when that is nobody's business.
    """

    target: ClassVar[str]
    protocol: ClassVar[type | None] = None

    @pytest.fixture
    def artifacts(self, tmp_path: Path) -> Artifacts:
        """Files to upload."""
        files = {}
        for id in (DEPLOYMENT, LAYER):
            path = tmp_path / f"{id}-built.zip"
            path.write_bytes(b"PK\x05\x06" + b"\0" * 18)
            files[id] = Artifact(path=path, sha256=id.ljust(64, "0")[:64], size=22)
        return files

    def test_every_kind_has_an_answer(self, chalice_plugins: Plugins) -> None:
        """Then every event family works here."""
        assert unrealised_kinds(chalice_plugins, self.target) == ()

    def test_the_graph_of_every_kind_has_every_kind(self) -> None:
        """What these tests stand on."""
        assert {type(resource) for resource in every_kind()} == set(KINDS)

    def test_an_answer_is_what_the_target_asks_for(self, chalice_plugins: Plugins) -> None:
        """It has all that the protocol names."""
        demanded = (
            {name for name in vars(self.protocol) if not name.startswith("_")} if self.protocol else set()
        )

        for kind in KINDS:
            answer = realisation_of(chalice_plugins, self.target, kind)
            assert {name for name in demanded if not hasattr(answer, name)} == set(), kind

    def test_a_kind_that_nobody_realises_is_refused_with_both_names(self, chalice_plugins: Plugins) -> None:
        """And never left out."""
        with pytest.raises(UnrealisedKindError) as caught:
            realisation_of(chalice_plugins, self.target, Unheard)

        assert "Unheard" in caught.value.what
        assert self.target in caught.value.what


class OutputFormatContract(_TargetContract):
    """Derive from this for a format that ``chalice package`` writes.

    Attributes:
        format: its name, as ``--pkg-format`` takes it.
    """

    format: ClassVar[str]

    def validate(self, files: Mapping[str, bytes], folder: Path) -> None:
        """Check what was written with the format's own tools; override it when you have them.

        Args:
            files: what was written, without the packages.
            folder: an empty one, to work in.
        """

    @pytest.fixture
    def form(self, chalice_plugins: Plugins) -> OutputFormat:
        """The format."""
        formats = collect_named(chalice_plugins, "chalice_output_formats", thing="output format")
        found: OutputFormat = formats[self.format]
        return found

    def request_for(self, graph: Graph, artifacts: Artifacts, **options: Any) -> FormatRequest:
        """Return a request to write a graph, of a project in the folder of the artifacts."""
        # Formats may look at what else is in the project.
        (folder,) = {artifact.path.parent for artifact in artifacts.values()}
        return FormatRequest(
            graph=graph, app=app(), config=stage_config(folder), artifacts=artifacts, options=options
        )

    def test_a_graph_of_every_kind_is_written_and_its_tools_are_content(
        self, form: OutputFormat, artifacts: Artifacts, tmp_path: Path
    ) -> None:
        """One graph holds all that families can ask for."""
        files = form.render(self.request_for(every_kind(), artifacts))

        written = {name: content for name, content in files.items() if isinstance(content, bytes)}
        assert written
        assert {artifact.path for artifact in artifacts.values()} <= set(files.values())
        folder = tmp_path / "written"
        folder.mkdir()
        self.validate(written, folder)

    def test_the_same_graph_gives_the_same_bytes(self, form: OutputFormat, artifacts: Artifacts) -> None:
        """What did not change shows no difference."""
        first = form.render(self.request_for(every_kind(), artifacts))

        assert form.render(self.request_for(every_kind(), artifacts)) == first

    def test_a_resource_that_cannot_be_written_stops_the_format(
        self, form: OutputFormat, artifacts: Artifacts
    ) -> None:
        """A file without it would deploy something else than was declared."""
        graph = Graph.of([*every_kind(), Unheard(id=ResourceId("unheard"))])

        with pytest.raises(ToolError, match="Unheard"):
            form.render(self.request_for(graph, artifacts))

    def test_an_option_that_it_does_not_have_is_refused(
        self, form: OutputFormat, artifacts: Artifacts
    ) -> None:
        """Nobody's wish is ignored in silence."""
        with pytest.raises(ToolError, match=r"unheard.of"):
            form.render(self.request_for(every_kind(), artifacts, unheard_of="x"))


class DeploymentTargetContract(_TargetContract):
    """Derive from this for something that ``chalice deploy`` deploys to."""

    @pytest.fixture
    def deployment(self, chalice_plugins: Plugins, tmp_path: Path) -> Deployment:
        """A stage that was never deployed, at a place that nobody listens at."""
        targets = collect_named(chalice_plugins, "chalice_deployment_targets", thing="deployment target")
        place = Place(
            project_dir=tmp_path,
            app_name="hello",
            stage="dev",
            records=tmp_path / "records",
            region="us-east-1",
            endpoint_url="http://127.0.0.1:9",
        )
        opened: Deployment = targets[self.target].deployment(place)
        return opened

    def test_what_was_never_deployed_has_no_functions_and_no_url(self, deployment: Deployment) -> None:
        """And nobody is asked for that."""
        assert deployment.functions() == ()
        assert deployment.url() is None
        assert deployment.report() == ()

    def test_an_unknown_function_is_an_error_for_people(self, deployment: Deployment) -> None:
        """With what to do."""
        with pytest.raises(ToolError, match="nobody"):
            deployment.invoke("nobody", b"{}")
