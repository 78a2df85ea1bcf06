"""How values are spelled, and what Terraform itself makes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice_core.values import Output, Pseudo, ResourceId, text
from chalice_terraform import Expression, Referring
from chalice_terraform.expressions import spell, spell_json, template

QUEUE = Output(ResourceId("queue"), "arn")

# Text that a template would misunderstand, were it not escaped.
TRICKY = (
    "${a}",
    "$${a}",
    "$$${a}",
    "%{if x}",
    "%%{if x}",
    "100%",
    "$",
    "$$",
    "%",
    "a$ {b}",
    'say "${local.x}"\n\\n é',
    "${local.x}",
    "}",
    "${",
    "%{",
    "$${",
)


def refer(output: Output) -> str:
    return f"aws_sqs_queue.{output.of}.{output.name}"


def test_literal_text_is_escaped() -> None:
    assert spell({"${a}": ["%{b}", 1, None, True]}, refer) == {"$${a}": ["%%{b}", 1, None, True]}


def test_values_become_expressions() -> None:
    assert spell(QUEUE, refer) == "${aws_sqs_queue.queue.arn}"
    assert spell(text("arn:", Pseudo.PARTITION, ":x:${y}"), refer) == (
        "arn:${data.aws_partition.chalice.partition}:x:$${y}"
    )


def test_a_dollar_sign_before_an_expression_does_not_escape_it() -> None:
    assert spell(text("costs $", QUEUE), refer) == 'costs ${"$"}${aws_sqs_queue.queue.arn}'


@pytest.mark.parametrize(
    "reference",
    [
        "aws_s3_bucket.own.id",
        "awscc_iot_thing.one.arn",
        "data.aws_s3_bucket.own.bucket",
        "var.bucket",
        "local.bucket",
        "module.storage.bucket",
    ],
)
def test_names_may_refer_to_other_files(reference: str) -> None:
    assert spell(Referring(f"x-${{{reference}}}"), refer) == f"x-${{{reference}}}"
    assert spell(f"x-${{{reference}}}", refer) == f"x-$${{{reference}}}"


def test_policy_variables_are_no_references() -> None:
    assert spell(Referring("home/${aws:username}"), refer) == "home/$${aws:username}"


def test_a_reference_inside_a_tree_is_kept_and_its_neighbours_are_escaped() -> None:
    spelled = spell({"Resource": Referring("${var.a}"), "Condition": "${var.a}"}, refer)

    assert spelled == {"Resource": "${var.a}", "Condition": "$${var.a}"}


def test_a_document_holds_expressions_inside_its_strings() -> None:
    spelled = spell_json({"a": [QUEUE, 1, None], "b": {'say "c"': Expression("local.d")}}, refer)

    assert spelled == ('{"a": ["${aws_sqs_queue.queue.arn}", 1, null], "b": {"say \\"c\\"": "${local.d}"}}')


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_a_document_without_values_is_the_same_document(tree: object) -> None:
    unescaped = spell_json(tree, refer).replace("$${", "${").replace("%%{", "%{")

    assert json.loads(unescaped) == tree


@given(st.lists(st.text(alphabet="ab${}%")))
def test_fragments_are_escaped_as_the_text_that_they_make(fragments: list[str]) -> None:
    assert template(fragments) == template(["".join(fragments)])


def test_terraform_reads_what_was_meant(tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on PATH to read what was written")
    texts = [*TRICKY, *(f"{each}!" for each in TRICKY)]
    values = {f"v{number}": each for number, each in enumerate(texts)}
    document = {
        "locals": {
            "x": "X",
            **{name: spell(text(each, Pseudo.REGION), refer) for name, each in values.items()},
            "chalice_region": "R",
            "document": spell_json(values, refer),
        },
        "output": {"all": {"value": {name: f"${{local.{name}}}" for name in (*values, "document")}}},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")

    done = subprocess.run(
        ["terraform", "console"],
        input="jsonencode({" + ", ".join(f"{name} = local.{name}" for name in (*values, "document")) + "})",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )

    read = json.loads(json.loads(done.stdout))
    assert json.loads(read.pop("document")) == values
    assert read == {name: f"{each}R" for name, each in values.items()}
