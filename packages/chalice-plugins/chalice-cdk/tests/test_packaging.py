"""Applications are packaged by the tools, from what the construct says and without changing the project."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalice_cdk.errors import ChaliceError
from chalice_cdk.package_config import PackageConfig
from chalice_cdk.packaging import PackageRequest, write_package

pytest.importorskip("chalice_packager", reason="chalice-packager is not installed")

QUEUE, ARN = "${Token[TOKEN.1]}", "arn:aws:sqs:us-east-1:123456789012:cdktoken01234567x"
EVENTS = """
import os
from chalice import Chalice

app = Chalice(app_name="shop")


@app.on_sqs_message(queue_arn=os.environ["QUEUE_ARN"])
def work(event): ...
"""


@pytest.fixture
def packaged(tmp_path: Path) -> Callable[[PackageRequest], dict[str, Any]]:
    def run(request: PackageRequest) -> dict[str, Any]:
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        write_package(request, out)
        template: dict[str, Any] = json.loads((out / "sam.json").read_bytes())
        return template

    return run


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    def current() -> dict[str, str]:
        # pytest itself keeps this one up to date.
        return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}

    before = current()
    yield before
    assert current() == before


def properties(template: dict[str, Any], resource: str = "APIHandler") -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][resource]["Properties"]
    return found


def test_a_stage_that_the_file_does_not_list_is_packaged_and_the_file_is_not_written(
    request_of: Callable[..., PackageRequest], packaged: Callable[[PackageRequest], dict[str, Any]]
) -> None:
    config = {"version": "2.0", "app_name": "shop", "lambda_timeout": 7, "stages": {"dev": {"xray": True}}}
    request = request_of(config=config, stage_config={"lambda_memory_size": 512})
    file = request.source_dir / ".chalice" / "config.json"
    before = file.read_bytes(), file.stat().st_mtime_ns

    template = packaged(request)

    assert properties(template)["MemorySize"] == 512
    assert properties(template)["Timeout"] == 7
    assert properties(template)["Tracing"] == "PassThrough"
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_the_stage_of_the_file_that_is_named_after_the_scope_is_used(
    request_of: Callable[..., PackageRequest], packaged: Callable[[PackageRequest], dict[str, Any]]
) -> None:
    config = {"version": "2.0", "app_name": "shop", "stages": {"Prod-web-api": {"lambda_timeout": 9}}}

    template = packaged(request_of(config=config, scope="Prod/web-api"))

    assert properties(template)["Timeout"] == 9
    assert "stage=Prod-web-api" in properties(template)["Tags"]["aws-chalice"]


def test_a_stage_that_somebody_named_has_to_be_there(request_of: Callable[..., PackageRequest]) -> None:
    config = {"version": "2.0", "app_name": "shop", "stages": {"prod": {}}}

    with pytest.raises(ChaliceError, match=r"The stage 'prd' is not in .*\n.*\nDid you mean 'prod'"):
        write_package(request_of(config=config, stage="prd"), Path())


def test_tokens_pass_through_to_the_template(
    request_of: Callable[..., PackageRequest], packaged: Callable[[PackageRequest], dict[str, Any]]
) -> None:
    stage_config = {
        "environment_variables": {"TABLE": "${Token[TOKEN.1]}"},
        "lambda_functions": {
            "api_handler": {
                "manage_iam_role": False,
                "iam_role_arn": "${Token[Role.Arn.2]}",
                "lambda_timeout": -1.8881545897087557e289,
                "subnet_ids": ["#{Token[TOKEN.3]}"],
                "security_group_ids": ["${Token[TOKEN.4]}"],
            }
        },
    }

    found = properties(packaged(request_of(stage_config=stage_config)))

    assert found["Environment"]["Variables"]["TABLE"] == "${Token[TOKEN.1]}"
    assert found["Role"] == "${Token[Role.Arn.2]}"
    assert found["Timeout"] == -1.8881545897087557e289
    assert found["VpcConfig"]["SubnetIds"] == ["#{Token[TOKEN.3]}"]


def test_domain_names_and_stages_of_the_api_may_be_tokens(
    request_of: Callable[..., PackageRequest], packaged: Callable[[PackageRequest], dict[str, Any]]
) -> None:
    stage_config = {
        "api_gateway_stage": "${Token[TOKEN.3]}",
        "api_gateway_custom_domain": {
            "domain_name": "${Token[TOKEN.1]}",
            "certificate_arn": "${Token[TOKEN.2]}",
        },
    }

    template = packaged(request_of(stage_config=stage_config))

    domain = properties(template, "ApiGatewayCustomDomain")
    assert (domain["DomainName"], domain["CertificateArn"]) == ("${Token[TOKEN.1]}", "${Token[TOKEN.2]}")
    assert properties(template, "RestAPI")["StageName"] == "${Token[TOKEN.3]}"


def test_events_may_be_declared_by_tokens(
    request_of: Callable[..., PackageRequest], packaged: Callable[[PackageRequest], dict[str, Any]]
) -> None:
    pytest.importorskip("chalice_sqs", reason="chalice-sqs is not installed")
    request = request_of(
        EVENTS, stage_config={"environment_variables": {"QUEUE_ARN": QUEUE}}, stand_ins={QUEUE: ARN}
    )

    template = packaged(request)

    events = properties(template, "Work")["Events"]
    assert events["WorkSqsEventSource"]["Properties"]["Queue"] == QUEUE
    assert "cdktoken" not in json.dumps(template)


def test_a_token_that_nobody_knows_is_explained(request_of: Callable[..., PackageRequest]) -> None:
    pytest.importorskip("chalice_sqs", reason="chalice-sqs is not installed")
    request = request_of(EVENTS, stage_config={"environment_variables": {"QUEUE_ARN": QUEUE}})

    with pytest.raises(ChaliceError, match=r"on_sqs_message on 'work'(.|\n)*is one of the CDK's"):
        write_package(request, Path())


def test_mistakes_of_the_stage_are_told_with_their_place(request_of: Callable[..., PackageRequest]) -> None:
    with pytest.raises(ChaliceError) as caught:
        write_package(request_of(stage_config={"lambda_timout": 3, "xray": "yes"}), Path())

    assert "stage_config has 2 mistakes" in str(caught.value)
    assert 'did you mean "lambda_timeout"' in str(caught.value)


def test_an_application_that_cannot_be_imported_is_a_chalice_error(
    request_of: Callable[..., PackageRequest],
) -> None:
    with pytest.raises(ChaliceError, match="ZeroDivisionError"):
        write_package(request_of("x = 1 / 0"), Path())


def test_variables_for_packaging_are_added_and_win_and_are_taken_back(
    request_of: Callable[..., PackageRequest],
    packaged: Callable[[PackageRequest], dict[str, Any]],
    environment: dict[str, str],
) -> None:
    source = """
