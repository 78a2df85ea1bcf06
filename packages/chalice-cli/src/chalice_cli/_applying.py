"""Carry out a plan while telling how it goes, to the person and to plugins that listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_cli._session import Session

if TYPE_CHECKING:
    from chalice_core.target import Deployment, Plan, Progress


def apply(session: Session, deployment: Deployment, plan: Plan) -> None:
    """Apply a plan.

    Raises:
        ToolError: a step failed; the steps before it are recorded.
    """
    complaints: set[str] = set()

    def tell(progress: Progress) -> None:
        session.talk.progress(progress)
        for failure in session.plugins.observe("chalice_deploy_progress", progress=progress):
            # Who fails at one step fails at every step, and people want to see the steps.
            if failure.what not in complaints:
                complaints.add(failure.what)
                session.talk.warn(f"{failure.what} {failure.why}")

    deployment.apply(plan, tell)
