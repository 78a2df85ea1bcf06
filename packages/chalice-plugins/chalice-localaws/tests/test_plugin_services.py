"""Services that plugins emulate in the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalice.gateway import HttpRequest
from chalice_core.hookspecs import hookimpl
from chalice_core.local import LocalRequest, LocalResource, LocalResponse
from chalice_core.plugins import Plugins
from chalice_localaws.embedded.local_cloud import EmbeddedCloud
from chalice_localaws.embedded.provisioning.model import ProvisioningError, Scope
from chalice_localaws.embedded.provisioning.services import PluginServices
from chalice_localaws.errors import ServicesClashError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPE = Scope(account_id="123456789012", region="us-east-1", type="Acme::Thing::Rule")


class Things:
    """A service with one type of resource."""

    name = "things"
    types = ("Acme::Thing::Rule",)

    def __init__(self) -> None:
        self.rules: dict[str, Mapping[str, Any]] = {}

    def put(self, type: str, identifier: str | None, properties: Mapping[str, Any]) -> LocalResource:
        if "Topic" not in properties:
            raise ValueError("Topic is missing")
        name = identifier or str(properties["Name"])
        self.rules[name] = properties
        return LocalResource(identifier=name, properties={"Arn": f"arn:{name}"})

    def remove(self, type: str, identifier: str) -> None:
        del self.rules[identifier]

    def respond(self, request: LocalRequest) -> LocalResponse | None:
        if not request.path.startswith("/topics/"):
            return None
        said = f"{request.method} {request.path} {dict(request.query)} {request.headers['x-mine']}"
        return LocalResponse(status=202, headers={"X-Told": "1"}, body=said.encode() + request.body)


class ThingsPlugin:
    """Offers the service, a new one each time."""

    def __init__(self) -> None:
        self.made: list[Things] = []

    @hookimpl
    def chalice_local_services(self, cloud: Any) -> list[Things]:
        assert (cloud.region, cloud.account_id) == ("us-east-1", "123456789012")
        self.made.append(Things())
        return self.made[-1:]


def services_of(**plugins: object) -> PluginServices:
    found = Plugins()
    for name, plugin in plugins.items():
        found.register(plugin, name)
    return PluginServices(EmbeddedCloud(lambda function, event: None), plugins=lambda: found)


def test_resources_of_a_plugin_are_made_changed_and_deleted() -> None:
    plugin = ThingsPlugin()
    services = services_of(things=plugin)
    found = services.type("Acme::Thing::Rule")
    assert found is not None
    assert services.types() == ["Acme::Thing::Rule"]
    assert services.type("Acme::Thing::Other") is None

    there = found.create(SCOPE, {"Name": "one", "Topic": "a"})
    assert (there.identifier, there.attributes) == ("one", {"Arn": "arn:one"})
    found.update(SCOPE, there, {}, {"Topic": "b"})
    assert plugin.made[0].rules == {"one": {"Topic": "b"}}
    found.delete(SCOPE, there, {})
    assert plugin.made[0].rules == {}
    with pytest.raises(ProvisioningError, match="Topic is missing"):
        found.create(SCOPE, {"Name": "two"})


def test_requests_that_are_signed_for_it_reach_the_service() -> None:
    services = services_of(things=ThingsPlugin())
    request = HttpRequest(
        method="POST",
        path="/topics/a%2Fb",
        query_string="qos=1&qos=2",
        headers=[("X-Mine", "yes")],
        body=b"!",
    )
    answer = services.respond("things", request)
    assert answer is not None
    assert (answer.status, answer.headers) == (202, [("X-Told", "1")])
    assert answer.body == b"POST /topics/a/b {'qos': '2'} yes!"
    assert services.respond("other", request) is None
    assert services.respond("things", HttpRequest(method="GET", path="/", headers=[])) is None
    assert services.knows("things")
    assert not services.knows("")


def test_a_reset_makes_them_anew() -> None:
    plugin = ThingsPlugin()
    services = services_of(things=plugin)
    services.types()
    services.types()
    assert len(plugin.made) == 1
    services.forget()
    services.types()
    assert len(plugin.made) == 2


def test_two_plugins_for_one_type_are_an_error_that_names_both() -> None:
    services = services_of(one=ThingsPlugin(), other=ThingsPlugin())
    with pytest.raises(ServicesClashError, match="one and other both emulate things"):
        services.types()


def test_services_invoke_no_function_that_is_not_there() -> None:
    embedded = EmbeddedCloud(lambda function, event: None)
    with pytest.raises(LookupError, match="nothere"):
        embedded.invoke(
            "arn:aws:lambda:us-east-1:123456789012:function:nothere", {}, principal="iot.amazonaws.com"
        )
