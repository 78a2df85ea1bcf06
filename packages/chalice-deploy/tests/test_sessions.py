"""Whose credentials are used, and where calls go."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from chalice_core.target import Place
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import (
    AwsError,
    CredentialsError,
    NoRegionError,
    UnknownProfileError,
    UnreachableError,
)
from chalice_deploy.session import Clients

ENDPOINT = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def place(tmp_path: Path) -> Any:
    def make(**facts: Any) -> Place:
        return Place(
            project_dir=tmp_path, app_name="shop", stage="dev", records=tmp_path / "deployed", **facts
        )

    return make


@pytest.fixture(autouse=True)
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own AWS configuration, and no other."""
    for name in tuple(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = us-west-2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    return config


def cloud(place: Place) -> Cloud:
    return Cloud(Clients(place), app=place.app_name, stage=place.stage)


def test_the_profile_gives_the_region(place: Any) -> None:
    assert Clients(place(profile="work")).region == "us-west-2"
    assert Clients(place(profile="work", region="eu-west-1")).region == "eu-west-1"


def test_without_a_region_the_exit_status_is_that_of_wrong_usage(place: Any) -> None:
    with pytest.raises(NoRegionError) as caught:
        _ = Clients(place()).region

    assert caught.value.exit_status == 2
    assert caught.value.what == "No region configured."


@pytest.mark.parametrize("how", ["option", "environment"])
def test_an_unknown_profile_is_named(place: Any, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "environment":
        monkeypatch.setenv("AWS_PROFILE", "wrok")

    with pytest.raises(UnknownProfileError) as caught:
        _ = Clients(place(profile="wrok" if how == "option" else None)).region

    assert caught.value.profile == "wrok"


def test_without_credentials_nothing_is_sent(place: Any) -> None:
    with pytest.raises(CredentialsError):
        _ = cloud(place(region="eu-west-1")).account


def test_an_endpoint_that_does_not_answer_is_named_at_once(place: Any) -> None:
    with pytest.raises(UnreachableError) as caught:
        _ = cloud(place(endpoint_url=ENDPOINT)).account

    assert "127.0.0.1:9" in caught.value.why
    assert "server still runs" in caught.value.fix


@pytest.mark.parametrize(
    "environment",
    [
        {"AWS_PROFILE": "absent"},
        {"AWS_ACCESS_KEY_ID": "AKIDREAL", "AWS_SECRET_ACCESS_KEY": "real", "AWS_SESSION_TOKEN": "real"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:2"},
        {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
        {"AWS_DEFAULT_REGION": "ap-south-1", "AWS_REGION": "ap-south-1"},
        {"AWS_CA_BUNDLE": "/does/not/exist"},
        {"HTTP_PROXY": "http://127.0.0.1:3", "http_proxy": "http://127.0.0.1:3"},
    ],
    ids=lambda environment: next(iter(environment)),
)
def test_nothing_of_the_user_reaches_an_aws_on_this_machine(
    place: Any, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    clients = Clients(place(endpoint_url=ENDPOINT, region="eu-central-1"))

    client = clients.client("lambda")

    assert client.meta.endpoint_url == ENDPOINT
    assert client.meta.region_name == "eu-central-1"
    credentials = client._request_signer._credentials.get_frozen_credentials()
    assert (credentials.access_key, credentials.secret_key, credentials.token) == ("local", "local", None)
    assert client._endpoint.http_session._proxy_config._proxies == {}


def test_a_service_of_another_region_is_asked_there(place: Any) -> None:
    clients = Clients(place(endpoint_url=ENDPOINT, region="eu-central-1"))

    there, here = clients.client("sns", region="eu-west-1"), clients.client("sns", region="eu-central-1")

    assert (there.meta.region_name, there.meta.endpoint_url) == ("eu-west-1", ENDPOINT)
    assert here is clients.client("sns")


def test_the_timeout_of_the_command_line_is_that_of_connections(place: Any) -> None:
    clients = Clients(place(region="eu-west-1", connection_timeout=7))

    config = clients.client("lambda").meta.config

    assert (config.connect_timeout, config.read_timeout) == (7, 7)
    assert clients.client("lambda", read_timeout=99).meta.config.read_timeout == 99


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eu-west-99", "aws", "amazonaws.com"),
        ("mars-1", "aws", "amazonaws.com"),
    ],
)
def test_each_partition_has_its_own_names(place: Any, region: str, partition: str, suffix: str) -> None:
    there = cloud(place(region=region))

    assert (there.partition, there.dns_suffix) == (partition, suffix)


def test_expired_credentials_come_with_advice(project: Any, new_witness: Any) -> None:
    witness = new_witness()
    witness.fail["GetCallerIdentity"] = [("ExpiredToken", "The security token is expired")]

    with pytest.raises(AwsError) as caught:
        project.deploy(witness=witness)

    assert "aws sso login" in caught.value.fix


def test_a_client_costs_no_more_than_botocore() -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from chalice_core.target import Place
        from chalice_deploy.session import Clients
        here = Path.cwd()
        place = Place(project_dir=here, app_name="shop", stage="dev", records=here, region="eu-west-1")
        Clients(place).client("sts")
        print(sorted({"boto3", "s3transfer"}.intersection(sys.modules)))
    """)

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert result.stdout == "[]\n"
