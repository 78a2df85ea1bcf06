"""Where a stage is deployed: AWS, or the AWS embedded on this machine."""

from __future__ import annotations

import glob
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalice_cli._errors import LocalAwsMissingError, TargetMissingError
from chalice_cli._session import Session

if TYPE_CHECKING:
    from chalice_core.config import ProjectConfig
    from chalice_core.target import Deployment, DeploymentTarget, LocalAws

TARGET = "aws"
"""The target of `chalice deploy`; the embedded AWS is the same target at another endpoint."""

LOCAL_REGION = "us-east-1"
"""For clients that are made before it is known which region the embedded AWS has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOptions:
    """What the command line says about the place.

    Args:
        local: the AWS embedded on this machine.
        connection_timeout: seconds.
    """

    local: bool = False
    profile: str | None = None
    region: str | None = None
    connection_timeout: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A stage at its place.

    Args:
        local: the embedded AWS when it is there, else None.
    """

    deployment: Deployment
    local: LocalAws | None

    @property
    def where(self) -> Literal["aws", "local"]:
        """The place in one word, as JSON output has it."""
        return "aws" if self.local is None else "local"

    @property
    def where_words(self) -> str:
        """The place as people read it."""
        return "AWS" if self.local is None else "the AWS on this machine"


def check_local(session: Session, options: PlaceOptions) -> None:
    """Make sure that ``--local`` can be had, before anything is built for it; nothing is started.

    Raises:
        LocalAwsMissingError: no plugin offers an embedded AWS.
    """
    if options.local and not session.plugins.hook.chalice_local_aws.get_hookimpls():
        raise LocalAwsMissingError(python=sys.executable)


def client_variables(options: PlaceOptions) -> dict[str, str]:
    """Return the environment variables by which an application's own AWS clients find profile and region.

    Applications make clients while they are imported, and many of these refuse to be made without a region.
    What the options do not say is left to the environment and the AWS configuration; with ``--local``, which
    has to work where there is neither, a region is given when the environment names none.
    """
    if options.local:
        region = os.environ.get("AWS_DEFAULT_REGION") or LOCAL_REGION
        return {"AWS_DEFAULT_REGION": region}
    given = {"AWS_PROFILE": options.profile, "AWS_DEFAULT_REGION": options.region}
    return {name: value for name, value in given.items() if value is not None}


def open_place(session: Session, project: ProjectConfig, stage: str, options: PlaceOptions) -> Opened:
    """Open a stage at the place that the options name; with ``--local`` the embedded AWS runs afterwards.

    Raises:
        LocalAwsMissingError: no plugin offers an embedded AWS.
        TargetMissingError: no plugin can deploy.
    """
    from chalice_core.target import Place

    target = _target(session)
    if not options.local:
        place = Place(
            project_dir=session.project_dir,
            app_name=project.app_name,
            stage=stage,
            records=session.project_dir / ".chalice" / "deployed",
            region=options.region,
            profile=options.profile,
            connection_timeout=options.connection_timeout,
        )
        return Opened(deployment=target.deployment(place), local=None)
    check_local(session, options)
    local: LocalAws | None = session.plugins.hook.chalice_local_aws(project_dir=session.project_dir)
    if local is None:
        raise LocalAwsMissingError(python=sys.executable)
    if stage in local.forgotten:
        session.talk.say(
            "Note: the AWS on this machine was started anew; "
            f"what was deployed to it in the stage {stage!r} is gone."
        )
    place = local.place(
        session.project_dir, project.app_name, stage, connection_timeout=options.connection_timeout
    )
    return Opened(deployment=target.deployment(place), local=local)


def open_deployed(session: Session, project: ProjectConfig, stage: str, options: PlaceOptions) -> Opened:
    """Open a stage to look at what is deployed: at AWS, or on this machine when it is there only.

    For commands that change nothing.  After ``chalice deploy --local`` a plain ``chalice url`` means
    what was just deployed; that it was taken from there is said.

    Raises:
        UnknownStageError: nothing is deployed, and the configuration has no such stage either.
    """
    from dataclasses import replace

    opened = open_place(session, project, stage, options)
    # Asking the embedded AWS itself would start it, for a project that perhaps never used it.
    records = (session.project_dir / ".chalice" / "local").glob(f"*/{glob.escape(stage)}.json")
    if not options.local and not opened.deployment.functions() and any(records):
        there = open_place(session, project, stage, replace(options, local=True))
        if there.deployment.functions():
            session.talk.say(
                f"The stage {stage!r} is deployed on this machine only, so that is meant (--local)."
            )
            return there
    if not opened.deployment.functions():
        check_stage(project, stage)
    return opened


def check_stage(project: ProjectConfig, stage: str) -> None:
    """Make sure that the configuration has this stage.

    Commands that work from the record ask only when there is none: a stage that was taken out of
    the configuration can still be deleted.

    Raises:
        UnknownStageError: the configuration lists stages and this is none of them.
        InvalidStageNameError: it cannot be one.
    """
    project.stage(stage)


def _target(session: Session) -> DeploymentTarget:
    from chalice_core.plugins import collect_named

    offered = collect_named(session.plugins, "chalice_deployment_targets", thing="deployment target")
    if TARGET not in offered:
        raise TargetMissingError(target=TARGET, installed=sorted(offered))
    target: DeploymentTarget = offered[TARGET]
    return target
