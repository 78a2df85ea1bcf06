"""Calls are allowed on what they name, and on everything when that is not known, with the reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from chalice_core.values import Pseudo, arn, text
from chalice_deploy.policies import Finding, analyse, document, merged
from chalice_deploy.policies.statements import widest

Findings = Callable[..., list[Finding]]
HEAD = "import os\nimport boto3\nfrom chalice import Chalice\n\napp = Chalice(app_name='shop')\n"


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    """Return what a view of these lines needs."""

    def find(lines: str, environment: Mapping[str, str] | None = None) -> list[Finding]:
        body = "\n".join(f"    {line}" for line in lines.splitlines())
        (tmp_path / "app.py").write_text(f"{HEAD}\n@app.route('/')\ndef index():\n{body}\n")
        return analyse(tmp_path).findings(environment)

    return find


def test_an_arn_is_of_the_place_that_is_deployed_to(findings: Findings) -> None:
    (finding,) = findings("boto3.client('dynamodb').get_item(TableName='orders', Key={})")

    assert finding.resources == (arn("dynamodb", "table/orders"),)
    assert finding.reason == ""


def test_another_region_is_named(findings: Findings) -> None:
    (finding,) = findings("boto3.client('dynamodb', 'eu-west-1').get_item(TableName='orders', Key={})")

    assert finding.resources == (
        text("arn:", Pseudo.PARTITION, ":dynamodb:eu-west-1:", Pseudo.ACCOUNT, ":table/orders"),
    )


def test_a_region_that_is_not_known_can_be_any(findings: Findings) -> None:
    (finding,) = findings(
        "boto3.client('dynamodb', region_name=index.x).get_item(TableName='orders', Key={})"
    )

    assert finding.resources == (
        text("arn:", Pseudo.PARTITION, ":dynamodb:*:", Pseudo.ACCOUNT, ":table/orders"),
    )


@pytest.mark.parametrize(
    "name",
    [
        "'a-long-name'[:6]",
        "'a-long-name'[0]",
        "'a' * 3",
        "'a-long-name'.replace('long', 'short')",
        "'a/b'.split('/')[0]",
        "'-'.join(['a', 'b'])",
        "'Name'.swapcase()",
        "str.upper('a')",
        "max('ab')",
        "'xax'.strip('x')",
        "os.path.basename('a/b')",
        "list('ab')[0]",
        "next(iter('ab'))",
        "[c for c in 'ab'][0]",
        "'%d-b' % 7",
        "'a'.removeprefix('a')",
        "('a' 'b')[::-1]",
        "str(5 - 3)",
        "'a'.encode().hex()",
        "sorted('ba')[0]",
        "dict(zip('ab', 'cd'))['a']",
        "'a'.center(9)",
    ],
)
def test_a_text_that_is_worked_on_is_not_the_text(findings: Findings, name: str) -> None:
    (finding,) = findings(f"boto3.client('dynamodb').get_item(TableName={name}, Key={{}})")

    written = eval(name, {"os": os})  # noqa: S307  # one of those above
    assert finding.resources in (("*",), (arn("dynamodb", f"table/{written}"),))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("boto3.client('s3').list_buckets()", "AWS knows no resource of this action"),
        ("boto3.client('sqs').purge_queue(QueueUrl=index.x)", "QueueUrl is not known"),
        (
            "boto3.client('sqs').purge_queue(QueueUrl=os.environ['URL'])",
            "the environment variable URL is not in the configuration",
        ),
        ("boto3.client('athena').get_work_group(WorkGroup='a')", "resources of athena are not narrowed"),
        (
            "boto3.client('kms').decrypt(KeyId='alias/a')",
            "policies name keys by their ids, and not by aliases",
        ),
        (
            "boto3.client('sns').publish(PhoneNumber='+1', Message='')",
            "a message to a telephone goes through no topic",
        ),
        ("boto3.client('lambda').invoke()", "the call names no resource (FunctionName)"),
        (
            "boto3.client('bedrock-runtime').converse(modelId='eu.anthropic.claude-v2')",
            "an inference profile reaches models of several regions",
        ),
    ],
)
def test_what_is_allowed_on_everything_has_a_reason(findings: Findings, lines: str, reason: str) -> None:
    (finding,) = findings(lines)

    assert finding.resources == ("*",)
    assert finding.reason == reason


def test_a_value_that_the_template_fills_in_is_not_taken_for_a_name(findings: Findings) -> None:
    (finding,) = findings(
        "boto3.client('sqs').purge_queue(QueueUrl=os.environ['URL'])", {"URL": "${aws_sqs_queue.jobs.url}"}
    )

    assert finding.reason == "QueueUrl is filled in when the template is deployed"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "boto3.client('sqs').send_message(QueueUrl='https://sqs.us-east-1.amazonaws.com/123456789012/j')",
            ["arn:*:sqs:us-east-1:123456789012:j"],
        ),
        ("boto3.client('lambda').invoke(FunctionName='a:live')", ["arn:*:lambda:*:*:function:a:live"]),
        (
            "boto3.client('lambda').invoke(FunctionName='arn:aws:lambda:eu-west-1:123456789012:function:a')",
            ["arn:aws:lambda:eu-west-1:123456789012:function:a"],
        ),
        (
            "boto3.client('s3').get_object(Bucket='arn:aws:s3:eu-west-1:1:accesspoint/a', Key='k')",
            ["arn:aws:s3:eu-west-1:1:accesspoint/a/object/k"],
        ),
        ("boto3.client('s3').get_object(Bucket='b', Key=f'a/{index.x}/c')", ["arn:*:s3:::b/a/*/c"]),
        (
            "boto3.client('dynamodb').query(TableName='t', **index.x)",
            ["arn:*:dynamodb:*:*:table/t", "arn:*:dynamodb:*:*:table/t/index/*"],
        ),
        ("boto3.client('iot-data').publish(topic='a/b')", ["arn:*:iot:*:*:topic/a/b"]),
        (
            "boto3.client('scheduler').create_schedule(Name='a', GroupName='g')",
            ["arn:*:scheduler:*:*:schedule/g/a"],
        ),
        ("boto3.client('events').put_rule(Name='r')", ["arn:*:events:*:*:rule/r"]),
        ("boto3.client('events').put_rule(Name='r', EventBusName='b')", ["arn:*:events:*:*:rule/b/r"]),
        ("boto3.client('ssm').get_parameter(Name='/a/b:3')", ["arn:*:ssm:*:*:parameter/a/b"]),
        (
            "boto3.client('secretsmanager').get_secret_value(SecretId='db')",
            ["arn:*:secretsmanager:*:*:secret:db-??????"],
        ),
        (
            "boto3.client('stepfunctions').describe_execution(executionArn='arn:aws:states:a:1:execution:b:c')",
            ["arn:aws:states:a:1:execution:b:c"],
        ),
    ],
)
def test_names_and_arns_of_every_form_become_resources(
    findings: Findings, lines: str, expected: list[str]
) -> None:
    policy = document(merged(findings(lines)))

    assert [statement["Resource"] for statement in policy["Statement"]] == [expected]  # type: ignore[attr-defined]


def test_wider_resources_of_an_action_cover_narrower_ones() -> None:
    assert widest(["a/x", "a/*", "b", "b", "c/[1]", "c/*"]) == ("a/*", "b", "c/*")
    assert widest(["a", "*"]) == ("*",)


def test_actions_that_only_work_on_everything_have_a_statement_of_their_own(findings: Findings) -> None:
    statements = merged(
        findings("boto3.client('s3').list_buckets()\nboto3.client('s3').get_object(Bucket=index.x)")
    )

    assert [statement.actions for statement in statements] == [("s3:GetObject",), ("s3:ListAllMyBuckets",)]
    assert [statement.resources for statement in statements] == [("*",), ("*",)]


def test_actions_on_the_same_resources_share_a_statement(findings: Findings) -> None:
    statements = merged(
        findings("t = boto3.resource('dynamodb').Table('orders')\nt.scan()\nt.put_item()\nt.get_item()")
    )

    assert [statement.actions for statement in statements] == [
        ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan")
    ]


def test_a_policy_is_the_same_in_every_run(findings: Findings) -> None:
    lines = "for n in ('a', 'b', 'c'):\n    boto3.resource('dynamodb').Table(n).scan()"

    assert document(merged(findings(lines))) == document(merged(findings(lines)))
    assert document(merged(findings(lines)))["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["dynamodb:Scan"],
            "Resource": [f"arn:*:dynamodb:*:*:table/{name}" for name in "abc"],
        }
    ]
