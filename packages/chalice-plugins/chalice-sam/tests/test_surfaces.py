"""What callers reach: WebSocket APIs, domain names, URLs; and what functions bring along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.graph import Graph
from chalice_core.kinds import (
    LAYER,
    CloudFormationResource,
    EventInvokeConfig,
    Layer,
    WebSocketApi,
    WebSocketRoute,
)
from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_core.values import ResourceId
from chalice_sam.format import SamFormat

Template = dict[str, Any]
TemplateOf = Callable[..., Template]


def api_in(resources: tuple[Any, ...]) -> WebSocketApi:
    """Return the WebSocket API among resources."""
    (api,) = (each for each in resources if isinstance(each, WebSocketApi))
    return api


def test_a_websocket_api_has_the_ids_and_outputs_that_deployed_stacks_have(
    parts: Any, template_of: TemplateOf
) -> None:
    template = template_of(parts.role, *parts.sockets())

    assert set(template["Resources"]) == {
        "DefaultRole",
        "DefaultRoleManagesConnections",
        "WebsocketAPI",
        "WebsocketAPIDeployment",
        "WebsocketAPIStage",
        *(
            f"Websocket{name}{part}"
            for name in ("Connect", "Message", "Disconnect")
            for part in ("", "APIIntegration", "Route", "InvokePermission")
        ),
    }
    assert template["Outputs"] == {
        "WebsocketAPIId": {"Value": {"Ref": "WebsocketAPI"}},
        **{
            f"Websocket{name}Handler{what}": {"Value": value}
            for name in ("Connect", "Message", "Disconnect")
            for what, value in (
                ("Arn", {"Fn::GetAtt": [f"Websocket{name}", "Arn"]}),
                ("Name", {"Ref": f"Websocket{name}"}),
            )
        },
        "WebsocketConnectEndpointURL": {
            "Value": {"Fn::Sub": "wss://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api/"}
        },
    }


def test_changes_of_a_websocket_api_are_deployed_by_its_stage(parts: Any, template_of: TemplateOf) -> None:
    resources = template_of(parts.role, *parts.sockets())["Resources"]

    assert resources["WebsocketAPIStage"]["Properties"] == {
        "ApiId": {"Ref": "WebsocketAPI"},
        "StageName": "api",
        "AutoDeploy": True,
    }
    assert resources["WebsocketAPIStage"]["DependsOn"] == ["WebsocketAPIDeployment"]
    assert resources["WebsocketAPIDeployment"]["DependsOn"] == [
        "WebsocketConnectRoute",
        "WebsocketMessageRoute",
        "WebsocketDisconnectRoute",
    ]


def test_a_route_leads_through_its_integration_to_its_function(parts: Any, template_of: TemplateOf) -> None:
    resources = template_of(parts.role, *parts.sockets())["Resources"]

    assert resources["WebsocketMessageRoute"]["Properties"] == {
        "ApiId": {"Ref": "WebsocketAPI"},
        "RouteKey": "$default",
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "WebsocketMessageAPIIntegration"}]]},
    }
    uri = resources["WebsocketMessageAPIIntegration"]["Properties"]["IntegrationUri"]
    assert "${WebsocketMessage.Arn}/invocations" in uri["Fn::Sub"]


def test_a_function_with_two_routes_has_one_integration(parts: Any, template_of: TemplateOf) -> None:
    chat = parts.function("chat")
    api = WebSocketApi(
        id=ResourceId("websocket_api"),
        name="n",
        stage_name="s",
        routes=(
            WebSocketRoute(route_key="$default", function_arn=chat.arn),
            WebSocketRoute(route_key="send-all", function_arn=chat.arn),
        ),
    )

    resources = template_of(parts.role, chat, api)["Resources"]

    keys = {id: r["Properties"]["RouteKey"] for id, r in resources.items() if r["Type"].endswith("::Route")}
    assert keys == {"ChatRoute": "$default", "ChatSendAllRoute": "send-all"}
    assert [id for id in resources if id.endswith("Integration")] == ["ChatAPIIntegration"]


def test_a_domain_name_of_cloudfront_has_its_certificate_and_no_base_path(
    parts: Any, template_of: TemplateOf
) -> None:
    handler = parts.function()
    api, permission = parts.api(handler)
    domain = parts.domain(api, endpoint_type="EDGE", security_policy="TLS_1_0")
    told = parts.function(
        "told", environment={"HOST": domain[0].alias_domain_name, "ZONE": domain[0].hosted_zone_id}
    )

    resources = template_of(parts.role, handler, api, permission, *domain, told)["Resources"]

    name = resources["ApiGatewayCustomDomain"]
    assert name["Type"] == "AWS::ApiGateway::DomainName"
    assert name["Properties"] == {
        "DomainName": "api.example.com",
        "EndpointConfiguration": {"Types": ["EDGE"]},
        "CertificateArn": domain[0].certificate_arn,
        "SecurityPolicy": "TLS_1_0",
    }
    assert resources["ApiGatewayCustomDomainMapping"] == {
        "Type": "AWS::ApiGateway::BasePathMapping",
        "Properties": {
            "DomainName": {"Ref": "ApiGatewayCustomDomain"},
            "RestApiId": {"Ref": "RestAPI"},
            "Stage": {"Fn::Sub": "${RestAPI.Stage}"},
        },
    }
    assert resources["Told"]["Properties"]["Environment"]["Variables"] == {
        "HOST": {"Fn::GetAtt": ["ApiGatewayCustomDomain", "DistributionDomainName"]},
        "ZONE": {"Fn::GetAtt": ["ApiGatewayCustomDomain", "DistributionHostedZoneId"]},
    }


def test_a_mapping_waits_for_the_stage_that_sam_makes(
    parts: Any, template_of: TemplateOf, translate: Callable[[Template], Template]
) -> None:
    handler = parts.function()
    api, permission = parts.api(handler)

    translated = translate(template_of(parts.role, handler, api, permission, *parts.domain(api)))

    mapping = translated["Resources"]["ApiGatewayCustomDomainMapping"]["Properties"]
    stage = translated["Resources"][mapping["Stage"]["Fn::Sub"].strip("${}")]
    assert stage["Type"] == "AWS::ApiGateway::Stage"
    assert stage["Properties"]["StageName"] == "api"


def test_a_regional_domain_name_has_tags_and_a_base_path(parts: Any, template_of: TemplateOf) -> None:
    handler = parts.function()
    api, permission = parts.api(handler, endpoint_type="REGIONAL")
    domain = parts.domain(api, tags={"team": "blue"}, base_path="v1")
    told = parts.function("told", environment={"HOST": domain[0].alias_domain_name})

    resources = template_of(parts.role, handler, api, permission, *domain, told)["Resources"]

    properties = resources["ApiGatewayCustomDomain"]["Properties"]
    assert properties["RegionalCertificateArn"] == domain[0].certificate_arn
    assert "CertificateArn" not in properties
    assert properties["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert resources["ApiGatewayCustomDomainMapping"]["Properties"]["BasePath"] == "v1"
    assert resources["Told"]["Properties"]["Environment"]["Variables"]["HOST"] == {
        "Fn::GetAtt": ["ApiGatewayCustomDomain", "RegionalDomainName"]
    }


def test_a_websocket_domain_name_is_of_the_second_generation(parts: Any, template_of: TemplateOf) -> None:
    sockets = parts.sockets()
    domain = parts.domain(api_in(sockets), tags={"team": "blue"})
    told = parts.function("told", environment={"ZONE": domain[0].hosted_zone_id})

    resources = template_of(parts.role, *sockets, *domain, told)["Resources"]

    assert resources["WebsocketApiCustomDomain"] == {
        "Type": "AWS::ApiGatewayV2::DomainName",
        "Properties": {
            "DomainName": "api.example.com",
            "DomainNameConfigurations": [
                {
                    "CertificateArn": domain[0].certificate_arn,
                    "EndpointType": "REGIONAL",
                    "SecurityPolicy": "TLS_1_2",
                }
            ],
            "Tags": {"team": "blue"},
        },
    }
    assert resources["WebsocketApiCustomDomainMapping"]["Properties"] == {
        "DomainName": {"Ref": "WebsocketApiCustomDomain"},
        "ApiId": {"Ref": "WebsocketAPI"},
        "Stage": {"Ref": "WebsocketAPIStage"},
    }
    assert resources["Told"]["Properties"]["Environment"]["Variables"]["ZONE"] == {
        "Fn::GetAtt": ["WebsocketApiCustomDomain", "RegionalHostedZoneId"]
    }


def test_a_websocket_api_may_have_a_part_of_a_domain_name(parts: Any, template_of: TemplateOf) -> None:
    sockets = parts.sockets()

    template = template_of(parts.role, *sockets, *parts.domain(api_in(sockets), base_path="chat"))

    mapping = template["Resources"]["WebsocketApiCustomDomainMapping"]["Properties"]
    assert mapping["ApiMappingKey"] == "chat"


def test_a_url_has_the_permissions_of_the_graph_and_no_other(
    parts: Any, template_of: TemplateOf, translate: Callable[[Template], Template]
) -> None:
    work = parts.function("work")
    cors = {"AllowOrigins": ["*"], "MaxAge": 60}

    template = template_of(parts.role, work, *parts.url(work, cors=cors, invoke_mode="RESPONSE_STREAM"))

    assert template["Resources"]["WorkUrl"] == {
        "Type": "AWS::Lambda::Url",
        "Properties": {
            "TargetFunctionArn": {"Ref": "Work"},
            "AuthType": "NONE",
            "InvokeMode": "RESPONSE_STREAM",
            "Cors": cors,
        },
    }
    assert template["Outputs"]["WorkUrl"] == {"Value": {"Fn::GetAtt": ["WorkUrl", "FunctionUrl"]}}
    allowed = {
        id: resource["Properties"]
        for id, resource in translate(template)["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Permission"
    }
    assert allowed == {
        "WorkUrlPermission": {
            "FunctionName": {"Ref": "Work"},
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "*",
            "FunctionUrlAuthType": "NONE",
        },
        "WorkUrlInvokePermission": {
            "FunctionName": {"Ref": "Work"},
            "Action": "lambda:InvokeFunction",
            "Principal": "*",
            "InvokedViaFunctionUrl": True,
        },
    }


def test_failed_events_go_where_the_function_says(parts: Any, template_of: TemplateOf) -> None:
    work, other = parts.function("work"), parts.function("other")
    queue = "arn:aws:sqs:us-west-2:123456789012:dead"
    config = EventInvokeConfig(
        id=ResourceId("work-invoke-config"),
        function_arn=work.arn,
        maximum_retry_attempts=0,
        maximum_event_age=60,
        on_failure=queue,
        on_success=other.arn,
    )
    few = replace(
        config, maximum_retry_attempts=None, maximum_event_age=None, on_failure=None, on_success=None
    )

    resource = template_of(parts.role, work, other, config)["Resources"]["WorkInvokeConfig"]
    bare = template_of(parts.role, work, few)["Resources"]["WorkInvokeConfig"]

    assert resource["Type"] == "AWS::Lambda::EventInvokeConfig"
    assert resource["Properties"] == {
        "FunctionName": {"Ref": "Work"},
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
        "DestinationConfig": {
            "OnFailure": {"Destination": queue},
            "OnSuccess": {"Destination": {"Fn::GetAtt": ["Other", "Arn"]}},
        },
    }
    assert bare["Properties"] == {"FunctionName": {"Ref": "Work"}, "Qualifier": "$LATEST"}


def test_a_layer_comes_before_those_of_others_and_its_file_is_written(
    parts: Any, plugins: Plugins, request_for: Callable[..., FormatRequest], artifacts: Artifacts
) -> None:
    import json

    layer = Layer(
        id=ResourceId("managed-layer"),
        layer_name="shop-dev-managed-layer",
        runtimes=("python3.11",),
        architecture="arm64",
    )
    theirs = "arn:aws:lambda:us-west-2:123456789012:layer:tools:3"
    work = parts.function("work", layers=(layer.version_arn, theirs))
    (built,) = artifacts.values()
    request = replace(
        request_for(), graph=Graph.of([parts.role, layer, work]), artifacts={**artifacts, LAYER: built}
    )

    files = SamFormat(plugins).render(request)

    content = files["sam.json"]
    assert isinstance(content, bytes)
    resources = json.loads(content)["Resources"]
    assert resources["ManagedLayer"] == {
        "Type": "AWS::Serverless::LayerVersion",
        "Properties": {
            "CompatibleRuntimes": ["python3.11"],
            "CompatibleArchitectures": ["arm64"],
            "ContentUri": "./layer-deployment.zip",
            "LayerName": "shop-dev-managed-layer",
        },
    }
    assert resources["Work"]["Properties"]["Layers"] == [{"Ref": "ManagedLayer"}, theirs]
    assert files["layer-deployment.zip"] == built.path


def test_what_cloudformation_describes_is_written_as_it_is(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    queue = CloudFormationResource(
        id=ResourceId("orders-queue"), type="AWS::SQS::Queue", properties={"Tags": [], "QueueName": "o"}
    )
    mapping = parts.queue(work, source_arn=queue.attribute("Arn"))
    told = parts.function("told", environment={"URL": queue.ref})

    resources = template_of(parts.role, queue, work, mapping, told)["Resources"]

    assert resources["OrdersQueue"] == {
        "Type": "AWS::SQS::Queue",
        "Properties": {"Tags": [], "QueueName": "o"},
    }
    source = resources["Work"]["Properties"]["Events"]["WorkSqsEventSource"]["Properties"]["Queue"]
    assert source == {"Fn::GetAtt": ["OrdersQueue", "Arn"]}
    assert resources["Told"]["Properties"]["Environment"]["Variables"] == {"URL": {"Ref": "OrdersQueue"}}
