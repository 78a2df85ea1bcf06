"""Domain names of one's own: what becomes of them, and what API Gateway would refuse."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.config import CustomDomain, load_config
from chalice_core.domains import REST_DOMAIN, domain_problems, domain_resources
from chalice_core.kinds import ApiMapping, DomainName, WebSocketApi, WebSocketRoute
from chalice_core.testing import app, graph, route, stage_config, write_project
from chalice_core.values import Output, ResourceId

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"


def domain(name: str = "api.example.com", **fields: Any) -> CustomDomain:
    return CustomDomain(**{"domain_name": name, "certificate_arn": CERTIFICATE, **fields})


def problems(**config: Any) -> list[str]:
    return list(domain_problems(stage_config(**config)))


def test_a_rest_api_is_put_behind_its_domain_name() -> None:
    config = stage_config(
        api_gateway_custom_domain=domain(base_path="v1", tags={"team": "blue"}), api_gateway_stage="api"
    )

    resources = graph(app(routes=[route()]), config=config)

    (name,), (mapping,) = resources.of_kind(DomainName), resources.of_kind(ApiMapping)
    assert (name.id, name.protocol, name.endpoint_type) == (REST_DOMAIN, "REST", "EDGE")
    assert name.tags == {"team": "blue"}
    assert (mapping.domain_name.of, mapping.api_id.of) == (name.id, "rest_api")
    assert (mapping.base_path, mapping.stage_name) == ("v1", "api")


def test_a_websocket_apis_domain_name_is_regional() -> None:
    api = WebSocketApi(
        id=ResourceId("websocket_api"),
        name="hello-dev-websocket-api",
        stage_name="api",
        routes=(WebSocketRoute(route_key="$connect", function_arn=Output(ResourceId("f"), "arn")),),
    )

    name, mapping = domain_resources(api, stage_config(websocket_api_custom_domain=domain()))

    assert isinstance(name, DomainName)
    assert isinstance(mapping, ApiMapping)
    assert (name.endpoint_type, name.protocol, mapping.protocol) == ("REGIONAL", "WEBSOCKET", "WEBSOCKET")


def test_without_a_domain_name_there_is_nothing() -> None:
    assert not graph(app(routes=[route()])).of_kind(DomainName)


def test_the_file_has_the_keys_of_existing_projects(tmp_path: Any) -> None:
    described = {
        "domain_name": "api.example.com",
        "certificate_arn": CERTIFICATE,
        "tls_version": "TLS_1_0",
        "url_prefix": "/v1/",
        "tags": {"team": "blue", "gone": None},
    }
    write_project(tmp_path, config={"app_name": "hello", "api_gateway_custom_domain": described})

    found = load_config(tmp_path).stage().api_gateway_custom_domain

    assert found == domain(security_policy="TLS_1_0", base_path="v1", tags={"team": "blue"})


@pytest.mark.parametrize(
    ("config", "phrase"),
    [
        ({"api_gateway_custom_domain": domain("https://api.example.com")}, "without scheme"),
        ({"api_gateway_custom_domain": domain("API.example.com")}, "lower case"),
        ({"api_gateway_custom_domain": domain(certificate_arn="mine")}, "ARN of a certificate"),
        (
            {
                "api_gateway_custom_domain": domain(
                    certificate_arn=CERTIFICATE.replace("us-east-1", "eu-west-1")
                )
            },
            "needs one in us-east-1",
        ),
        ({"api_gateway_custom_domain": domain(security_policy="TLS_1_1")}, "TLS_1_0 and TLS_1_2"),
        (
            {"api_gateway_custom_domain": domain(), "api_gateway_endpoint_type": "PRIVATE"},
            "cannot be had for a private API",
        ),
        ({"websocket_api_custom_domain": domain(security_policy="TLS_1_0")}, "and no other"),
        (
            {"api_gateway_custom_domain": domain(), "websocket_api_custom_domain": domain()},
            "behind one domain name",
        ),
    ],
)
def test_what_api_gateway_would_refuse_is_said(config: dict[str, Any], phrase: str) -> None:
    (problem,) = problems(**config)

    assert phrase in problem


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"api_gateway_custom_domain": domain("*.example.com")},
        {"api_gateway_custom_domain": domain(certificate_arn="${Token[TOKEN.12]}")},
        {
            "api_gateway_custom_domain": domain(
                certificate_arn=CERTIFICATE.replace("us-east-1", "eu-west-1")
            ),
            "api_gateway_endpoint_type": "REGIONAL",
        },
    ],
)
def test_these_are_fine(config: dict[str, Any]) -> None:
    assert problems(**config) == []
