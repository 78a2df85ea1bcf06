"""Stand-ins: what the application and its checks see for a token while it is packaged.

An application that declares ``@app.on_sqs_message(queue_arn=os.environ["QUEUE_ARN"])`` is imported while the
variable's value is a token, and a token is no ARN.  It gets an ARN of the same form, made up and
unmistakable, and the template gets the token back.

Source: the return values (``Ref`` and ``Fn::GetAtt``) of each resource type, AWS CloudFormation Template
Reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice_cdk.errors import ChaliceError
from chalice_cdk.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The account is the one of AWS's documentation; nothing is contacted.
_HERE = "us-east-1:123456789012"
_NAME = re.compile(r"cdktoken[0-9a-f]{8}x")
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")

_FORMS: Mapping[tuple[str, str], str] = {
    ("AWS::Cognito::UserPool", "Arn"): f"arn:aws:cognito-idp:{_HERE}:userpool/us-east-1_{{name}}",
    ("AWS::Cognito::UserPool", "Ref"): "us-east-1_{name}",
    ("AWS::DynamoDB::GlobalTable", "Ref"): "{name}",
    ("AWS::DynamoDB::GlobalTable", "StreamArn"): (
        f"arn:aws:dynamodb:{_HERE}:table/{{name}}/stream/2020-01-01T00:00:00.000"
    ),
    ("AWS::DynamoDB::Table", "Ref"): "{name}",
    ("AWS::DynamoDB::Table", "StreamArn"): (
        f"arn:aws:dynamodb:{_HERE}:table/{{name}}/stream/2020-01-01T00:00:00.000"
    ),
    ("AWS::Events::EventBus", "Arn"): f"arn:aws:events:{_HERE}:event-bus/{{name}}",
    ("AWS::Events::EventBus", "Name"): "{name}",
    ("AWS::Events::EventBus", "Ref"): "{name}",
    ("AWS::Kinesis::Stream", "Arn"): f"arn:aws:kinesis:{_HERE}:stream/{{name}}",
    ("AWS::Kinesis::Stream", "Ref"): "{name}",
    ("AWS::Lambda::Function", "Arn"): f"arn:aws:lambda:{_HERE}:function:{{name}}",
    ("AWS::Lambda::Function", "Ref"): "{name}",
    ("AWS::MSK::Cluster", "Ref"): (
        f"arn:aws:kafka:{_HERE}:cluster/{{name}}/00000000-0000-0000-0000-000000000000-1"
    ),
    ("AWS::MSK::Cluster", "Arn"): (
        f"arn:aws:kafka:{_HERE}:cluster/{{name}}/00000000-0000-0000-0000-000000000000-1"
    ),
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::{name}",
    ("AWS::S3::Bucket", "Ref"): "{name}",
    ("AWS::SNS::Topic", "Ref"): f"arn:aws:sns:{_HERE}:{{name}}",
    ("AWS::SNS::Topic", "TopicArn"): f"arn:aws:sns:{_HERE}:{{name}}",
    ("AWS::SNS::Topic", "TopicName"): "{name}",
    ("AWS::SQS::Queue", "Arn"): f"arn:aws:sqs:{_HERE}:{{name}}",
    ("AWS::SQS::Queue", "QueueName"): "{name}",
    ("AWS::SecretsManager::Secret", "Ref"): f"arn:aws:secretsmanager:{_HERE}:secret:{{name}}-AbCdEf",
}


def stand_in(of: str, type: str, attribute: str, *, fifo: bool = False) -> str | None:
    """Return a value of the form that a resource's attribute has, or None when the form is not known.

    Args:
        of: the resource's path, so that the stand-in is the same in every run: ids may be made from it.
        type: of the resource, ``AWS::SQS::Queue``.
        attribute: ``Ref``, or what ``Fn::GetAtt`` asks for.
        fifo: the resource is a FIFO queue or topic, whose name says so.
    """
    form = _FORMS.get((type, attribute))
    name = f"cdktoken{sha256(of.encode()).hexdigest()[:8]}x"
    return None if form is None else form.format(name=name + (".fifo" if fifo else ""))


def tokens_of(variables: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tokens in environment variables, each once.

    Args:
        variables: names to values.
    """
    texts = (value for value in variables.values() if isinstance(value, str))
    yield from dict.fromkeys(token for text in texts for token in _TOKEN.findall(text))


def with_stand_ins(variables: Mapping[str, str], stand_ins: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables with stand-ins for their tokens.

    Args:
        variables: names to values.
        stand_ins: by token.
    """
    return {
        name: _TOKEN.sub(lambda match: stand_ins.get(match[0], match[0]), value)
        for name, value in variables.items()
    }


def with_tokens(tree: Any, stand_ins: Mapping[str, str]) -> Any:
    """Return a template with the tokens where their stand-ins were.

    Args:
        tree: the template, or a part of it.
        stand_ins: by token.

    Raises:
        ChaliceError: a part of a stand-in is left, which no token has.
    """
    # The longest first: the name of a resource is a part of its ARN.
    tokens = sorted(((value, token) for token, value in stand_ins.items()), key=lambda pair: -len(pair[0]))

    def plain(text: str) -> str:
        for value, token in tokens:
            text = text.replace(value, token)
        if _NAME.search(text):
            raise _unknown_part(text)
        return text

    def marked(text: str) -> str:
        # Within Fn::Sub, as literal text is marked there.
        for value, token in tokens:
            text = text.replace(value, "${!" + token.removeprefix("${"))
        if _NAME.search(text):
            raise _unknown_part(text)
        return text

    return _changed(tree, plain, marked) if tokens else tree


def explained(text: str, stand_ins: Mapping[str, str]) -> str:
    """Return what the tools say about an application, in terms of tokens.

    Args:
        text: an error's.
        stand_ins: by token.
    """
    for token, value in stand_ins.items():
        text = text.replace(value, token)
    if is_token(text):
        text += (
            "\nA value that begins with ${Token is one of the CDK's.  The checks understand whole ARNs and "
            "names of queues, topics, streams, tables, buckets, user pools and the like; where they want "
            "something else, give the construct that as a plain value."
        )
    return text


def _changed(tree: Any, plain: Callable[[str], str], substituted: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return plain(tree)
    if isinstance(tree, list):
        return [_changed(item, plain, substituted) for item in tree]
    if not isinstance(tree, Mapping):
        return tree
    if tree.keys() == {"Fn::Sub"}:
        given = tree["Fn::Sub"]
        if isinstance(given, list):
            text, variables = given
            return {"Fn::Sub": [substituted(text), _changed(variables, plain, substituted)]}
        return {"Fn::Sub": substituted(given)}
    # No key is a value; one that was made from a stand-in cannot be told from another.
    return {plain(key): _changed(value, plain, substituted) for key, value in tree.items()}


def _unknown_part(text: str) -> ChaliceError:
    return ChaliceError(
        f"A part of a CDK token is needed, and not known: {text!r}.\n"
        "The application declares something by an ARN that is a token, and the template needs its name.\n"
        "Give the application the name, in an environment variable of its own, instead of the ARN."
    )
