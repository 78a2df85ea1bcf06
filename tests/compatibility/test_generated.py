"""What nobody thought of: generated requests, events and applications, asked of both sides."""

from __future__ import annotations

import base64
from urllib.parse import quote, urlencode

import pytest
from comparison.cases.authorizers import token
from comparison.cases.families import (
    bridge,
    dynamodb_record,
    kinesis_record,
    records,
    s3_record,
    sns_record,
    sqs_record,
)
from comparison.cases.websockets import websocket
from comparison.differences import explains_generated
from comparison.sides import Sides
from comparison.steps import Step, call, rest, run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

STABLE = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TYPES = st.lists(
    st.sampled_from(
        [
            "application/json",
            "text/plain",
            "image/png",
            "IMAGE/GIF",
            "*/*",
            "text/*",
            "charset=utf-8",
            "q=0.5",
            " ",
            "",
        ]
    ),
    min_size=1,
    max_size=3,
).flatmap(lambda parts: st.sampled_from([",", ";", ", ", "; "]).map(lambda separator: separator.join(parts)))
NAMES = st.sampled_from(["Accept", "accept", "Content-Type", "content-type", "Origin", "X-Foo", "x-foo"])
# One name in two spellings is asked for by itself: API Gateway has one value for a name.
HEADERS = st.none() | st.lists(
    st.tuples(NAMES, TYPES | TEXT), max_size=4, unique_by=lambda header: header[0].lower()
).map(dict)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
QUERY = st.none() | st.dictionaries(TEXT, st.lists(TEXT, min_size=1, max_size=3), max_size=3)

# Application, path, whether it has a parameter `name`.
PATHS = [
    ("routing", "/", None),
    ("routing", "/items", None),
    ("routing", "/items/{item}", "item"),
    ("params", "/b/{one}", "one"),
    ("content_types", "/several", None),
    ("content_types", "/cors/text", None),
    ("bodies", "/body", None),
    ("bodies", "/json", None),
    ("query", "/", None),
    ("request_headers", "/", None),
    ("introspection", "/described/{name}", "name"),
    ("cors", "/everything", None),
    ("cors_errors", "/{name}", "name"),
    ("view_errors", "/{name}/x", "name"),
    ("binary", "/plain", None),
    ("binary", "/upload", None),
    ("multi_headers", "/{name}", "name"),
    ("middleware_http", "/", None),
    ("middleware_http", "/named/{name}", "name"),
    ("convert_middleware", "/", None),
    ("blueprints", "/plain", None),
    ("blueprints", "/pre/items/{item}", "item"),
    ("own_options", "/shared", None),
    ("gzipped", "/dict", None),
    ("gzipped", "/compressed", None),
]


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, Step]:
    """An application, and a request for it."""
    app, path, name = draw(st.sampled_from(PATHS))
    step = rest(
        path,
        draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS"])),
        headers=draw(HEADERS),
        params=None if name is None else {name: draw(TEXT), "message": "x"},
        query=draw(QUERY),
        body=draw(st.none() | TEXT | st.sampled_from(["{}", "[1", "null", '{"a": "b"}'])),
        stage_variables=draw(st.none() | st.dictionaries(TEXT, TEXT, max_size=2)),
    )
    return app, step


