"""Layers are published when their bytes change; domain names are shared, and those of others left alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from moto.apigateway.models import APIGatewayBackend
from moto.apigateway.responses import APIGatewayResponse

from chalice_core.artifact import Artifact, Artifacts
from chalice_core.kinds import (
    LAYER,
    ApiMapping,
    DomainName,
    Layer,
    Resource,
)
from chalice_core.values import Output, ResourceId
from chalice_deploy.errors import NameTakenError

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ANOTHER_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/2"


@pytest.fixture(autouse=True)
def mappings_of_new_domain_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stock moto fails when it is asked for the mappings of a domain name that never had one."""
    stock = APIGatewayBackend.create_domain_name

    def create_domain_name(self: Any, domain_name: str, *arguments: Any, **named: Any) -> Any:
        self.base_path_mappings.setdefault(domain_name, {})
        return stock(self, domain_name, *arguments, **named)

    monkeypatch.setattr(APIGatewayBackend, "create_domain_name", create_domain_name)


@pytest.fixture
def layered(code: Callable[[str], Artifacts], tmp_path: Path) -> Callable[[bytes], Artifacts]:
    """Return a maker of artifacts with a layer of this content."""

    def make(content: bytes = b"PK\x05\x06" + b"\0" * 18) -> Artifacts:
        sha256 = hashlib.sha256(content).hexdigest()
        path = tmp_path / f"layer-{sha256}.zip"
        path.write_bytes(content)
        return {
            **code("def work(event, context): ..."),
            LAYER: Artifact(path=path, sha256=sha256, size=len(content)),
        }

    return make


def with_layer(resources: list[Resource]) -> list[Resource]:
    """Return the one function of an application that has the layer, and what it needs."""
    layer = Layer(
        id=ResourceId("managed-layer"), layer_name="shop-dev-managed-layer", runtimes=("python3.12",)
    )
    needed = [one for one in resources if one.id in ("default-role", "work_log_group")]
    (work,) = [one for one in resources if one.id == "work"]
    return [layer, *needed, replace(work, layers=(layer.version_arn,))]  # type: ignore[call-arg]


def with_domain(resources: list[Resource], **fields: Any) -> list[Resource]:
    domain = DomainName(
        **{
            "id": ResourceId("api_gateway_custom_domain"),
            "domain_name": "api.example.com",
            "protocol": "REST",
            "certificate_arn": CERTIFICATE,
            **fields,
        }
    )
    mapping = ApiMapping(
        id=ResourceId("api_gateway_custom_domain_mapping"),
        domain_name=domain.name,
        protocol="REST",
        api_id=Output(ResourceId("rest_api"), "api_id"),
        stage_name="api",
    )
    # What a domain name has nothing to do with would only take time.
    needed = [one for one in resources if not one.id.startswith("work")]
    return [*needed, domain, mapping]


def versions(aws_client: Any) -> list[int]:
    found = aws_client("lambda").list_layer_versions(LayerName="shop-dev-managed-layer")["LayerVersions"]
    return [version["Version"] for version in found]


def foreign_domain(gateway: Any) -> None:
    gateway.create_domain_name(
        domainName="api.example.com",
        regionalCertificateArn="theirs",
        endpointConfiguration={"types": ["REGIONAL"]},
    )


def foreign_api(gateway: Any) -> str:
    api: str = gateway.create_rest_api(name="theirs")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="HTTP", uri="http://example.com", integrationHttpMethod="GET")
    gateway.create_deployment(restApiId=api, stageName="live")
    return api


class TestLayers:
    def test_a_layer_is_published_once_while_its_bytes_stay(
        self, project: Any, application: Any, layered: Any, aws_client: Any, new_witness: Any
    ) -> None:
        project.deploy(with_layer(application()), artifacts=layered())
        witness = new_witness()

        project.deploy(with_layer(application(work={"timeout": 3})), witness, artifacts=layered())

        assert "PublishLayerVersion" not in witness.operations
        assert versions(aws_client) == [1]

    def test_new_bytes_are_a_new_version_that_the_function_gets_before_the_old_one_goes(
        self, project: Any, application: Any, layered: Any, aws_client: Any, new_witness: Any
    ) -> None:
        project.deploy(with_layer(application()), artifacts=layered())
        witness = new_witness()

        project.deploy(with_layer(application()), witness, artifacts=layered(b"other"))

        assert versions(aws_client) == [2]
        function = aws_client("lambda").get_function_configuration(FunctionName="shop-dev-work")
        assert [layer["Arn"].rsplit(":", 1)[-1] for layer in function["Layers"]] == ["2"]
        assert witness.mutating == [
            "PublishLayerVersion",
            "UpdateFunctionConfiguration",
            "DeleteLayerVersion",
        ]

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("index", range(3))
    def test_a_new_version_survives_a_crash_at_any_call(
        self,
        project: Any,
        application: Any,
        layered: Any,
        aws_client: Any,
        new_witness: Any,
        crash: Any,
        index: int,
        after: bool,
    ) -> None:
        project.deploy(with_layer(application()), artifacts=layered())
        changed = layered(b"other")
        with pytest.raises(crash):
            project.deploy(
                with_layer(application()), new_witness(crash_at=index, after=after), artifacts=changed
            )

        project.deploy(with_layer(application()), artifacts=changed)

        assert versions(aws_client) == [2]
        assert project.deploy(with_layer(application()), artifacts=changed)[0].steps == ()

    def test_deletion_leaves_no_version(
        self, project: Any, application: Any, layered: Any, aws_client: Any
    ) -> None:
        project.deploy(with_layer(application()), artifacts=layered())

        project.delete()

        assert aws_client("lambda").list_layers()["Layers"] == []

    def test_the_record_names_the_version(self, project: Any, application: Any, layered: Any) -> None:
        project.deploy(with_layer(application()), artifacts=layered())

        (summary,) = [one for one in project.record["resources"] if one["resource_type"] == "lambda_layer"]
        assert summary["layer_version_arn"].endswith(":layer:shop-dev-managed-layer:1")


