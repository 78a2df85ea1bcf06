"""What a web site could make a browser send is refused; tools and local pages are not."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from chalice_localaws.client import TOKEN_HEADER
from chalice_localaws.embedded.browsers import refusal_for

LOCAL = "127.0.0.1:4566"


@pytest.mark.parametrize(
    "host", [LOCAL, "localhost:1", "x.localhost", "[::1]:80", "sqs.us-east-1.amazonaws.com"]
)
def test_names_of_this_machine_and_of_aws_are_accepted(host: str) -> None:
    assert refusal_for(host=host, origin=None, fetch_site=None, to_an_api=False) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:4566", "", "localhost.evil.example", "10.0.0.1"]
)
def test_other_names_are_refused_for_apis_too(host: str) -> None:
    assert refusal_for(host=host, origin=None, fetch_site=None, to_an_api=False) is not None
    assert refusal_for(host=host, origin=None, fetch_site=None, to_an_api=True) is not None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_pages_of_other_origins_are_refused_but_an_api_decides_for_itself(origin: str) -> None:
    assert refusal_for(host=LOCAL, origin=origin, fetch_site="cross-site", to_an_api=False) is not None
    assert refusal_for(host=LOCAL, origin=origin, fetch_site="cross-site", to_an_api=True) is None


def test_a_get_request_of_another_site_is_refused_and_a_typed_address_is_not() -> None:
    assert refusal_for(host=LOCAL, origin=None, fetch_site="cross-site", to_an_api=False) is not None
    assert refusal_for(host=LOCAL, origin=None, fetch_site="none", to_an_api=False) is None


def test_a_page_of_this_machine_may_use_it() -> None:
    assert (
        refusal_for(host=LOCAL, origin="http://localhost:3000", fetch_site="cross-site", to_an_api=False)
        is None
    )


def _send(
    endpoint: Any, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.record.port, timeout=10)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_a_site_cannot_create_a_function(endpoint: Any, cloud: Any) -> None:
    before = len(cloud.client("lambda").list_functions()["Functions"])

    code, _ = _send(
        endpoint,
        "POST",
        "/2015-03-31/functions",
        {"Origin": "https://evil.example", "Content-Type": "text/plain"},
        b"{}",
    )

    assert code == 403
    assert len(cloud.client("lambda").list_functions()["Functions"]) == before


def test_the_status_page_needs_this_machines_name(endpoint: Any) -> None:
    good, facts = _send(endpoint, "GET", "/_chalice/status", {})
    bad, _ = _send(endpoint, "GET", "/_chalice/status", {"Host": "evil.example"})
    aws, _ = _send(endpoint, "GET", "/_chalice/status", {"Host": "sqs.us-east-1.amazonaws.com"})

    assert (good, bad, aws) == (200, 403, 403)
    assert facts["instance"] == endpoint.instance
    assert facts["project"] == str(endpoint.state.project)
    assert "token" not in facts


@pytest.mark.parametrize("page", ["stop", "reset", "interpreters"])
@pytest.mark.parametrize("headers", [{}, {TOKEN_HEADER: "guess"}])
def test_a_command_needs_the_token(endpoint: Any, page: str, headers: dict[str, str]) -> None:
    code, answer = _send(endpoint, "POST", f"/_chalice/{page}", headers, b"{}")

    assert code == 403
    assert TOKEN_HEADER in answer["message"]
    assert _send(endpoint, "GET", "/_chalice/status", {})[1]["instance"] == endpoint.instance


def test_the_server_listens_on_the_loopback_address_only(endpoint: Any) -> None:
    import socket

    found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in found - {"127.0.0.1"}:
        if address.startswith("127."):
            continue
        with socket.socket() as client:
            client.settimeout(1)
            assert client.connect_ex((address, endpoint.record.port)) != 0
