"""One tree of properties, rendered for AWS and for the record."""

from __future__ import annotations

from pathlib import Path

from chalice_core.artifact import Artifact
from chalice_core.values import Output, Pseudo, ResourceId, text
from chalice_deploy.properties import (
    UNKNOWN,
    Document,
    Secret,
    differences,
    for_aws,
    for_record,
    is_known,
    secrets_in,
)

ARN = Output(ResourceId("role"), "arn")


def known(value: Output | Pseudo) -> str | None:
    return "us-east-1" if value is Pseudo.REGION else "arn:role"


def unknown(value: Output | Pseudo) -> str | None:
    return "us-east-1" if value is Pseudo.REGION else None


def test_aws_is_told_everything() -> None:
    artifact = Artifact(path=Path("code.zip"), sha256="ab", size=2)
    tree = {
        "Role": ARN,
        "Environment": {"KEY": Secret(text("in ", Pseudo.REGION))},
        "Body": Document({"uri": [text(ARN, "/x")]}),
        "Code": artifact,
        "Limit": None,
    }

    rendered = for_aws(tree, known)

    assert rendered == {
        "Role": "arn:role",
        "Environment": {"KEY": "in us-east-1"},
        "Body": {"uri": ["arn:role/x"]},
        "Code": artifact,
        "Limit": None,
    }
    assert secrets_in(tree, known) == {"in us-east-1"}


def test_the_record_is_told_digests_and_nothing_that_is_not_set() -> None:
    artifact = Artifact(path=Path("code.zip"), sha256="ab", size=2)
    tree = {"Key": Secret("horse"), "Body": Document({"a": 1}), "Code": artifact, "Limit": None, "Empty": []}

    rendered = for_record(tree, known, "salt")

    assert set(rendered) == {"Key", "Body", "Code", "Empty"}
    assert rendered["Code"] == {"sha256": "ab"}
    assert rendered["Body"] == for_record({"Body": Document({"a": 1})}, known, "other")["Body"]
    assert rendered["Key"] != for_record({"Key": Secret("horse")}, known, "other")["Key"]
    assert "horse" not in repr(rendered)


def test_a_part_that_is_not_known_yet_makes_its_property_unknown() -> None:
    tree = {"Role": text("x", ARN), "Body": Document([ARN]), "Key": Secret(ARN), "Region": Pseudo.REGION}

    rendered = for_record(tree, unknown, "salt")

    assert rendered == {"Role": UNKNOWN, "Body": UNKNOWN, "Key": UNKNOWN, "Region": "us-east-1"}
    assert not is_known(rendered)
    assert is_known(rendered["Region"])


def test_differences_are_named_with_their_path() -> None:
    before = {"Tags": {"a": "1", "b": "2"}, "Timeout": 3, "Name": "x", "Same": [1]}
    after = {"Tags": {"b": "3", "c": "4"}, "Name": UNKNOWN, "Same": [1]}

    changes = differences(before, after, frozenset({"Name"}))

    assert [(change.property, change.before, change.after, change.replaces) for change in changes] == [
        ("Tags.a", "1", None, False),
        ("Tags.b", "2", "3", False),
        ("Tags.c", None, "4", False),
        ("Timeout", 3, None, False),
        ("Name", "x", None, True),
    ]
    assert [change.property for change in changes if not change.after_is_known] == ["Name"]


def test_a_digest_is_one_value() -> None:
    changes = differences({"Code": {"sha256": "aa"}}, {"Code": {"sha256": "bb"}}, frozenset())

    assert [(change.property, change.before, change.after) for change in changes] == [
        ("Code", "sha256:aa", "sha256:bb")
    ]
