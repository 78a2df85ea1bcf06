"""Runs in the place of Lambda's bootstrap: AWS's runtime interface client imports an application.

Usage: ``client_child.py CLIENT TREE HANDLER [count]``.  With the client's environment variables set it asks
the runtime API for an event, as in Lambda.  With ``count`` it ends at that moment instead, so that its
instructions can be counted, and prints the modules that are loaded.  It imports nothing that the client does
not.
"""

import json
import os
import sys


def main(client: str, tree: str, handler: str, count: str = "") -> None:
    """Start the runtime interface client."""
    # In Lambda the function's own files come first.
    sys.path[:1] = [tree, client]
    from awslambdaric import __main__, lambda_runtime_client  # type: ignore[import-untyped]

    if count:

        def wait_next_invocation(_: object) -> None:
            sys.stdout.write(json.dumps(sorted(sys.modules)))
            sys.stdout.flush()
            os._exit(0)

        lambda_runtime_client.LambdaRuntimeClient.wait_next_invocation = wait_next_invocation
    __main__.main(["bootstrap", handler])


if __name__ == "__main__":
    main(*sys.argv[1:])