class TestDomainNames:
    def test_an_api_gets_its_domain_name_and_loses_it(
        self, project: Any, application: Any, aws_client: Any
    ) -> None:
        project.deploy(with_domain(application()))

        gateway = aws_client("apigateway")
        domain = gateway.get_domain_name(domainName="api.example.com")
        assert domain["securityPolicy"] == "TLS_1_2"
        (mapping,) = gateway.get_base_path_mappings(domainName="api.example.com")["items"]
        assert mapping["stage"] == "api"
        assert project.deploy(with_domain(application()))[0].steps == ()
        project.delete()
        assert gateway.get_domain_names().get("items", []) == []

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    def test_its_creation_survives_a_crash_at_any_call(
        self,
        project: Any,
        application: Any,
        aws_client: Any,
        new_witness: Any,
        crash: Any,
        after: bool,
    ) -> None:
        wanted = with_domain(application())
        without = wanted[:-2]
        project.deploy(without)
        witness = new_witness()
        project.deploy(wanted, witness)
        project.deploy(without)
        assert witness.mutating == ["CreateDomainName", "CreateBasePathMapping"]

        for index in range(len(witness.mutating)):
            with pytest.raises(crash):
                project.deploy(wanted, new_witness(crash_at=index, after=after))
            project.deploy(wanted)

            (mapping,) = aws_client("apigateway").get_base_path_mappings(domainName="api.example.com")[
                "items"
            ]
            assert mapping["basePath"] == "(none)"
            project.deploy(without)
            assert aws_client("apigateway").get_domain_names().get("items", []) == []

    def test_another_certificate_and_other_tags_are_changed_in_place(
        self, project: Any, application: Any, aws_client: Any, new_witness: Any, monkeypatch: Any
    ) -> None:
        told: list[Any] = []

        def update_domain_name(self: Any) -> Any:
            told.append(json.loads(self.body)["patchOperations"])
            return 200, {}, "{}"

        def change_tags(self: Any) -> Any:
            arn = unquote(self.path.split("/tags/")[1])
            assert arn == "arn:aws:apigateway:eu-central-1::/domainnames/api.example.com"
            told.append(self._get_param("tags") or self.querystring["tagKeys"])
            return 204, {}, ""

        # Stock moto knows tags of stages only.
        monkeypatch.setattr(APIGatewayResponse, "tag_resource", change_tags)
        monkeypatch.setattr(APIGatewayResponse, "untag_resource", change_tags)
        # Stock moto knows the operation by its name only.
        assert not hasattr(APIGatewayResponse, "update_domain_name")
        monkeypatch.setattr(APIGatewayResponse, "update_domain_name", update_domain_name, raising=False)
        project.deploy(with_domain(application(), tags={"team": "blue", "cost": "1"}))
        witness = new_witness()

        project.deploy(
            with_domain(application(), certificate_arn=ANOTHER_CERTIFICATE, tags={"team": "red"}), witness
        )

        assert witness.mutating == ["UpdateDomainName", "TagResource", "UntagResource"]
        patch, tags, gone = told
        assert {"op": "replace", "path": "/regionalCertificateArn", "value": ANOTHER_CERTIFICATE} in patch
        assert tags["team"] == "red"
        assert gone == ["cost"]

    def test_a_domain_name_of_others_is_used_and_left_alone(
        self, project: Any, application: Any, aws_client: Any, new_witness: Any
    ) -> None:
        gateway = aws_client("apigateway")
        foreign_domain(gateway)
        witness = new_witness()

        project.deploy(with_domain(application()), witness)
        project.delete()

        assert "UpdateDomainName" not in witness.operations
        assert gateway.get_domain_name(domainName="api.example.com")["regionalCertificateArn"] == "theirs"
        assert gateway.get_base_path_mappings(domainName="api.example.com").get("items", []) == []

    def test_a_domain_name_that_others_still_use_stays(
        self, project: Any, application: Any, aws_client: Any
    ) -> None:
        project.deploy(with_domain(application()))
        gateway = aws_client("apigateway")
        api = foreign_api(gateway)
        gateway.create_base_path_mapping(
            domainName="api.example.com", restApiId=api, stage="live", basePath="theirs"
        )

        project.delete()

        (mapping,) = gateway.get_base_path_mappings(domainName="api.example.com")["items"]
        assert mapping["basePath"] == "theirs"

    def test_a_path_that_another_application_has_is_not_taken(
        self, project: Any, application: Any, aws_client: Any
    ) -> None:
        gateway = aws_client("apigateway")
        project.deploy()
        foreign_domain(gateway)
        gateway.create_base_path_mapping(
            domainName="api.example.com", restApiId=foreign_api(gateway), stage="live"
        )

        with pytest.raises(NameTakenError):
            project.deploy(with_domain(application()))

        (mapping,) = gateway.get_base_path_mappings(domainName="api.example.com")["items"]
        assert mapping["stage"] == "live"

    def test_the_record_and_the_report_say_where_dns_has_to_point(
        self, project: Any, application: Any
    ) -> None:
        project.deploy(with_domain(application()))

        (summary,) = [one for one in project.record["resources"] if one["resource_type"] == "domain_name"]
        labels = [value.label for value in project.deployment().report()]
        assert summary["certificate_arn"] == CERTIFICATE
        assert {"Custom domain name", "HostedZoneId", "AliasDomainName"} <= set(labels)
