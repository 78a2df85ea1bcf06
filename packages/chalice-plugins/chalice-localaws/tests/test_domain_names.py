"""Domain names of one's own: kept, changed, and answered for when a client says the name."""

from __future__ import annotations

import http.client
import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket
from botocore.exceptions import ClientError

SOURCE = """
def handler(event, context):
    return {"statusCode": 200, "body": event.get("path", "")}
"""
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"


def ask(cloud: Any, host: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(cloud.url).netloc, timeout=20)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


@pytest.fixture
def domain() -> str:
    return f"{uuid.uuid4().hex[:8]}.example.com"


@pytest.fixture(scope="module")
def rest_api(cloud: Any) -> str:
    arn = cloud.function(SOURCE)
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    proxy = {"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}}
    paths = {"/": {"get": proxy}, "/users": {"get": proxy}}
    document = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    client = cloud.client("apigateway")
    api: str = client.import_rest_api(body=json.dumps(document))["id"]
    client.create_deployment(restApiId=api, stageName="api")
    cloud.client("lambda").add_permission(
        FunctionName=arn,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    return api


def test_a_domain_name_leads_to_its_apis(cloud: Any, rest_api: str, domain: str) -> None:
    client = cloud.client("apigateway")
    client.create_domain_name(domainName=domain, regionalCertificateArn=CERTIFICATE)
    assert client.get_base_path_mappings(domainName=domain)["items"] == []
    assert ask(cloud, domain, "/users")[0] == 403
    client.create_base_path_mapping(domainName=domain, restApiId=rest_api, stage="api", basePath="shop")

    assert ask(cloud, domain, "/shop/users") == (200, "/users")
    assert ask(cloud, f"{domain}:8000", "/shop") == (200, "/")
    assert ask(cloud, domain, "/users")[0] == 403
    client.create_base_path_mapping(domainName=domain, restApiId=rest_api, stage="api")
    assert ask(cloud, domain, "/users") == (200, "/users")

    client.delete_domain_name(domainName=domain)
    assert ask(cloud, domain, "/users")[0] == 403


def test_a_domain_name_is_changed_and_is_there_once(cloud: Any, domain: str) -> None:
    client = cloud.client("apigateway")
    client.create_domain_name(domainName=domain, certificateArn=CERTIFICATE, securityPolicy="TLS_1_0")
    with pytest.raises(client.exceptions.BadRequestException, match="already exists"):
        client.create_domain_name(domainName=domain, certificateArn=CERTIFICATE)
    client.update_domain_name(
        domainName=domain,
        patchOperations=[{"op": "replace", "path": "/securityPolicy", "value": "TLS_1_2"}],
    )
    assert client.get_domain_name(domainName=domain)["securityPolicy"] == "TLS_1_2"
    with pytest.raises(client.exceptions.BadRequestException, match=r"/odd .* is not emulated"):
        client.update_domain_name(
            domainName=domain, patchOperations=[{"op": "replace", "path": "/odd", "value": "1"}]
        )
    client.delete_domain_name(domainName=domain)
    with pytest.raises(client.exceptions.NotFoundException):
        client.update_domain_name(domainName=domain, patchOperations=[])


def test_websocket_apis_have_domain_names_too(cloud: Any, domain: str) -> None:
    arn = cloud.function(SOURCE)
    client = cloud.client("apigatewayv2")
    api = client.create_api(
        Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    integration = client.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=uri)
    target = f"integrations/{integration['IntegrationId']}"
    client.create_route(ApiId=api, RouteKey="$default", Target=target)
    for stage in ("one", "two"):
        deployment = client.create_deployment(ApiId=api)["DeploymentId"]
        client.create_stage(ApiId=api, StageName=stage, DeploymentId=deployment)
    made = client.create_domain_name(
        DomainName=domain,
        DomainNameConfigurations=[{"CertificateArn": CERTIFICATE, "EndpointType": "REGIONAL"}],
    )
    assert made["DomainNameConfigurations"][0]["ApiGatewayDomainName"].startswith("d-")
    mapping = client.create_api_mapping(DomainName=domain, ApiId=api, Stage="one", ApiMappingKey="chat")
    url = f"{cloud.url.replace('http', 'ws', 1)}/chat"
    websocket.create_connection(url, host=domain, timeout=10).close()
    changed = client.update_api_mapping(
        DomainName=domain, ApiMappingId=mapping["ApiMappingId"], ApiId=api, Stage="two"
    )
    assert changed["Stage"] == "two"
    client.update_domain_name(DomainName=domain, DomainNameConfigurations=[{"SecurityPolicy": "TLS_1_2"}])
    found = client.get_domain_name(DomainName=domain)["DomainNameConfigurations"][0]
    assert (found["SecurityPolicy"], found["CertificateArn"]) == ("TLS_1_2", CERTIFICATE)
    client.delete_domain_name(DomainName=domain)
    with pytest.raises(ClientError):
        client.get_domain_name(DomainName=domain)


def test_apis_and_domain_names_have_tags(cloud: Any, rest_api: str, domain: str) -> None:
    first, second = cloud.client("apigateway"), cloud.client("apigatewayv2")
    first.create_domain_name(domainName=domain, certificateArn=CERTIFICATE, tags={"a": "1"})
    chat = second.create_api(
        Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    prefix = "arn:aws:apigateway:us-east-1::"
    for part in (f"domainnames/{domain}", f"restapis/{rest_api}", f"restapis/{rest_api}/stages/api"):
        first.tag_resource(resourceArn=f"{prefix}/{part}", tags={"b": "2", "c": "3"})
        first.untag_resource(resourceArn=f"{prefix}/{part}", tagKeys=["c"])
        assert first.get_tags(resourceArn=f"{prefix}/{part}")["tags"].get("b") == "2"
        assert "c" not in first.get_tags(resourceArn=f"{prefix}/{part}")["tags"]
    assert first.get_domain_name(domainName=domain)["tags"] == {"a": "1", "b": "2"}
    assert first.get_rest_api(restApiId=rest_api)["tags"] == {"b": "2"}
    second.tag_resource(ResourceArn=f"{prefix}/apis/{chat}", Tags={"b": "2", "c": "3"})
    second.untag_resource(ResourceArn=f"{prefix}/apis/{chat}", TagKeys=["c"])
    assert second.get_api(ApiId=chat)["Tags"] == {"b": "2"}
    with pytest.raises(first.exceptions.NotFoundException):
        first.tag_resource(resourceArn=f"{prefix}/restapis/nothere", tags={"a": "1"})


def test_a_name_that_nobody_created_is_still_refused(cloud: Any, domain: str) -> None:
    status, body = ask(cloud, domain, "/")
    assert status == 403
    assert "is not this machine" in body
