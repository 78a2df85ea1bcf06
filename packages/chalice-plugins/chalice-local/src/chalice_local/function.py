"""What a worker must know about a Lambda function.

The control plane (moto, or a development server) owns functions; the data
plane gets this immutable picture of one, made afresh for each invocation, so
that a change of code or configuration can never reach a running worker
half-way.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CodeBundle", "FunctionSpec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBundle:
    """A deployment package or the content of a layer.

    Attributes:
        sha256: the digest of ``data``, in any stable spelling (AWS gives base64).
        data: the bytes of the zip archive.
    """

    sha256: str
    data: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """One version of a Lambda function, as the data plane sees it.

    Attributes:
        arn: the ARN that invocations are reported under.
        name: the function's name, without qualifier.
        version: ``$LATEST`` or a number.
        runtime: AWS's identifier, ``python3.12``.
        handler: ``module.function``; dots or slashes separate packages.
        timeout_seconds: how long one invocation may take.
        memory_mb: shown to the function; not enforced on this machine.
        region: the AWS region the function lives in.
        account_id: twelve digits.
        environment: the function's own variables.
        code: the deployment package.
        layers: in the order of the configuration; later ones win.
        log_group: the CloudWatch Logs group that receives its output.
        reserved_concurrency: how many invocations may run at once; ``None`` is no limit
            of its own and ``0`` throttles every invocation.
    """

    arn: str
    name: str
    runtime: str
    handler: str
    region: str
    account_id: str
    code: CodeBundle
    version: str = "$LATEST"
    timeout_seconds: int = 3
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[CodeBundle, ...] = ()
    log_group: str = ""
    reserved_concurrency: int | None = None

    @property
    def identity(self) -> str:
        """A digest of all that a running worker was started with.

        Two specs with one identity can share workers. The timeout is left out:
        it is applied per invocation.
        """
        facts = [
            self.arn,
            self.version,
            self.runtime,
            self.handler,
            self.memory_mb,
            sorted(self.environment.items()),
            self.code.sha256,
            [layer.sha256 for layer in self.layers],
            self.log_group,
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
