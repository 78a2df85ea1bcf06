"""Events of each family, as AWS sends them and a little otherwise."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from comparison.steps import call, each, labelled, run

Event = dict[str, Any]
STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/users/stream/2024-01-01T00:00:00.000"


def bridge(**changes: Any) -> Event:
    """An event of EventBridge; schedules have these too."""
    return {
        "version": "0",
        "account": "123456789012",
        "region": "eu-west-1",
        "detail": {},
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2024-01-02T03:04:05Z",
        "id": "1234abcd-1234-abcd-1234-1234abcd1234",
        "resources": ["arn:aws:events:eu-west-1:123456789012:rule/rule"],
        **changes,
    }


def s3_record(bucket: str = "bucket", key: str = "key", name: str = "ObjectCreated:Put") -> Event:
    """A record of S3."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventName": name,
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "c",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "p"},
                "arn": f"arn:aws:s3:::{bucket}",
            },
            "object": {
                "key": key,
                "size": 1024,
                "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                "versionId": "v",
            },
        },
    }


def sns_record(message: str = "message", subject: str | None = "subject", attributes: Any = None) -> Event:
    """A record of SNS."""
    return {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": "arn:aws:sns:eu-west-1:123456789012:topic:id",
        "Sns": {
            "Type": "Notification",
            "MessageId": "da41e39f-ea4d-435a-b922-c6aae3915ebe",
            "TopicArn": "arn:aws:sns:eu-west-1:123456789012:topic",
            "Subject": subject,
            "Message": message,
            "Timestamp": "2024-01-02T03:04:05.678Z",
            "MessageAttributes": {} if attributes is None else attributes,
        },
    }


def sqs_record(body: str = "body", number: int = 0) -> Event:
    """A record of SQS."""
    return {
        "messageId": f"19dd0b57-b21e-4ac1-bd88-{number:012}",
        "receiptHandle": f"handle-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1523232000000"},
        "messageAttributes": {"a": {"stringValue": "x", "dataType": "String"}},
        "md5OfBody": "7b270e59b47ff90a553787216d55d91d",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:queue",
        "awsRegion": "eu-west-1",
    }


def kinesis_record(data: bytes = b"data", arrived: float = 1545084650.987, number: int = 0) -> Event:
    """A record of Kinesis."""
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": f"key-{number}",
            "sequenceNumber": f"4959033827149025660855969253836157109592157598913658889{number}",
            "data": base64.b64encode(data).decode(),
            "approximateArrivalTimestamp": arrived,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000006:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": "arn:aws:iam::123456789012:role/r",
        "awsRegion": "eu-west-1",
        "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/stream",
    }


