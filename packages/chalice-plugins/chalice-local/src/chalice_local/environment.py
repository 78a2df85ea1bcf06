"""The environment variables of a worker: those of AWS Lambda, and what a process needs of this machine.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chalice_local.function import FunctionSpec

__all__ = ["worker_environment"]

# What a process needs of this machine, and how it reaches the internet safely. The rest of the user's
# environment holds secrets and settings that a function in Lambda would not see.
_FROM_THE_MACHINE = (
    "PATH",
    "HOME",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "USERPROFILE",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "AWS_CA_BUNDLE",
)


def worker_environment(
    function: FunctionSpec,
    *,
    task_root: Path,
    path: Sequence[Path],
    runtime_api: str,
    log_stream: str,
    endpoint_url: str | None,
) -> dict[str, str]:
    """Return the environment that one worker is started with.

    Args:
        function: whose worker it is. Its own variables win over all others but the runtime's address.
        task_root: the folder of the unpacked deployment package.
        path: further folders to import from, in order.
        runtime_api: ``host:port`` of the Lambda Runtime API.
        log_stream: the name of the stream that its output goes to.
        endpoint_url: where boto3 of the function finds AWS; ``None`` leaves it alone.
    """
    variables = {name: os.environ[name] for name in _FROM_THE_MACHINE if name in os.environ}
    variables |= {
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ACCESS_KEY_ID": "embedded",
        "AWS_SECRET_ACCESS_KEY": "embedded",
        "AWS_SESSION_TOKEN": "embedded",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "LAMBDA_TASK_ROOT": str(task_root),
        "LAMBDA_RUNTIME_DIR": str(path[-1]) if path else str(task_root),
        "_HANDLER": function.handler,
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        # Lambda's Linux says UTF-8; on a machine with another locale the streams would differ.
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(map(str, (task_root, *path))),
    }
    if endpoint_url is not None:
        variables["AWS_ENDPOINT_URL"] = endpoint_url
        # For what is told an endpoint in code, as clients of WebSocket connections always are.
        variables["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"] = endpoint_url
    own = dict(function.environment)
    own_path = own.pop("PYTHONPATH", None)
    variables |= own
    if own_path:
        variables["PYTHONPATH"] = os.pathsep.join([own_path, variables["PYTHONPATH"]])
    variables["AWS_LAMBDA_RUNTIME_API"] = runtime_api
    return variables