import os
from chalice import Chalice

app = Chalice(app_name="shop")
assert os.environ["PATH"] == os.environ["PATH_OF_TEST"]


@app.lambda_function(name=os.environ["NAME"])
def handler(event, context): ...
"""
    request = request_of(
        source,
        stage_config={"environment_variables": {"NAME": "configured"}},
        env={"NAME": "given", "PATH_OF_TEST": os.environ["PATH"]},
    )

    template = packaged(request)

    assert "Given" in template["Resources"]
    assert properties(template, "Given")["Environment"]["Variables"]["NAME"] == "configured"


class TestPackageConfig:
    def test_has_the_region_unless_it_is_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)

        assert PackageConfig().env == {"AWS_DEFAULT_REGION": "us-east-1"}
        assert PackageConfig(env={"A": "1"}).env == {"AWS_DEFAULT_REGION": "us-east-1", "A": "1"}
        given = {"AWS_DEFAULT_REGION": "eu-west-1"}
        assert PackageConfig(env=given).env == given

    def test_takes_the_region_of_the_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")

        assert PackageConfig().env == {"AWS_DEFAULT_REGION": "eu-north-1"}

    def test_is_shown_without_what_may_be_secret(self) -> None:
        assert "hunter2" not in repr(PackageConfig(env={"PASSWORD": "hunter2"}))

    def test_takes_its_arguments_by_position(self) -> None:
        config = PackageConfig(True, "image", {"A": "1"})

        assert (config.use_container, config.image) == (True, "image")
