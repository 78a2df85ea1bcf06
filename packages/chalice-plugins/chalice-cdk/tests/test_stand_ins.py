"""The application sees stand-ins for tokens, and the template gets the tokens back."""

from __future__ import annotations

import pytest

from chalice_cdk.errors import ChaliceError
from chalice_cdk.stand_ins import explained, stand_in, tokens_of, with_stand_ins, with_tokens

QUEUE, BUCKET = "${Token[TOKEN.1]}", "${Token[TOKEN.2]}"


@pytest.fixture
def stand_ins() -> dict[str, str]:
    queue = stand_in("data/Queue", "AWS::SQS::Queue", "Arn")
    bucket = stand_in("data/Bucket", "AWS::S3::Bucket", "Ref")
    assert queue is not None
    assert bucket is not None
    return {QUEUE: queue, BUCKET: bucket}


def test_a_stand_in_has_the_form_of_what_it_stands_for() -> None:
    value = stand_in("data/Queue", "AWS::SQS::Queue", "Arn", fifo=True)

    assert value is not None
    assert value.startswith("arn:aws:sqs:us-east-1:123456789012:cdktoken")
    assert value.endswith(".fifo")


def test_it_is_the_same_in_every_run_and_another_for_every_resource() -> None:
    first, again, other = (stand_in(path, "AWS::S3::Bucket", "Ref") for path in ("a/B", "a/B", "a/C"))

    assert first == again != other


def test_there_is_none_for_what_has_no_known_form() -> None:
    assert stand_in("a/B", "AWS::SQS::Queue", "Ref") is None
    assert stand_in("a/B", "Custom::Thing", "Arn") is None


def test_tokens_are_found_once_and_only_in_text() -> None:
    variables = {"A": QUEUE, "B": f"x-{QUEUE}-{BUCKET}", "C": 7, "D": "${AWS::Region}"}

    assert list(tokens_of(variables)) == [QUEUE, BUCKET]


def test_variables_have_stand_ins_and_unknown_tokens_stay(stand_ins: dict[str, str]) -> None:
    variables = {"Q": QUEUE, "B": f"s3://{BUCKET}/x", "U": "${Token[TOKEN.9]}"}

    assert with_stand_ins(variables, stand_ins) == {
        "Q": stand_ins[QUEUE],
        "B": f"s3://{stand_ins[BUCKET]}/x",
        "U": "${Token[TOKEN.9]}",
    }


def test_a_template_gets_its_tokens_back(stand_ins: dict[str, str]) -> None:
    queue, bucket = stand_ins[QUEUE], stand_ins[BUCKET]
    template = {
        "Queue": queue,
        "Many": [f"{bucket}/a", 1, None],
        "Sub": {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{bucket}"},
        "Vars": {"Fn::Sub": [f"${{x}}{bucket}", {"x": queue}]},
    }

    assert with_tokens(template, stand_ins) == {
        "Queue": QUEUE,
        "Many": [f"{BUCKET}/a", 1, None],
        "Sub": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${!Token[TOKEN.2]}"},
        "Vars": {"Fn::Sub": ["${x}${!Token[TOKEN.2]}", {"x": QUEUE}]},
    }


@pytest.mark.parametrize(
    "wrap", [lambda name: name, lambda name: {"Fn::Sub": f"x{name}"}, lambda name: {name: 1}]
)
def test_a_part_that_no_token_has_is_an_error(stand_ins: dict[str, str], wrap: object) -> None:
    name = stand_ins[QUEUE].rpartition(":")[2]

    with pytest.raises(ChaliceError, match="A part of a CDK token is needed"):
        with_tokens({"Resource": wrap(name)}, stand_ins)  # type: ignore[operator]


def test_errors_speak_of_tokens(stand_ins: dict[str, str]) -> None:
    text = explained(f"'queue' must be a name, not {stand_ins[QUEUE]!r}.", stand_ins)

    assert f"not '{QUEUE}'." in text
    assert "give the construct that as a plain value" in text
    assert explained("The stage is unknown.", stand_ins) == "The stage is unknown."
