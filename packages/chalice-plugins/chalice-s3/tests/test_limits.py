"""What S3 would refuse is said before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import App, EventDeclaration
from chalice_s3 import hooks
from chalice_s3.event_types import EVENT_TYPES, common_types, keys_in_common

Declare = Callable[..., EventDeclaration]


def problems_of(*events: EventDeclaration) -> list[str]:
    return list(hooks.chalice_validate_app(app=App(name="gallery", events=events)))


@pytest.mark.parametrize(
    "options",
    [
        {"bucket": "photos"},
        {"bucket": "my.photos-2026"},
        {"bucket": "p" * 63},
        {"bucket": "${aws_s3_bucket.photos.id}"},
        {"bucket": "${data.aws_s3_bucket.photos.bucket}"},
        {"events": list(EVENT_TYPES)},
        {"prefix": "in/", "suffix": ".jpg"},
        {"prefix": "", "suffix": ""},
        {"prefix": "p" * 1024},
        {"maximum_retry_attempts": 0, "on_failure": "arn:aws:s3:::failed"},
    ],
)
def test_what_s3_accepts_has_no_problems(declare: Declare, options: dict[str, Any]) -> None:
    assert problems_of(declare(**options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"bucket": "ab"}, "3 to 63 lower-case letters"),
        ({"bucket": "p" * 64}, "3 to 63 lower-case letters"),
        ({"bucket": "Photos"}, "not 'Photos'"),
        ({"bucket": "my_photos"}, "not 'my_photos'"),
        ({"bucket": "my..photos"}, "not 'my..photos'"),
        ({"bucket": "192.168.0.1"}, "not '192.168.0.1'"),
        ({"bucket": "-photos"}, "not '-photos'"),
        ({"bucket": "${var.photos}"}, "not "),
        ({"bucket": "in-${aws_s3_bucket.photos.id}"}, "not "),
        ({"bucket": None}, "not None"),
        ({"bucket": "arn:aws:s3:::photos"}, "Its name seems to be 'photos'"),
        ({"bucket": "s3://photos/"}, "Its name seems to be 'photos'"),
        ({"events": []}, "'events' must be a list"),
        ({"events": "s3:ObjectCreated:*"}, "'events' must be a list"),
        ({"events": ["s3:ObjectCreated"]}, "did you mean 's3:ObjectCreated"),
        ({"events": ["ObjectCreated:Put"]}, "'s3:ObjectCreated:Put'"),
        ({"events": [7]}, "has 7, which S3 does not know"),
        ({"events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:Put"]}, "twice"),
        ({"prefix": 5}, "'prefix' must be a text, not 5"),
        ({"suffix": [".jpg"]}, "'suffix' must be a text"),
        ({"prefix": "ö" * 513}, "'prefix' is longer than a key of S3 can be"),
        ({"maximum_retry_attempts": 3}, "from 0 to 2"),
        ({"on_failure": "photos"}, "'on_failure' must be the ARN"),
    ],
)
def test_what_s3_refuses_is_named(declare: Declare, options: dict[str, Any], says: str) -> None:
    (problem,) = problems_of(declare(**options))

    assert says in problem
    assert problem.startswith("on_s3_event on 'work': ")


def test_all_problems_are_told_at_once(declare: Declare) -> None:
    found = problems_of(
        declare(bucket="x", events=["y"], prefix=1), declare("other", maximum_retry_attempts=5)
    )

    assert len(found) == 4


def test_declarations_of_other_families_are_not_judged() -> None:
    event = EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options={})

    assert problems_of(event) == []


class TestOverlaps:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"prefix": "in/"}, {"prefix": "out/"}),
            ({"suffix": ".jpg"}, {"suffix": ".png"}),
            ({"prefix": "in/", "suffix": ".jpg"}, {"prefix": "in/", "suffix": ".png"}),
            ({"events": ["s3:ObjectCreated:*"]}, {"events": ["s3:ObjectRemoved:*"]}),
            ({"events": ["s3:ObjectCreated:Put"]}, {"events": ["s3:ObjectCreated:Copy"]}),
            ({"bucket": "photos"}, {"bucket": "films"}),
        ],
    )
    def test_what_excludes_each_other_is_fine(
        self, declare: Declare, first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        assert problems_of(declare("one", **first), declare("two", **second)) == []

    @pytest.mark.parametrize(
        ("first", "second", "common"),
        [
            ({}, {}, "s3:ObjectCreated:*"),
            ({"prefix": "in/"}, {"prefix": "in/new/"}, "s3:ObjectCreated:*"),
            ({"suffix": ".jpg"}, {"suffix": "s.jpg"}, "s3:ObjectCreated:*"),
            ({"prefix": "in/"}, {"suffix": ".jpg"}, "s3:ObjectCreated:*"),
            ({"prefix": None}, {"prefix": "in/"}, "s3:ObjectCreated:*"),
            ({"events": ["s3:ObjectCreated:Put"]}, {}, "s3:ObjectCreated:Put"),
            ({}, {"events": ["s3:ObjectRemoved:*", "s3:ObjectCreated:Copy"]}, "s3:ObjectCreated:*"),
        ],
    )
    def test_what_can_be_for_one_object_is_told_with_both_functions(
        self, declare: Declare, first: dict[str, Any], second: dict[str, Any], common: str
    ) -> None:
        (problem,) = problems_of(declare("one", **first), declare("two", **second))

        assert problem.startswith("on_s3_event on 'one' and on 'two': ")
        assert f"both are for {common} of the bucket 'photos'" in problem
        assert "S3 refuses that" in problem

    def test_what_is_wrong_in_itself_is_not_compared(self, declare: Declare) -> None:
        (problem,) = problems_of(declare("one", events=7), declare("two"))

        assert "'events' must be a list" in problem

    def test_a_type_is_covered_by_its_wildcard_only(self) -> None:
        assert common_types(["s3:ObjectAcl:Put", "s3:ObjectCreated:Put"], ["s3:ObjectCreated:*"]) == (
            "s3:ObjectCreated:Put",
        )
        assert common_types(["s3:LifecycleExpiration:Delete"], ["s3:LifecycleTransition"]) == ()

    def test_filters_meet_when_both_their_ends_do(self) -> None:
        assert keys_in_common(("a", "z"), ("ab", "yz"))
        assert not keys_in_common(("a", "z"), ("ab", "y"))


def test_the_types_are_those_that_botocore_knows() -> None:
    loaders = pytest.importorskip("botocore.loaders")
    model = loaders.Loader().load_service_model("s3", "service-2")

    # A type that is new there has to be taken here, too; an older botocore lacks some.
    assert set(model["shapes"]["Event"]["enum"]) <= set(EVENT_TYPES)
