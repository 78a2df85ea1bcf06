"""WebSocket APIs as real clients meet them: connections, routes, messages, and the connections' own API."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import websocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chalice.gateway import FRAME_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = """
import json
import boto3

def handler(event, context):
    facts = event["requestContext"]
    print("EVENT", json.dumps(event))
    if facts["eventType"] == "CONNECT":
        wanted = (event.get("queryStringParameters") or {}).get("status", "200")
        if wanted == "crash":
            raise RuntimeError("no")
        protocol = event["headers"].get("Sec-WebSocket-Protocol")
        headers = {"Sec-WebSocket-Protocol": protocol.split(",")[0]} if protocol else {}
        return {"statusCode": int(wanted), "headers": headers}
    if facts["eventType"] == "MESSAGE":
        client = boto3.client("apigatewaymanagementapi")
        body = event["body"]
        if body == "crash":
            raise RuntimeError("no")
        if body == "bye":
            client.delete_connection(ConnectionId=facts["connectionId"])
        else:
            text = facts["routeKey"] + ":" + body
            client.post_to_connection(ConnectionId=facts["connectionId"], Data=text.encode())
    return {"statusCode": 200}
"""


@dataclass
class Api:
    """A deployed WebSocket API."""

    cloud: Any
    id: str
    arn: str

    @property
    def url(self) -> str:
        return f"{self.cloud.url.replace('http://', 'ws://')}/_aws/execute-api/{self.id}/api/"

    def events(self) -> list[Any]:
        found: list[Any] = self.cloud.logged_json(self.arn)
        return found


def make_api(cloud: Any, *, keys: tuple[str, ...], allowed: bool = True) -> Api:
    arn = cloud.function(SOURCE)
    client = cloud.client("apigatewayv2")
    api = client.create_api(
        Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )
    assert api["ApiEndpoint"].startswith("wss://")
    integration = client.create_integration(
        ApiId=api["ApiId"],
        IntegrationType="AWS_PROXY",
        IntegrationUri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations",
    )
    for key in keys:
        target = f"integrations/{integration['IntegrationId']}"
        client.create_route(ApiId=api["ApiId"], RouteKey=key, Target=target)
    deployment = client.create_deployment(ApiId=api["ApiId"])
    assert deployment["DeploymentStatus"] == "DEPLOYED"
    client.create_stage(ApiId=api["ApiId"], StageName="api", DeploymentId=deployment["DeploymentId"])
    if allowed:
        cloud.client("lambda").add_permission(
            FunctionName=arn,
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:123456789012:{api['ApiId']}/*",
        )
    return Api(cloud=cloud, id=api["ApiId"], arn=arn)


@pytest.fixture(scope="module")
def chat(cloud: Any) -> Api:
    return make_api(cloud, keys=("$connect", "$default", "$disconnect", "shout"))


def test_two_kinds_of_clients_talk_to_a_function(chat: Api) -> None:
    with connect(chat.url) as client:
        client.send("hello")
        assert client.recv(timeout=10) == "$default:hello"

    other = websocket.create_connection(chat.url, timeout=10)
    other.send('{"action": "shout"}')
    assert other.recv() == 'shout:{"action": "shout"}'
    other.close()


def test_functions_get_the_events_of_aws(chat: Api, eventually: Callable[[Callable[[], Any]], Any]) -> None:
    with connect(f"{chat.url}?room=7", additional_headers={"X-Mine": "yes"}) as client:
        client.send("events?")
        client.recv(timeout=10)
    events = eventually(lambda: _of_one_connection(chat, "events?"))
    assert [event["requestContext"]["eventType"] for event in events] == ["CONNECT", "MESSAGE", "DISCONNECT"]
    connected, message, gone = events
    assert connected["queryStringParameters"] == {"room": "7"}
    assert connected["headers"]["X-Mine"] == "yes"
    assert message["requestContext"]["routeKey"] == "$default"
    assert message["requestContext"]["apiId"] == chat.id
    assert message["requestContext"]["domainName"] == f"{chat.id}.execute-api.us-east-1.amazonaws.com"
    assert message["body"] == "events?"
    assert gone["requestContext"]["disconnectStatusCode"] == 1000


def _of_one_connection(chat: Api, body: str) -> list[Any]:
    events = chat.events()
    ids = {event["requestContext"]["connectionId"] for event in events if event.get("body") == body}
    found = [event for event in events if event["requestContext"]["connectionId"] in ids]
    return found if len(found) == 3 else []


@pytest.mark.parametrize(("answer", "status"), [("403", 403), ("401", 401), ("crash", 502)])
def test_connect_refuses(chat: Api, answer: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as caught, connect(f"{chat.url}?status={answer}"):
        pytest.fail("it was admitted")
    assert caught.value.response.status_code == status


def test_the_function_chooses_the_subprotocol(chat: Api) -> None:
    with connect(chat.url, subprotocols=["one", "two"]) as client:  # type: ignore[list-item]
        assert client.subprotocol == "one"


def test_a_message_that_fails_is_answered_with_an_error(chat: Api) -> None:
    with connect(chat.url) as client:
        client.send("crash")
        answer = json.loads(client.recv(timeout=10))
    assert answer["message"] == "Internal server error"
    assert set(answer) == {"message", "connectionId", "requestId"}


def test_a_function_closes_the_connection(chat: Api) -> None:
    with connect(chat.url) as client:
        client.send("bye")
        with pytest.raises(ConnectionClosed) as caught:
            client.recv(timeout=10)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1000


@pytest.mark.parametrize(
    ("data", "code"), [(b"binary", 1003), ("x" * (FRAME_BYTES + 1), 1009), ("x" * 200_000, 1009)]
)
def test_binary_and_long_messages_close_the_connection(chat: Api, data: str | bytes, code: int) -> None:
    with connect(chat.url) as client:
        client.send(data)
        with pytest.raises(ConnectionClosed) as caught:
            client.recv(timeout=10)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == code


def test_a_long_message_in_short_frames_arrives(chat: Api) -> None:
    with connect(chat.url) as client:
        client.send(["y" * 30_000] * 3)
        assert client.recv(timeout=10) == "$default:" + "y" * 90_000


def test_connections_are_managed_by_their_id(
    chat: Api, cloud: Any, eventually: Callable[[Callable[[], Any]], Any]
) -> None:
    manager = cloud.client("apigatewaymanagementapi")
    with connect(chat.url) as client:
        client.send("who")
        client.recv(timeout=10)
        (event,) = eventually(lambda: [one for one in chat.events() if one.get("body") == "who"])
        connection_id = event["requestContext"]["connectionId"]

        facts = manager.get_connection(ConnectionId=connection_id)
        assert facts["Identity"]["SourceIp"] == "127.0.0.1"
        assert abs(facts["ConnectedAt"].timestamp() - time.time()) < 60
        manager.post_to_connection(ConnectionId=connection_id, Data=b"from outside")
        assert client.recv(timeout=10) == "from outside"
        with pytest.raises(manager.exceptions.PayloadTooLargeException):
            manager.post_to_connection(ConnectionId=connection_id, Data=b"x" * (128 * 1024 + 1))
        manager.delete_connection(ConnectionId=connection_id)
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)
    with pytest.raises(manager.exceptions.GoneException):
        manager.post_to_connection(ConnectionId=connection_id, Data=b"late")


def test_messages_to_connections_have_to_be_signed(chat: Api) -> None:
    url = chat.url.replace("ws://", "http://") + "@connections/x"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url, data=b"x", timeout=10)  # noqa: S310 - a URL of the fixture
    assert caught.value.code == 403
    assert caught.value.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_without_permission_nobody_connects(cloud: Any) -> None:
    api = make_api(cloud, keys=("$connect",), allowed=False)
    with pytest.raises(InvalidStatus) as caught, connect(api.url):
        pytest.fail("it was admitted")
    assert caught.value.response.status_code == 500


def test_a_stage_or_api_that_is_not_there_refuses(chat: Api) -> None:
    for url in (chat.url.replace("/api/", "/other/"), chat.url.replace(chat.id, "nothere")):
        with pytest.raises(InvalidStatus) as caught, connect(url):
            pytest.fail("it was admitted")
        assert caught.value.response.status_code in {403, 404}


def test_a_plain_request_is_told_to_upgrade(chat: Api) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(chat.url.replace("ws://", "http://"), timeout=10)  # noqa: S310 - the same
    assert caught.value.code == 426


def test_a_route_counts_once_it_is_deployed(cloud: Any) -> None:
    api = make_api(cloud, keys=("$connect",))
    client = cloud.client("apigatewayv2")
    integration = client.get_integrations(ApiId=api.id)["Items"][0]["IntegrationId"]
    with connect(api.url) as connection:
        client.create_route(ApiId=api.id, RouteKey="$default", Target=f"integrations/{integration}")
        connection.send("early")
        assert json.loads(connection.recv(timeout=10))["message"] == "Forbidden"
        deployment = client.create_deployment(ApiId=api.id, StageName="api", Description="second")
        connection.send("later")
        assert connection.recv(timeout=10) == "$default:later"
    assert client.get_stage(ApiId=api.id, StageName="api")["DeploymentId"] == deployment["DeploymentId"]
    with connect(api.url) as connection:
        connection.send("now")
        assert connection.recv(timeout=10) == "$default:now"
    assert len(client.get_deployments(ApiId=api.id)["Items"]) == 2
    with pytest.raises(client.exceptions.BadRequestException, match="Active stages"):
        client.delete_deployment(ApiId=api.id, DeploymentId=deployment["DeploymentId"])
    first = client.get_deployments(ApiId=api.id)["Items"][0]["DeploymentId"]
    client.update_stage(ApiId=api.id, StageName="api", DeploymentId=first, Description="back")
    client.delete_deployment(ApiId=api.id, DeploymentId=deployment["DeploymentId"])
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_deployment(ApiId=api.id, DeploymentId=deployment["DeploymentId"])


def test_a_stage_that_deploys_by_itself_shows_the_api_as_it_is(cloud: Any) -> None:
    api = make_api(cloud, keys=("$connect",))
    client = cloud.client("apigatewayv2")
    client.update_stage(ApiId=api.id, StageName="api", AutoDeploy=True)
    integration = client.get_integrations(ApiId=api.id)["Items"][0]["IntegrationId"]
    client.create_route(ApiId=api.id, RouteKey="$default", Target=f"integrations/{integration}")
    with connect(api.url) as connection:
        connection.send("now")
        assert connection.recv(timeout=10) == "$default:now"


def test_deleting_an_api_ends_its_connections(cloud: Any) -> None:
    api = make_api(cloud, keys=("$connect",))
    with connect(api.url) as connection:
        cloud.client("apigatewayv2").delete_api(ApiId=api.id)
        with pytest.raises(ConnectionClosed) as caught:
            connection.recv(timeout=10)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1001


def test_what_is_not_emulated_is_refused(cloud: Any) -> None:
    client = cloud.client("apigatewayv2")
    api = client.create_api(Name="n", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.a")
    refused = client.exceptions.BadRequestException
    with pytest.raises(refused, match="At least one route"):
        client.create_deployment(ApiId=api["ApiId"])
    with pytest.raises(refused, match="MOCK is not emulated"):
        client.create_integration(ApiId=api["ApiId"], IntegrationType="MOCK")
    with pytest.raises(refused, match="the authorization AWS_IAM"):
        client.create_route(ApiId=api["ApiId"], RouteKey="$connect", AuthorizationType="AWS_IAM")
    with pytest.raises(refused, match="RouteSelectionExpression is required"):
        client.create_api(Name="n", ProtocolType="WEBSOCKET")
    with pytest.raises(client.exceptions.NotFoundException, match="deployment identifier"):
        client.create_stage(ApiId=api["ApiId"], StageName="s", DeploymentId="nothere")
