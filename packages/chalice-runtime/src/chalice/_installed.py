"""What is installed in this environment, for the names that applications look up, and what is not.

Lambda rarely needs this: a deployment package of ours brings its answers along.  In others, and on the
machines of developers, the ``entry_points.txt`` files along ``sys.path`` are read here: `importlib.metadata`
alone would cost as much as the rest of a cold start.
"""

from __future__ import annotations

import os

from chalice.extensions import (
    ATTRIBUTES,
    DECORATORS,
    EXPORTS,
    SAMPLES,
    SHIPPED,
    TESTING,
    catalog,
    frozen_answers,
)

# Where the names of a group are found, for the error of those who look elsewhere.
_PLACES = {
    DECORATORS: "@app.{}(…)",
    EXPORTS: "from chalice import {}",
    ATTRIBUTES: "app.{}",
    SAMPLES: "client.events.{}(…) of a chalice.test.Client",
    TESTING: "client.{} of a chalice.test.Client",
}

# What the other distributions of this project provide, for the error of those who have not installed them.
FIRST_PARTY = {
    "chalice-blueprints": ("Blueprint", "register_blueprint"),
    "chalice-cognito": ("CognitoTriggerEvent", "generate_cognito_event", "on_cognito_trigger"),
    "chalice-dynamodb": (
        "DynamoDBEvent",
        "DynamoDBRecord",
        "generate_dynamodb_event",
        "on_dynamodb_record",
    ),
    "chalice-function-urls": ("generate_function_url_event", "on_function_url"),
    "chalice-kafka": ("KafkaEvent", "KafkaRecord", "generate_kafka_event", "on_kafka_message"),
    "chalice-kinesis": ("KinesisEvent", "KinesisRecord", "generate_kinesis_event", "on_kinesis_record"),
    "chalice-s3": ("S3Event", "generate_s3_event", "on_s3_event"),
    "chalice-schedule": (
        "CloudWatchEvent",
        "Cron",
        "Rate",
        "ScheduleExpression",
        "generate_cw_event",
        "generate_scheduled_event",
        "on_cw_event",
        "schedule",
    ),
    "chalice-sns": ("SNSEvent", "generate_sns_event", "on_sns_message"),
    "chalice-sqs": ("SQSEvent", "SQSRecord", "generate_sqs_event", "on_sqs_message"),
    "chalice-websockets": (
        "WebsocketAPI",
        "WebsocketDisconnectedError",
        "WebsocketEvent",
        "generate_websocket_event",
        "on_ws_connect",
        "on_ws_disconnect",
        "on_ws_message",
        "websocket",
        "websocket_api",
    ),
}


def advice(name: str) -> str | None:
    """Say how to get a name that was not found where it was looked for.

    Returns:
        Where it is when it is installed, else which distribution of this project provides it; None when none
        does.
    """
    for distribution, names in FIRST_PARTY.items():
        if name in names:
            if frozen_answers(DECORATORS) is not None:
                return (
                    f"{name!r} is provided by {distribution}, and this deployment package does not hold it, "
                    "because the application's sources do not mention it outside of text."
                )
            for group, place in _PLACES.items():
                if name in catalog.offered(group):
                    return f"{name!r} is elsewhere: {place.format(name)}."
            return (
                f"{name!r} is provided by {distribution}, which is not installed: pip install {distribution}"
            )
    return None


def read_entry_points(path: list[str]) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Read the entry points of every distribution along ``path``.

    Of one distribution in several folders the first counts, as it does for imports.

    See https://packaging.python.org/en/latest/specifications/entry-points/
    """
    offers: dict[str, dict[str, list[tuple[str, str]]]] = {
        group: {} for group in (*SHIPPED, SAMPLES, TESTING)
    }
    seen = set()
    for folder in path:
        try:
            # Not pathlib: it is slow, and this runs in Lambda when another tool made the package.
            names = sorted(os.listdir(folder or "."))  # noqa: PTH208
        except OSError:
            # sys.path may name zip files and folders that do not exist.
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            distribution = name.rpartition(".")[0].partition("-")[0].replace("_", "-").lower()
            if distribution in seen:
                continue
            seen.add(distribution)
            try:
                file = os.path.join(folder, name, "entry_points.txt")  # noqa: PTH118
                with open(file, encoding="utf-8") as stream:  # noqa: PTH123
                    text = stream.read()
            except OSError:
                continue
            _read(text, distribution, offers)
    return offers


def _read(text: str, distribution: str, offers: dict[str, dict[str, list[tuple[str, str]]]]) -> None:
    group = None
    for line in text.splitlines():
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            group = offers.get(line[1:-1].strip())
        elif group is not None:
            name, _, value = line.partition("=")
            # An entry may end with extras in brackets, which say nothing about the object.
            value = value.partition("[")[0].replace(" ", "")
            group.setdefault(name.strip(), []).append((value, distribution))
