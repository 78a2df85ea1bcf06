"""How an application is packaged when a CDK app is synthesised."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class PackageConfig:
    """How to package an application.

    Args:
        use_container: package in a container (docker), which has what compiling dependencies takes.
            Otherwise in this environment.
        image: of the container; None takes the build image of AWS SAM for the Python that runs the CDK app,
            ``public.ecr.aws/sam/build-python3.12``.  An image of one's own has Python, pip and a shell.
        env: environment variables during packaging, for the application's import and for pip.  They are added
            to those of this process, and win over them and over the configuration's
            ``environment_variables``.  ``AWS_DEFAULT_REGION`` is among them: if not given, as this process
            has it, or ``us-east-1``.
    """

    use_container: bool = False
    image: str | None = None
    env: Mapping[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        region = os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
        object.__setattr__(self, "env", {"AWS_DEFAULT_REGION": region, **(self.env or {})})