def dynamodb_record(
    name: str = "INSERT",
    images: Sequence[str] = ("NewImage", "OldImage"),
    arn: str = STREAM,
    created: float = 1545084650,
    keys: Mapping[str, Any] | None = None,
) -> Event:
    """A record of a DynamoDB stream."""
    changed: Event = {
        "ApproximateCreationDateTime": created,
        "Keys": dict(keys or {"id": {"N": "101"}}),
        "SequenceNumber": "111",
        "SizeBytes": 26,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    for image in images:
        changed[image] = {"id": {"N": "101"}, "text": {"S": image}, "set": {"SS": ["a", "b"]}}
    return {
        "eventID": "c4ca4238a0b923820dcc509a6f75849b",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": changed,
        "eventSourceARN": arn,
    }


def records(*of: Event) -> Event:
    """Return the event that carries records."""
    return {"Records": list(of)}


BROKEN: Mapping[str, Any] = {
    "empty": {},
    "no records": {"Records": []},
    "null": None,
    "text": "text",
    "a list": [],
    "records of null": {"Records": None},
    "an empty record": {"Records": [{}]},
}

DETAILS: Sequence[Event] = ({}, {"a": [1, {"b": None}]}, {"instance-id": "i-1", "state": "\u00e9"})

SCHEDULED = {
    **{
        labelled(handler=case["handler"], detail=case["detail"], resources=len(case["resources"])): call(
            case["handler"], bridge(detail=case["detail"], resources=case["resources"])
        )
        for case in each(
            handler=("every", "hourly", "noon"), detail=DETAILS, resources=([], ["r"], ["r", "s"])
        )
    },
    **{
        f"rate({value}, {unit})": run(f"expression({value!r}, Rate.{unit})")
        for value in (1, 2, 5, 24, 0)
        for unit in ("MINUTES", "HOURS", "DAYS")
    },
    "rate by keyword": run("expression(value=3, unit=Rate.HOURS)"),
    "rate of an unknown unit": run("expression(2, 'weeks')", "weeks"),
    "cron": run("Cron(0, 10, '*', '*', '?', '*').to_string()"),
    "cron of text": run("Cron('15', '12', '?', '*', 'MON-FRI', '2024').to_string()"),
    "cron, six fields": run("Cron(15, 10, '?', '*', '6L', '2002-2005').to_string()"),
    "cron by keyword": run(
        "Cron(minutes='0/10', hours='*', day_of_month='?', month='*', day_of_week='MON-FRI', "
        "year='*').to_string()"
    ),
    "cron of too few": run("Cron(1, 2, 3)", "month"),
    "rate of nothing": run("Rate()", "value"),
    "units": run("[Rate.MINUTES, Rate.HOURS, Rate.DAYS]"),
    "attributes of Rate": run("r = Rate(2, unit=Rate.HOURS); result = [r.value, r.unit]"),
    "attributes of Cron": run(
        "c = Cron(1, 2, 3, 4, '?', 6); result = [c.minutes, c.hours, c.day_of_month, "
        "c.month, c.day_of_week, c.year]"
    ),
    **{f"broken: {name}": call("every", event) for name, event in BROKEN.items()},
    **{
        f"without {key}": call("every", {k: v for k, v in bridge().items() if k != key})
        for key in ("detail", "time", "id", "resources", "source", "version")
    },
}

CLOUDWATCH = {
    labelled(handler=case["handler"], detail=case["detail"], source=case["source"]): call(
        case["handler"], bridge(**{"detail": case["detail"], "source": case["source"], "detail-type": "x"})
    )
    for case in each(
        handler=("all_of_them", "named", "crash"), detail=DETAILS, source=("aws.ec2", "own.source", "")
    )
}

KEYS = (
    "key", "a/b/c.txt", "with+plus", "with%2Bplus", "with%20space", "%C3%A9+%E2%82%AC", "a%2Fb", "%", "%zz",
    "", "100%25", "%FF",
)  # fmt: skip
S3 = {
    **{
        labelled(handler=handler, key=key): call(handler, records(s3_record(key=key)))
        for handler in ("uploaded", "removed")
        for key in KEYS
    },
    "another bucket": call("uploaded", records(s3_record(bucket="another.bucket"))),
    "two records": call("uploaded", records(s3_record(key="one"), s3_record(key="two"))),
    "a test event": call("uploaded", {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "bucket"}),
    **{f"broken: {name}": call("uploaded", event) for name, event in BROKEN.items()},
}

ATTRIBUTES: Sequence[Any] = (None, {"a": {"Type": "String", "Value": "x"}})
SNS = {
    **{
        labelled(
            handler=case["handler"],
            message=case["message"],
            subject=case["subject"],
            attributes=case["attributes"],
        ): call(case["handler"], records(sns_record(case["message"], case["subject"], case["attributes"])))
        for case in each(
            handler=("notified", "by_arn"),
            message=("message", "", '{"a": 1}', "\u00e9"),
            subject=("subject", None),
            attributes=ATTRIBUTES,
        )
    },
    "two records": call("notified", records(sns_record("one"), sns_record("two"))),
    "no attributes at all": call(
        "notified",
        records({"Sns": {k: v for k, v in sns_record()["Sns"].items() if k != "MessageAttributes"}}),
    ),
    "no subject at all": call(
        "notified", records({"Sns": {k: v for k, v in sns_record()["Sns"].items() if k != "Subject"}})
    ),
    **{f"broken: {name}": call("notified", event) for name, event in BROKEN.items()},
}

BATCHES: Mapping[str, Sequence[str]] = {
    "one": ["a"],
    "three": ["a", "b", "c"],
    "json": ['{"a": 1}'],
    "unicode": ["\u00e9\U0001f600"],
    "empty body": [""],
    "ten": [str(number) for number in range(10)],
}
SQS = {
    **{
        labelled(handler=handler, batch=batch): call(
            handler, records(*(sqs_record(body, number) for number, body in enumerate(bodies)))
        )
        for handler in ("work", "by_arn", "partial", "length")
        for batch, bodies in BATCHES.items()
    },
    **{f"broken: {name}": call("work", event) for name, event in BROKEN.items()},
    "a record without a handle": call("work", records({"body": "x"})),
}

DATA: Mapping[str, bytes] = {
    "text": b"text",
    "empty": b"",
    "binary": bytes(range(256)),
    "utf-8": "\u20ac".encode(),
}
TIMES = (0, 1545084650, 1545084650.987, 1545084650.9876543, 253402300799)
KINESIS = {
    **{
        labelled(handler=handler, data=data): call(handler, records(kinesis_record(DATA[data])))
        for handler in ("work", "configured")
        for data in DATA
    },
    **{labelled(arrived=time): call("work", records(kinesis_record(arrived=time))) for time in TIMES},
    "three": call("work", records(*(kinesis_record(b"%d" % n, number=n) for n in range(3)))),
    **{f"broken: {name}": call("work", event) for name, event in BROKEN.items()},
    "not base64": call("work", records({"kinesis": {**kinesis_record()["kinesis"], "data": "!!!"}})),
    "padding left out": call("work", records({"kinesis": {**kinesis_record()["kinesis"], "data": "YQ"}})),
}

DYNAMODB = {
    **{
        labelled(name=case["name"], images=case["images"]): call(
            "work", records(dynamodb_record(case["name"], case["images"]))
        )
        for case in each(
            name=("INSERT", "MODIFY", "REMOVE"),
            images=((), ("NewImage",), ("OldImage",), ("NewImage", "OldImage")),
        )
    },
    **{labelled(created=time): call("work", records(dynamodb_record(created=time))) for time in TIMES},
    **{
        labelled(handler=handler, arn=arn): call(handler, records(dynamodb_record(arn=arn)))
        for handler in ("work", "tables")
        for arn in (
            STREAM,
            "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/other-table.name_1/stream/x",
            "arn:aws:dynamodb:eu-west-1:123456789012:table/bare",
            "not an arn",
            "",
            "arn:aws:dynamodb:eu-west-1:123456789012:index/x",
        )
    },
    "three": call("work", records(*(dynamodb_record(name) for name in ("INSERT", "MODIFY", "REMOVE")))),
    "two keys": call("work", records(dynamodb_record(keys={"a": {"S": "x"}, "b": {"B": "eA=="}}))),
    **{f"broken: {name}": call("work", event) for name, event in BROKEN.items()},
    **{
        f"without {key}": call(
            "work",
            records(
                {
                    **dynamodb_record(),
                    "dynamodb": {k: v for k, v in dynamodb_record()["dynamodb"].items() if k != key},
                }
            ),
        )
        for key in ("Keys", "SequenceNumber", "SizeBytes", "StreamViewType", "ApproximateCreationDateTime")
    },
}


HANDLERS = ("scheduled", "cron", "s3", "sns", "sqs", "cloudwatch", "kinesis", "dynamodb")
EVENT_TABLES = {
    "number": run("len(app.event_sources)"),
    "names": run("[source.name for source in app.event_sources]"),
    "handler strings": run("[source.handler_string for source in app.event_sources]"),
    "map": run("sorted(app.handler_map)"),
    "pure": run("[f.name for f in app.pure_lambda_functions]"),
    "authorizers": run("[a.name for a in app.builtin_auth_handlers]"),
    **{f"callable: {name}": run(f"callable({name})") for name in HANDLERS},
    **{f"event class: {name}": run(f"{name}.event_class.__name__") for name in HANDLERS},
    **{f"the function inside: {name}": run(f"{name}.func(None)") for name in HANDLERS},
    "sqs: queue": run("[s.queue for s in app.event_sources if s.name == 'sqs']"),
    "s3: bucket": run("[s.bucket for s in app.event_sources if s.name == 's3_name']"),
    "too few arguments": run("sqs({})", "context"),
}

CASES = {
    "scheduled": SCHEDULED,
    "cloudwatch": CLOUDWATCH,
    "s3": S3,
    "sns": SNS,
    "sqs": SQS,
    "kinesis": KINESIS,
    "dynamodb": DYNAMODB,
    "event_tables": EVENT_TABLES,
}
