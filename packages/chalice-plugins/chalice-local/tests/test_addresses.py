"""The forms of an API's address."""

from __future__ import annotations

import pytest

from chalice_local import is_loopback_name, parse_execute_api
from chalice_local.addresses import ExecuteApiAddress

PORT = "127.0.0.1:4566"


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        (PORT, "/_aws/execute-api/abc/api/users/1", ("abc", "api", "/users/1")),
        (PORT, "/_aws/execute-api/abc/api/", ("abc", "api", "/")),
        (PORT, "/_aws/execute-api/abc/api", ("abc", "api", "/")),
        (PORT, "/_aws/execute-api/abc", ("abc", "", "/")),
        (PORT, "/_aws/execute-api/abc/api/a%2Fb//c", ("abc", "api", "/a%2Fb//c")),
        ("abc.execute-api.localhost:4566", "/api/users", ("abc", "api", "/users")),
        ("ABC.execute-api.localhost", "/api", ("abc", "api", "/")),
        ("abc.execute-api.eu-west-1.amazonaws.com", "/api/", ("abc", "api", "/")),
        ("abc.execute-api.cn-north-1.amazonaws.com.cn", "/api/x", ("abc", "api", "/x")),
        ("abc.execute-api.localhost:1", "/", ("abc", "", "/")),
        ("abc.execute-api.localhost:1", "/api/_chalice/stop", ("abc", "api", "/_chalice/stop")),
    ],
)
def test_a_form_of_an_address_is_understood(host: str, path: str, expected: tuple[str, str, str]) -> None:
    api_id, stage, rest = expected

    assert parse_execute_api(host, path) == ExecuteApiAddress(api_id=api_id, stage=stage, path=rest)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (PORT, "/"),
        (PORT, "/_aws/execute-api/"),
        (PORT, "/other/_aws/execute-api/abc/api/"),
        ("execute-api.localhost:1", "/api"),
        ("abc.execute-api.evil.example", "/api"),
        ("a.b.execute-api.localhost", "/api"),
    ],
)
def test_other_requests_are_to_no_api(host: str, path: str) -> None:
    assert parse_execute_api(host, path) is None


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "a.localhost:1", "127.0.0.1", "127.1.2.3:9", "[::1]:1"]
)
def test_a_name_of_this_machine(host: str) -> None:
    assert is_loopback_name(host)


@pytest.mark.parametrize("host", ["", "example.com", "localhost.example.com", "10.0.0.1", "notlocalhost"])
def test_a_name_that_may_be_another_machines(host: str) -> None:
    assert not is_loopback_name(host)
