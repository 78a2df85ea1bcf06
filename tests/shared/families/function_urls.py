"""chalice-function-urls."""

from __future__ import annotations

import json

import urllib3

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients


def put(clients: Clients) -> None:
    (url,) = [value for label, value in clients.deployed().items() if "url" in label.lower()]
    answer = urllib3.request("PUT", f"{url.rstrip('/')}/x", body="zwei ✓".encode())
    assert answer.status == 200


EXAMPLES = {
    "on_function_url": Example(
        given={"auth_type": "NONE", "cors": {"allow_origins": ["*"]}},
        declared={"invoke_mode": "BUFFERED"},
        event=("generate_function_url_event", {"method": "PUT", "path": "/x", "body": "zwei ✓"}),
        body="[event.method, event.path, event.raw_body.decode()]",
        answer={
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps(["PUT", "/x", "zwei ✓"], separators=(",", ":")),
            "isBase64Encoded": False,
        },
        sample={"method": "PUT", "path": "/x", "body": "zwei ✓"},
        mistakes={
            "auth_type='EVERYBODY'": "'auth_type'",
            "cors={'origins': ['*']}": "'cors' has no 'origins'",
            "invoke_mode='RESPONSE_STREAM'": "'invoke_mode'",
        },
        send=put,
        arrives=["PUT", "/x", "zwei ✓"],
    )
}
