"""Events that nobody thought of: generated requests and queries, asked of both sides."""

from __future__ import annotations

from typing import Any

import pytest
from comparison.cases.families import records, s3_record, sns_record, sqs_record
from comparison.differences import explains_generated
from comparison.sides import Sides
from comparison.steps import Step, call, rest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TYPES = st.sampled_from(
    [
        "application/json",
        "text/plain",
        "image/png",
        "*/*",
        "text/*",
        "application/json; charset=utf-8",
        "image/gif",
    ]
) | st.lists(
    st.sampled_from(["a/b", "text/plain", ";", ",", " ", "*/*", "q=0.5", "IMAGE/PNG"]), max_size=4
).map("".join)
NAMES = st.sampled_from(["Accept", "accept", "Content-Type", "content-type", "Origin", "X-Foo", "x-foo"])
HEADERS = st.none() | st.dictionaries(NAMES, TYPES | TEXT, max_size=4)
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


@st.composite
def events(draw: st.DrawFn) -> tuple[str, Step]:
    """An application, and an event of its family."""
    kind = draw(st.sampled_from(["sqs", "sns", "s3", "pure_lambdas"]))
    event: Any
    if kind == "sqs":
        return kind, call(
            "by_arn" if draw(st.booleans()) else "partial",
            records(
                *(
                    sqs_record(body, number)
                    for number, body in enumerate(draw(st.lists(TEXT, min_size=1, max_size=5)))
                )
            ),
        )
    if kind == "sns":
        return kind, call(
            "notified", records(sns_record(draw(TEXT), draw(st.none() | TEXT), draw(st.none() | st.just({}))))
        )
    if kind == "s3":
        return kind, call("uploaded", records(s3_record(draw(TEXT), draw(TEXT))))
    event = draw(JSON)
    return kind, call("echo", event)


@settings(
    derandomize=True, max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(asked=requests())
def test_a_generated_request_is_answered_alike(sides: Sides, asked: tuple[str, Step]) -> None:
    app, step = asked

    (pair,) = sides.compare(app, {"generated": step})

    assert not pair.differs or explains_generated(pair), str(pair)


@settings(
    derandomize=True, max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(asked=events())
def test_a_generated_event_is_handled_alike(sides: Sides, asked: tuple[str, Step]) -> None:
    app, step = asked

    (pair,) = sides.compare(app, {"generated": step})

    assert not pair.differs or explains_generated(pair), str(pair)
