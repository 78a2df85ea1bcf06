"""The definition of a REST API as API Gateway imports it."""

from __future__ import annotations

import json
from typing import Any

from chalice_core.config import StageConfig
from chalice_core.kinds import RestApi
from chalice_core.manifest import RouteDeclaration
from chalice_core.swagger import document
from chalice_core.testing import app, graph, route, stage_config
from chalice_core.values import ResourceId, render_tree


def definition(*routes: RouteDeclaration, config: StageConfig | None = None, **fields: Any) -> Any:
    api = graph(app(routes=routes, **fields), config=config)[ResourceId("rest_api")]
    assert isinstance(api, RestApi)
    tree = render_tree(document(api), output=lambda one: f"<{one.of}>", pseudo=lambda one: one.name.lower())
    return json.loads(json.dumps(tree))


def test_the_head_names_the_application() -> None:
    made = definition(route(), name="My shop", binary_types=("image/png",))

    assert made["swagger"] == "2.0"
    assert made["info"] == {"title": "My shop", "version": "1.0"}
    assert made["schemes"] == ["https"]
    assert made["x-amazon-apigateway-binary-media-types"] == ["image/png"]


def test_a_view_is_a_proxy_to_its_function() -> None:
    view = definition(route(content_types=("a/b", "c/d")))["paths"]["/"]["get"]

    assert view["consumes"] == ["a/b", "c/d"]
    assert view["produces"] == ["application/json"]
    assert view["responses"]["200"]["schema"] == {"$ref": "#/definitions/Empty"}
    assert view["x-amazon-apigateway-integration"] == {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": "arn:partition:apigateway:region:lambda:path/2015-03-31/functions/<api_handler>/invocations",
        "passthroughBehavior": "when_no_match",
        "contentHandling": "CONVERT_TO_TEXT",
        "responses": {"default": {"statusCode": "200"}},
    }
    assert "parameters" not in view
    assert "security" not in view


def test_path_parameters_are_declared_in_order() -> None:
    view = definition(route("/users/{name}/files/{rest+}"))["paths"]["/users/{name}/files/{rest+}"]["get"]

    assert view["parameters"] == [
        {"name": "name", "in": "path", "required": True, "type": "string"},
        {"name": "rest", "in": "path", "required": True, "type": "string"},
    ]


def test_the_docstring_becomes_summary_and_description() -> None:
    paths = definition(route("/a", summary="First.", description="More."), route("/b"))["paths"]

    assert (paths["/a"]["get"]["summary"], paths["/a"]["get"]["description"]) == ("First.", "More.")
    assert not {"summary", "description"} & set(paths["/b"]["get"])


def test_a_route_with_an_api_key_asks_for_it() -> None:
    made = definition(route(api_key_required=True))

    assert made["paths"]["/"]["get"]["security"] == [{"api_key": []}]
    assert made["securityDefinitions"] == {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}


def test_cors_adds_a_preflight_for_the_methods_that_have_it() -> None:
    cors = {"Access-Control-Allow-Origin": "https://example.com", "Access-Control-Max-Age": "600"}
    made = definition(
        route("/x/{id}", cors=cors), route("/x/{id}", "PUT", cors=cors), route("/x/{id}", "DELETE")
    )

    preflight = made["paths"]["/x/{id}"]["options"]

    integration = preflight["x-amazon-apigateway-integration"]
    assert integration["type"] == "mock"
    assert integration["requestTemplates"] == {"application/json": '{"statusCode": 200}'}
    assert integration["responses"]["default"]["responseParameters"] == {
        "method.response.header.Access-Control-Allow-Methods": "'GET,PUT,OPTIONS'",
        "method.response.header.Access-Control-Allow-Origin": "'https://example.com'",
        "method.response.header.Access-Control-Max-Age": "'600'",
    }
    assert set(preflight["responses"]["200"]["headers"]) == {
        "Access-Control-Allow-Methods",
        *cors,
    }
    assert [parameter["name"] for parameter in preflight["parameters"]] == ["id"]


def test_without_api_keys_no_security_is_defined() -> None:
    assert "securityDefinitions" not in definition(route())


def test_without_cors_there_is_no_preflight() -> None:
    assert set(definition(route())["paths"]["/"]) == {"get"}


def test_a_private_api_names_its_endpoints_and_has_a_policy() -> None:
    config = stage_config(api_gateway_endpoint_type="PRIVATE", api_gateway_endpoint_vpce=("vpce-1",))

    made = definition(route(), config=config)

    assert made["x-amazon-apigateway-endpoint-configuration"] == {"vpcEndpointIds": ["vpce-1"]}
    assert made["x-amazon-apigateway-policy"]["Statement"][0]["Action"] == "execute-api:Invoke"


def test_a_public_one_has_neither() -> None:
    made = definition(route())

    assert not {"x-amazon-apigateway-endpoint-configuration", "x-amazon-apigateway-policy"} & set(made)
