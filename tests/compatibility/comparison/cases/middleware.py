"""Middleware: what it sees, what it may change, and in which order it runs."""

from __future__ import annotations

from comparison.cases.families import (
    bridge,
    dynamodb_record,
    kinesis_record,
    records,
    s3_record,
    sns_record,
    sqs_record,
)
from comparison.steps import call, labelled, rest, run

MARKS = (
    None, "x-short", "x-outer-raise", "x-outer-view-error", "x-outer-unhandled", "x-mark", "x-change",
    "x-replace", "x-break", "x-unserializable", "x-dict", "x-none", "x-after-raise", "x-inner-raise",
    "x-inner-view-error",
)  # fmt: skip

HTTP = {
    **{
        labelled(path=path, mark=mark): rest(path, headers={} if mark is None else {mark: "1"})
        for path in ("/", "/plain", "/bad", "/crash", "/unhandled", "/response", "/unserializable")
        for mark in MARKS
    },
    "binary": rest("/response", headers={"Accept": "image/png"}),
    "binary, changed": rest("/response", headers={"Accept": "image/png", "X-Change": "1"}),
    "binary, replaced": rest("/response", headers={"Accept": "image/png", "X-Replace": "1"}),
    "parameters": rest("/named/{name}", params={"name": "n"}),
    "an unknown method": rest("/plain", "PUT"),
    "an unknown path": rest("/unknown"),
    "an unknown method, short": rest("/plain", "PUT", headers={"X-Short": "1"}),
    "media type": rest("/", "POST", headers={"Content-Type": "text/plain"}),
    "media type, short": rest("/", "POST", headers={"Content-Type": "text/plain", "X-Short": "1"}),
    "not a request": call("app", {"Records": []}),
    "a function is not concerned": call("function", {"a": 1}),
}

ORDER = {
    "http": rest("/"),
    "pure": call("function", {"a": 1}),
    "sqs": call("queue", records(sqs_record())),
    "authorizers have none": call(
        "authorizer", {"type": "TOKEN", "authorizationToken": "t", "methodArn": "a:b:c:d:e:api/stage/GET/x"}
    ),
    "unknown method": rest("/", "PUT"),
    "http again": rest("/"),
    "direct call of a view": run("index()"),
    "direct call of a function": run("function({}, __import__('types').SimpleNamespace())"),
    "late": run("late()"),
    "http after": rest("/"),
    "pure after": call("function", {"a": 1}),
    "sqs after": call("queue", records(sqs_record())),
}

EVENTS = {
    labelled(handler=handler, short=short): call(handler, {**event, **({"short": True} if short else {})})
    for handler, event in {
        "s3": records(s3_record()),
        "sns": records(sns_record()),
        "sqs": records(sqs_record()),
        "cloudwatch": bridge(),
        "scheduled": bridge(),
        "kinesis": records(kinesis_record()),
        "dynamodb": records(dynamodb_record()),
        "pure": {"a": 1},
        "crash": {},
    }.items()
    for short in (False, True)
}

LAMBDA = {
    **{
        labelled(function=function, event=event): call(function, event)
        for function in ("echo", "second")
        for event in ("plain", "short", "change", "fail", "key", "value", None, {"a": 1})
    },
    "REST is not concerned": rest("/"),
    "direct call": run(
        "echo('direct', __import__('types').SimpleNamespace(function_name='f', aws_request_id='r'))"
    ),
}

CONVERT = {
    "http": rest("/"),
    "http, crash": rest("/crash"),
    "http, unknown method": rest("/", "PUT"),
    "pure": call("function", {"a": 1}),
    "pure, text": call("function", "text"),
    "pure, failing": call("function", {"fail": True}),
    "sqs": call("queue", records(sqs_record("a"), sqs_record("b"))),
    "sqs, failing": call("queue", {**records(sqs_record()), "fail": True}),
    "kind": run("callable(ConvertToMiddleware(wrapper))"),
}

LATE = {
    "http": rest("/"),
    "pure": call("function", 1),
    "sqs": call("queue", records(sqs_record())),
    "added for all": run("add('second', 'all')"),
    "http with the second": rest("/"),
    "pure with the second": call("function", 1),
    "sqs with the second": call("queue", records(sqs_record())),
    "added for http": run("add('third', 'http')"),
    "http with the third": rest("/"),
    "pure is not concerned": call("function", 1),
}

UNHANDLED = {
    labelled(app=app, path=path): rest(path, handler=app)
    for app in ("app", "debugged")
    for path in ("/own", "/cors", "/other", "/crash")
}

CASES = {
    "middleware_http": HTTP,
    "middleware_order": ORDER,
    "middleware_events": EVENTS,
    "middleware_lambda": LAMBDA,
    "convert_middleware": CONVERT,
    "middleware_late": LATE,
    "middleware_unhandled": UNHANDLED,
}