NUMBERED = st.lists(TEXT, min_size=1, max_size=5).map(lambda texts: list(enumerate(texts)))
EVENTS: dict[str, st.SearchStrategy[Step]] = {
    "sqs": st.builds(
        lambda handler, texts: call(handler, records(*(sqs_record(text, number) for number, text in texts))),
        st.sampled_from(["by_arn", "partial", "length"]),
        NUMBERED,
    ),
    "sns": st.builds(
        lambda message, subject: call("notified", records(sns_record(message, subject))),
        TEXT,
        st.none() | TEXT,
    ),
    "s3": st.builds(lambda bucket, key: call("uploaded", records(s3_record(bucket, key))), TEXT, TEXT),
    "kinesis": st.builds(
        lambda data, time: call("work", records(kinesis_record(data, time))),
        st.binary(max_size=20),
        st.integers(0, 4_000_000_000) | st.floats(0, 4_000_000_000),
    ),
    "dynamodb": st.builds(
        lambda name, arn, keys: call("work", records(dynamodb_record(name, arn=arn, keys=keys))),
        st.sampled_from(["INSERT", "MODIFY", "REMOVE"]),
        TEXT | TEXT.map("arn:aws:dynamodb:eu-west-1:123456789012:table/{}/stream/x".format),
        st.none() | st.dictionaries(TEXT, JSON, max_size=2),
    ),
    "cloudwatch": st.builds(
        lambda detail, source: call("all_of_them", bridge(detail=detail, source=source)), JSON, TEXT
    ),
    "websockets": st.builds(lambda body: call("message", websocket(body)), TEXT | TEXT.map("json {}".format)),
    "pure_lambdas": st.builds(lambda event: call("echo", event), JSON),
    "middleware_lambda": st.builds(lambda event: call("echo", event), JSON),
    "convert_middleware": st.builds(lambda event: call("function", event), JSON),
    "authorizers": st.builds(lambda text: token("by_token", text), TEXT | st.sampled_from(["allow", "some"])),
    "malformed": st.builds(lambda event: call("app", event), JSON),
}


SEGMENTS = st.lists(st.text("abcXYZ019.-_:", min_size=1, max_size=4), min_size=1, max_size=3).map("/".join)
ROUTES = st.lists(
    SEGMENTS.map("/{}".format).map(repr)
    | st.sampled_from(["'*'", "'/*'", "'/a/*'", "'/'"])
    | st.builds(
        "AuthRoute({!r}, {!r})".format,
        SEGMENTS.map("/{}".format),
        st.lists(st.sampled_from(["GET", "PUT", "*"]), max_size=2),
    ),
    max_size=3,
).map(", ".join)
QUESTIONS: dict[str, st.SearchStrategy[Step]] = {
    "auth_routes": st.builds(
        lambda routes, arn, context: run(f"policy([{routes}], {arn!r}, context={context!r})"),
        ROUTES,
        st.builds(
            "arn:aws:execute-api:eu-west-1:123456789012:abc/{}/GET/{}".format, st.just("api"), SEGMENTS
        ),
        st.none() | st.dictionaries(TEXT, TEXT, max_size=2),
    ),
    "blueprint_rules": st.builds(
        lambda prefix, slash, path, end: run(f"paths({'/' + prefix + slash!r}, {'/' + path + end!r})"),
        SEGMENTS,
        st.sampled_from(["", "/"]),
        SEGMENTS,
        st.sampled_from(["", "/", "/{x}"]),
    ),
    "query": st.builds(
        lambda values, name: run(
            f"m = MultiDict({values!r}); n = {name!r}; result = [repr(m), len(m), m.get(n), n in m, m[n]]"
        ),
        st.dictionaries(TEXT, st.lists(TEXT, max_size=3), max_size=3),
        TEXT,
    ),
    "cors_config": st.builds(
        "headers(allow_origin={!r}, allow_headers={!r}, expose_headers={!r}, max_age={!r})".format,
        TEXT,
        st.none() | st.lists(TEXT, max_size=3),
        st.none() | st.lists(TEXT, max_size=3),
        st.none() | st.integers(0, 10**6),
    ).map(run),
    "client_http": st.builds(
        lambda method, path, query, headers, body: run(
            f"ask({method!r}, {path + '?' + query!r}, headers={headers!r}, body={body!r})"
        ),
        st.sampled_from(["get", "put", "delete", "patch"]),
        TEXT.map(lambda text: "/items/" + quote(text or "x", safe="")),
        st.lists(st.tuples(TEXT, TEXT), max_size=3).map(urlencode),
        st.dictionaries(st.sampled_from(["X-Foo", "Accept", "content-type"]), st.just("application/json")),
        TEXT,
    ),
}


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, Step]:
    """An application, and something to evaluate in it."""
    app = draw(st.sampled_from(sorted(QUESTIONS)))
    return app, draw(QUESTIONS[app])


