"""Blueprints: what they declare, under which names and paths."""

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

PREFIXES = (None, "/", "/foo", "/foo/", "foo", "/foo/bar", "", "/{tenant}")

BLUEPRINTS = {
    "plain": rest("/plain"),
    "plain, post": rest("/plain", "POST", headers={"Content-Type": "application/json"}, body="{}"),
    "missing": rest("/missing"),
    "root": rest("/pre"),
    "root with a slash": rest("/pre/"),
    "item": rest("/pre/items/{item}", "PUT", params={"item": "x"}, headers={"Content-Type": "text/plain"}),
    "item, media type": rest("/pre/items/{item}", "PUT", params={"item": "x"}),
    "item, another method": rest("/pre/items/{item}", params={"item": "x"}),
    "guarded": rest("/pre/guarded", context={"authorizer": {"principalId": "me"}}),
    "own": rest("/own"),
    "without its prefix": rest("/guarded"),
    "guard": call(
        "guard", {"type": "TOKEN", "authorizationToken": "t", "methodArn": "a:b:c:d:e:api/stage/GET/x"}
    ),
    "plain function": call("plain_function", {"a": 1}),
    "prefixed function": call("function", {"a": 1}),
    "s3": call("s3", records(s3_record())),
    "sns": call("sns", records(sns_record())),
    "sqs": call("sqs", records(sqs_record())),
    "cloudwatch": call("cloudwatch", bridge()),
    "scheduled": call("scheduled", bridge()),
    "kinesis": call("kinesis", records(kinesis_record())),
    "dynamodb": call("dynamodb", records(dynamodb_record())),
    "paths": run("sorted(app.routes)"),
    "map": run("sorted(app.handler_map)"),
    "pure": run("[[f.name, f.handler_string] for f in app.pure_lambda_functions]"),
    "event sources": run("[[s.name, s.handler_string] for s in app.event_sources]"),
    "authorizers": run("[[a.name, a.handler_string] for a in app.builtin_auth_handlers]"),
    **{
        f"entry {method} {path}": run(f"entry({path!r}, {method!r})")
        for path, method in (
            ("/plain", "GET"),
            ("/plain", "POST"),
            ("/missing", "GET"),
            ("/pre", "GET"),
            ("/pre/items/{item}", "PUT"),
            ("/pre/guarded", "GET"),
        )
    },
    "the same logger": run("plain.log is app.log"),
    "the same application": run("[one.current_app is app for one in (plain, prefixed, families)]"),
    "the last request": run("prefixed.current_request is app.current_request"),
    "direct call of a view": run("guarded()"),
    "direct call of a function": run("function({'x': 1}, None)"),
}

RULES = {
    **{
        labelled(url_prefix=prefix): run(f"paths({prefix!r}, '/', '/x', '/y/', '/{{z}}', '/a/b')")
        for prefix in PREFIXES
    },
    **{labelled(name_prefix=prefix): run(f"functions({prefix!r})") for prefix in (None, "", "a_", "Prefix")},
    **{
        labelled(import_name=name): run(f"functions('a_', {name!r})")
        for name in ("app", "chalicelib", "chalicelib.deep.module")
    },
    "current_request before": run("unregistered.current_request", "registered"),
    "lambda_context before": run("unregistered.lambda_context", "registered"),
    "log before": run("unregistered.log", "registered"),
    "current_app before": run("unregistered.current_app", "registered"),
    "a function that is not registered": call("alone", {"a": 1}),
    "registered twice": run("routes_twice()"),
    "the same route in two": run("same_route_twice()", "GET", "/same"),
    "CORS of the application": run("global_cors()"),
    "declared after it was registered": run("declared_late()"),
    "no import name": run("Blueprint()", "import_name"),
    "an unknown option": run(
        "x = Blueprint('x'); x.route('/x', bogus=1)(never); app.register_blueprint(x)", "bogus"
    ),
    "content types that are no list": run(
        "x = Blueprint('x'); x.route('/x', content_types='a')(never); app.register_blueprint(x)",
        "content_types",
    ),
    "a view is returned as it is": run("x = Blueprint('x'); result = x.route('/x')(never) is never"),
    "a blueprint that is none": run("app.register_blueprint('x')"),
}

MIDDLEWARE = {
    "own": rest("/own"),
    "first": rest("/first"),
    "second": rest("/second"),
    "function": call("function", {"a": 1}),
    "queue": call("queue", records(sqs_record())),
    "unknown": rest("/unknown"),
}

CASES = {"blueprints": BLUEPRINTS, "blueprint_rules": RULES, "blueprint_middleware": MIDDLEWARE}
