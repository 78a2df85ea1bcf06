"""What --debug logs holds no secrets and no packages."""

from __future__ import annotations

import logging

import pytest

from chalice_cli._debug_log import DiscreetFormatter


def formatted(message: str) -> str:
    record = logging.LogRecord("botocore", logging.DEBUG, __file__, 1, message, None, None)
    return DiscreetFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    "message",
    [
        "headers: {'X-Amz-Security-Token': 'hush', 'Host': 'lambda'}",
        "headers: {'Authorization': b'AWS4-HMAC-SHA256 Credential=hush'}",
        "aws_secret_access_key=hush",
        "{'Environment': {'Variables': {'PASSWORD': 'hush'}}}",
        "{'ZipFile': b'hush'}",
        '{"ZipFile": "hush", "FunctionName": "hello"}',
    ],
)
def test_secrets_and_code_are_left_out(message: str) -> None:
    assert "hush" not in formatted(message)


def test_the_rest_of_a_message_stays() -> None:
    assert formatted("headers: {'X-Amz-Security-Token': 'hush', 'Host': 'lambda'}").endswith(
        "'Host': 'lambda'}"
    )


def test_a_body_that_would_fill_the_screen_is_cut() -> None:
    assert len(formatted("x" * 1_000_000)) < 10_000