@st.composite
def events(draw: st.DrawFn) -> tuple[str, Step]:
    """An application, and an event of its family."""
    app = draw(st.sampled_from(sorted(EVENTS)))
    return app, draw(EVENTS[app])


CORS = st.sampled_from([True, False, None]) | st.fixed_dictionaries(
    {},
    optional={
        "allow_origin": st.sampled_from(["*", "https://x.example"]),
        "allow_headers": st.lists(st.sampled_from(["X-A", "x-b", "Content-Type"]), unique=True),
        "expose_headers": st.lists(st.sampled_from(["X-C", "X-D"]), unique=True),
        "max_age": st.sampled_from([0, 1, 600]),
        "allow_credentials": st.booleans(),
    },
)
BODY = TEXT | JSON | st.binary(max_size=8).map(lambda data: {"bytes": base64.b64encode(data).decode()})
MEDIA = st.sampled_from(["application/json", "text/plain", "image/png", "a/b", "*/*", "IMAGE/GIF"])
# A list is no value for a content type: that difference is in the table, with cases of its own.
RESPONSE_HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "content-type"]), MEDIA, max_size=1
) | st.dictionaries(
    st.sampled_from(["X-A", "Access-Control-Allow-Origin", "Set-Cookie"]), MEDIA | st.lists(MEDIA, max_size=2)
)
VIEW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["value", "value", "response", "response", "error", "crash"]),
        "error": st.sampled_from(["NotFoundError", "BadRequestError", "ChaliceViewError", "ConflictError"]),
        "body": BODY,
        "status": st.sampled_from([200, 201, 204, 302, 400, 503]),
        "headers": RESPONSE_HEADERS,
    }
)
SETTINGS = st.fixed_dictionaries(
    {
        "debug": st.booleans(),
        "path": st.just("/x/{name}"),
        "methods": st.none() | st.lists(st.sampled_from(["GET", "POST", "OPTIONS"]), min_size=1, unique=True),
        "content_types": st.none() | st.lists(MEDIA, max_size=3),
        "binary_types": st.none() | st.lists(MEDIA, max_size=3),
        "global_cors": CORS.filter(lambda cors: cors is not None),
        "cors": CORS | st.just("absent"),
        "view": VIEW,
        "middleware": st.lists(st.sampled_from(["pass", "pass", "header", "short", "error"]), max_size=3),
    }
)


@st.composite
def applications(draw: st.DrawFn) -> Step:
    """An application, as ``apps/generated.py`` reads it, and a request for it."""
    request = rest(
        "/x/{name}",
        draw(st.sampled_from(["GET", "GET", "GET", "POST", "OPTIONS"])),
        headers=draw(HEADERS),
        params={"name": draw(TEXT)},
        query=draw(QUERY),
        body=draw(st.none() | TEXT),
    )
    return call("handle", {"settings": draw(SETTINGS), "request": request.request["event"]})


@settings(STABLE, max_examples=400)
@given(asked=requests())
def test_a_generated_request_is_answered_alike(sides: Sides, asked: tuple[str, Step]) -> None:
    app, step = asked

    (pair,) = sides.compare(app, {"generated": step})

    assert not pair.differs or explains_generated(pair), str(pair)


@settings(STABLE, max_examples=300)
@given(asked=events())
def test_a_generated_event_is_handled_alike(sides: Sides, asked: tuple[str, Step]) -> None:
    app, step = asked

    (pair,) = sides.compare(app, {"generated": step})

    assert not pair.differs or explains_generated(pair), str(pair)


@settings(STABLE, max_examples=400)
@given(step=applications())
def test_a_generated_application_answers_alike(sides: Sides, step: Step) -> None:
    (pair,) = sides.compare("generated", {"generated": step})

    assert not pair.differs or explains_generated(pair), str(pair)


@settings(STABLE, max_examples=300)
@given(asked=questions())
def test_a_generated_expression_has_one_value(sides: Sides, asked: tuple[str, Step]) -> None:
    app, step = asked

    (pair,) = sides.compare(app, {"generated": step})

    assert not pair.differs, str(pair)
