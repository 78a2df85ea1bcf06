"""``python -m chalice_cdk REQUEST FOLDER``: packages an application within a container.

REQUEST is a JSON file with ``source_dir``, ``scope``, ``stage``, ``stage_config``, ``stand_ins`` and
``cache_dir`` of a `chalice_cdk.packaging.PackageRequest`; FOLDER is where the template and its files
go.  Environment variables are the container's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from chalice_cdk.errors import ChaliceError
from chalice_cdk.packaging import PackageRequest, write_package


def main(arguments: list[str]) -> int:
    """Package what the request says; return the exit status.

    Args:
        arguments: the request's file and the folder.
    """
    request, folder = (Path(argument) for argument in arguments)
    values = json.loads(request.read_bytes())
    try:
        write_package(
            PackageRequest(
                source_dir=Path(values["source_dir"]),
                scope=values["scope"],
                stage=values["stage"],
                stage_config=values["stage_config"],
                stand_ins=values["stand_ins"],
                cache_dir=Path(values["cache_dir"]),
            ),
            folder,
        )
    except ChaliceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
