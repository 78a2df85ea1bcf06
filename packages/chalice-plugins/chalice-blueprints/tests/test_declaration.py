"""Mistakes are shown where they are written, and strangers' decorators work."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

import pytest

from chalice import Blueprint, Chalice

PARCELS = '''
from chalice import EventSource

class ParcelEvent:
    def __init__(self, event, context):
        self.weight = event["weight"]

@EventSource.of(source="parcels", event=ParcelEvent)
def on_parcel(carrier, name=None):
    """Call a function when a parcel arrives."""
    if not carrier:
        raise ValueError("on_parcel needs a carrier.")
    return {"carrier": carrier, "name": name}
'''


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "GET"}, TypeError, "'method'"),
        ({"methods": ["get"]}, ValueError, "write 'GET'"),
        ({"methods": "GET"}, TypeError, "list"),
        ({"content_types": "text/plain"}, ValueError, "must be a list"),
        ({"cors": "*"}, TypeError, "cors"),
        ({"authorizer": lambda request: None}, TypeError, "authorizer"),
    ],
)
def test_options_of_routes_are_checked_before_there_is_an_application(
    users: Blueprint, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        users.route("/", **options)


@pytest.mark.usefixtures("sqs")
def test_options_of_events_are_checked_before_there_is_an_application(users: Blueprint) -> None:
    with pytest.raises(ValueError, match="queue"):
        users.on_sqs_message()
    with pytest.raises(TypeError, match="batch"):
        users.on_sqs_message("orders", batch=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="must decorate a function"):
        users.on_sqs_message("orders")(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must decorate a function"):
        users.lambda_function()(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="parentheses"):
        users.authorizer(lambda request: None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="parentheses"):
        users.lambda_function(lambda event, context: None)  # type: ignore[arg-type]


def test_event_types_of_middleware_are_checked_before_there_is_an_application(users: Blueprint) -> None:
    with pytest.raises(ValueError, match="'htp'"):
        users.middleware("htp")
    with pytest.raises(ValueError, match="'htp'"):
        users.register_middleware(lambda event, get_response: get_response(event), "htp")
    with pytest.raises(TypeError, match="needs its parentheses"):
        users.middleware(lambda event, get_response: get_response(event))  # type: ignore[arg-type]


def test_middleware_has_to_be_callable(users: Blueprint) -> None:
    with pytest.raises(TypeError, match="must be a function"):
        users.register_middleware("http")  # type: ignore[arg-type]


def test_methods_may_come_from_a_generator(app: Chalice, users: Blueprint) -> None:
    users.route("/", methods=(method for method in ("GET", "PUT")))(lambda: None)

    app.register_blueprint(users)

    assert list(app.routes["/"]) == ["GET", "PUT"]


def test_an_unknown_name_is_an_attribute_error_of_the_blueprint(users: Blueprint) -> None:
    with pytest.raises(AttributeError, match="'Blueprint' object has no attribute 'on_pigeon'"):
        _ = users.on_pigeon
    assert not hasattr(users, "_private")


@pytest.fixture
def parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a stranger's distribution."""
    info = tmp_path / "chalice_parcels-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: chalice-parcels\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[chalice.decorators]\non_parcel = chalice_parcels:on_parcel\n")
    (tmp_path / "chalice_parcels.py").write_text(PARCELS)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "chalice_parcels", raising=False)


@pytest.mark.usefixtures("parcels")
def test_a_strangers_decorator_is_recorded_like_our_own(app: Chalice, users: Blueprint) -> None:
    seen = []
    decorator: Any = users.on_parcel

    with pytest.raises(ValueError, match="needs a carrier"):
        decorator("")

    @decorator("dhl", name="weigh")  # type: ignore[untyped-decorator] # A stranger's.
    def weigh_it(event: Any) -> int:
        return int(event.weight)

    @users.middleware("parcels")
    def watch(event: Any, get_response: Any) -> Any:
        seen.append(type(event).__name__)
        return get_response(event)

    app.register_blueprint(users, name_prefix="u_")

    (event,) = app.event_sources
    assert (event.source, event.name, event.options) == ("parcels", "u_weigh", {"carrier": "dhl"})
    assert event.handler_string == "chalicelib.users.weigh_it"
    assert (weigh_it({"weight": 3}, None), seen) == (3, ["ParcelEvent"])
    assert decorator.__doc__ == "Call a function when a parcel arrives."


@pytest.mark.parametrize(
    "name", ["route", "authorizer", "lambda_function", "middleware", "register_middleware"]
)
def test_decorators_take_what_those_of_applications_take(name: str) -> None:
    theirs = inspect.signature(getattr(Chalice, name)).parameters
    ours = inspect.signature(getattr(Blueprint, name)).parameters

    assert {one: (known.default, known.kind) for one, known in ours.items()} == {
        one: (known.default, known.kind) for one, known in theirs.items()
    }
