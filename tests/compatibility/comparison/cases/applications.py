"""The application object: its decorators, tables, names, logger and environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comparison.steps import call, labelled, rest, run

WRAPPED_VIEWS = {
    **{
        path: rest(path, params={"x": "v"})
        for path in ("/below/{x}", "/above/{x}", "/both/{x}", "/lambda/{x}", "/docs/{x}")
    },
    **{
        path: rest(path, params={"name": "v"})
        for path in ("/callable/{name}", "/method/{name}", "/partial/{name}")
    },
    **{path: rest(path) for path in ("/one", "/two", "/made/first", "/made/second")},
    "/three": rest("/three", "POST"),
    "names": run("{p: [e.view_name for e in app.routes[p].values()] for p in sorted(app.routes)}"),
    "the function itself": run("[stacked.__name__, documented.__doc__, below.__wrapped__.__name__]"),
    "unchanged": run("app.route('/late')(factory) is factory"),
    "direct call": run("below(x='direct')"),
    "direct call by position": run("below('direct')"),
    "a callable is returned as it is": run("greeter('you')"),
}

STATE = {
    "current_request at first": run("app.current_request", "current_request"),
    "lambda_context at first": run("app.lambda_context", "lambda_context"),
    "a request": rest("/", headers={"X-Name": "one"}),
    "it stays": run("current()"),
    "another": rest("/", headers={"X-Name": "two"}),
    "it is the last one": run("current()"),
    "a view error": rest("/bad", headers={"X-Name": "three"}),
    "also after a view error": run("current()"),
    "a crash": rest("/crash", headers={"X-Name": "four"}),
    "also after a crash": run("current()"),
    "an unknown method": rest("/", "PUT", headers={"X-Name": "five"}),
    "after an unknown method": run("before('current_request') and current()"),
    "context after an unknown method": run("before('lambda_context').function_name"),
    "again": rest("/", headers={"X-Name": "six"}),
    "another function": call("other", {}),
    "no request": call("app", {"Records": []}),
    "after no request": run("before('current_request')"),
    "another function after that": call("other", {}),
    "assigned": run(
        "app.current_request = 'mine'; app.lambda_context = 'own'; result = "
        "[app.current_request, app.lambda_context]"
    ),
}

ROUTE_TABLE = {
    **{
        f"{method} {path}": run(f"entry({path!r}, {method!r})")
        for path, method in (
            ("/", "GET"),
            ("/a/{x}/{y}", "PUT"),
            ("/a/{x}/{y}", "POST"),
            ("/b", "GET"),
            ("/c", "GET"),
        )
    },
    "paths": run("{path: list(methods) for path, methods in app.routes.items()}"),
    "functions": run("sorted(app.handler_map)"),
    "pure functions": run("[f.name for f in app.pure_lambda_functions]"),
    "handler strings": run("[f.handler_string for f in app.pure_lambda_functions]"),
    "function objects": run("[callable(app.handler_map[name]) for name in sorted(app.handler_map)]"),
    "event sources": run("len(app.event_sources)"),
    "authorizers": run("len(app.builtin_auth_handlers)"),
    "flags": run("app.experimental_feature_flags"),
    "websocket handlers": run("len(app.websocket_handlers)"),
    "name": run("app.app_name"),
    "equality of entries": run("app.routes['/']['GET'] == app.routes['/']['GET']"),
    "cors of true": run("app.routes['/b']['GET'].cors == CORSConfig()"),
    "cors of a config": run("app.routes['/c']['GET'].cors == CORSConfig(max_age=1)"),
    "cors of nothing": run("app.routes['/']['GET'].cors"),
    "name by position": run("Chalice('by position').app_name"),
    "no name": run("Chalice()", "app_name"),
    "unknown option of the application": run("Chalice('x', nothing=1)", "nothing"),
    "an unknown attribute": run("app.no_such_attribute", "no_such_attribute"),
    "an unknown decorator": run("app.on_no_such_event()", "on_no_such_event"),
}

DECORATOR_ERRORS = {
    "same path and method": run("app.route('/taken')(view)", "GET", "/taken", "view", "taken"),
    "same path, another method": run(
        "app.route('/taken', methods=['PUT'])(view); result = list(app.routes['/taken'])"
    ),
    "unknown option": run("app.route('/x', bogus=1)(view)", "bogus"),
    "two unknown options": run("app.route('/x', bogus=1, other=2)(view)", "bogus", "other"),
    "content types as text": run("app.route('/x', content_types='text/plain')(view)", "content_types"),
    "content types as a tuple": run("app.route('/x', content_types=('text/plain',))(view)", "content_types"),
    "lower-case methods": run(
        "app.route('/lower', methods=['get'])(view); result = list(app.routes['/lower'])", "get"
    ),
    "methods as text": run(
        "app.route('/text', methods='GET')(view); result = list(app.routes['/text'])", "GET"
    ),
    "a method named ANY": run(
        "app.route('/any', methods=['ANY'])(view); result = list(app.routes['/any'])", "ANY"
    ),
    "no methods": run("app.route('/none', methods=[])(view); result = list(app.routes.get('/none', ()))"),
    "same method twice": run("app.route('/double', methods=['GET', 'GET'])(view)", "GET", "/double"),
    "cors of another kind": run(
        "app.route('/cors', cors='yes')(view); result = app.routes['/cors']['GET'].cors"
    ),
    "route without a path": run("app.route()(view)", "path"),
    "route on nothing callable": run("app.route('/five')(5)"),
    "path without a slash": run("app.route('bare')(view); result = 'bare' in app.routes"),
    "empty path": run("app.route('')(view); result = '' in app.routes"),
    "same function name twice": run(
        "app.lambda_function()(lambda event, context: 1); result = len(app.pure_lambda_functions)"
    ),
    "same logical name twice": run(
        "app.lambda_function(name='function')(handler); result = len(app.handler_map)", "function"
    ),
    "unknown option of lambda_function": run("app.lambda_function(memory=5)(handler)"),
    "lambda_function without parentheses": run(
        "n = len(app.pure_lambda_functions); app.lambda_function(handler); result = "
        "len(app.pure_lambda_functions) - n",
        "lambda_function",
    ),
    "authorizer without parentheses": run(
        "app.authorizer(handler); result = len(app.builtin_auth_handlers)", "authorizer"
    ),
    "unknown option of authorizer": run("app.authorizer(bogus=1)(handler)", "bogus"),
    "sqs without a queue": run("app.on_sqs_message()(handler)", "queue"),
    "sqs with an unknown option": run("app.on_sqs_message(queue='q', bogus=1)(handler)", "bogus"),
    "s3 without a bucket": run("app.on_s3_event()(handler)", "bucket"),
    "s3 with an unknown option": run("app.on_s3_event(bucket='b', bogus=1)(handler)", "bogus"),
    "sns without a topic": run("app.on_sns_message()(handler)", "topic"),
    "schedule without an expression": run("app.schedule()(handler)", "expression"),
    "cloudwatch without a pattern": run("app.on_cw_event()(handler)", "event_pattern"),
    "kinesis without a stream": run("app.on_kinesis_record()(handler)", "stream"),
    "dynamodb without a stream": run("app.on_dynamodb_record()(handler)", "stream_arn"),
    "middleware of an unknown event": run("app.middleware('bogus')(handler)", "bogus"),
    "registered middleware of an unknown event": run("app.register_middleware(handler, 'bogus')", "bogus"),
    "the routes are as they were": run("sorted(p for p in app.routes if p.startswith('/taken'))"),
}

NAMES = {
    **{
        f"chalice.{name}": run(f"[chalice.{name}.__name__, issubclass(chalice.{name}, Exception)]")
        for name in (
            "Chalice",
            "Response",
            "CORSConfig",
            "CustomAuthorizer",
            "CognitoUserPoolAuthorizer",
            "IAMAuthorizer",
            "AuthResponse",
            "AuthRoute",
            "Cron",
            "Rate",
            "ChaliceViewError",
            "BadRequestError",
            "UnauthorizedError",
            "ForbiddenError",
            "NotFoundError",
            "ConflictError",
            "TooManyRequestsError",
            "UnprocessableEntityError",
            "Blueprint",
            "WebsocketDisconnectedError",
            "ConvertToMiddleware",
            "ChaliceUnhandledError",
        )
    },
    **{
        f"chalice.app.{name}": run(f"chalice.app.{name}.__name__")
        for name in (
            "Chalice",
            "Request",
            "Response",
            "APIGateway",
            "WebsocketAPI",
            "AuthRequest",
            "AuthResponse",
            "AuthRoute",
            "MultiDict",
            "CaseInsensitiveMapping",
            "CloudWatchEvent",
            "S3Event",
            "SNSEvent",
            "SQSEvent",
            "SQSRecord",
            "KinesisEvent",
            "KinesisRecord",
            "DynamoDBEvent",
            "DynamoDBRecord",
            "WebsocketEvent",
            "LambdaFunctionEvent",
            "Blueprint",
            "Rate",
            "Cron",
            "ScheduleExpression",
            "ChaliceError",
            "ChaliceViewError",
            "ChaliceUnhandledError",
            "MethodNotAllowedError",
            "RequestTimeoutError",
            "WebsocketDisconnectedError",
            "CORSConfig",
            "IAMAuthorizer",
            "ConvertToMiddleware",
            "ChaliceAuthorizer",
            "CustomAuthorizer",
            "CognitoUserPoolAuthorizer",
            "Authorizer",
            "RouteEntry",
            "BaseLambdaEvent",
            "DecoratorAPI",
        )
    },
    "the same object in both": run(
        "all(getattr(chalice, n) is getattr(chalice.app, n) for n in ('Chalice', 'Response', "
        "'Rate', 'Blueprint', 'AuthResponse', 'NotFoundError'))"
    ),
    "not at the top": run(
        "[hasattr(chalice, n) for n in ('Request', 'MethodNotAllowedError', "
        "'RequestTimeoutError', 'MultiDict')]"
    ),
    "an unknown name": run("chalice.NoSuchName", "NoSuchName"),
    "an unknown name, imported": run("from chalice import NoSuchName", "NoSuchName"),
    "an unknown name of app, imported": run("from chalice.app import NoSuchName", "NoSuchName"),
    "version": run("isinstance(chalice.__version__, str)"),
    "version of app": run("chalice.app.__version__ == chalice.__version__"),
    "all errors": run("[error.__name__ for error in chalice.app.ALL_ERRORS]"),
    "statuses": run("statuses()"),
    "bases": run("{e.__name__: [b.__name__ for b in e.__mro__] for e in chalice.app.ALL_ERRORS}"),
    "bases of the others": run(
        "[[b.__name__ for b in e.__mro__] for e in (chalice.app.ChaliceUnhandledError, "
        "chalice.WebsocketDisconnectedError)]"
    ),
    "no foreign imports": run(
        "import subprocess, sys; result = subprocess.run([sys.executable, '-I', '-c', "
        '\'import chalice, chalice.app, sys; print([m for m in ("boto3", "botocore", '
        '"click", "pip") if m in sys.modules])\'], '
        "capture_output=True, text=True).stdout"
    ),
}

ENVIRONMENT = {
    "marked": run("without_version(own['AWS_EXECUTION_ENV'])"),
    "marked where there was nothing": run("without_version(empty['AWS_EXECUTION_ENV'])"),
    "the rest is kept": run("sorted(own)"),
    "nothing else is added": run("sorted(empty)"),
    "the process's is left alone": run("os.environ.get('AWS_EXECUTION_ENV')"),
    "asked in a view": rest("/"),
    "the process's, by default": run(
        "Chalice('environment_third'); result = without_version(os.environ['AWS_EXECUTION_ENV'])"
    ),
    "once more for each application": run(
        "Chalice('environment_fourth'); result = without_version(os.environ['AWS_EXECUTION_ENV'])"
    ),
    "our own name is there": run("'aws-chalice/' in own['AWS_EXECUTION_ENV']"),
}

LOGGING = {
    "levels": run("levels()"),
    "handlers' formats": run("app.log.handlers[0].formatter._fmt"),
    "handlers' streams": run("[h.stream is sys.stdout for h in app.log.handlers]"),
    **{
        f"lines of {name}": run(f"log_with({name!r})")
        for name in (
            "app",
            "chatty",
            "untouched",
            "untouched_debug",
            "first",
            "second",
            "prepared",
            "elsewhere",
        )
    },
    **{
        labelled(level=level): rest("/log/{level}", params={"level": level})
        for level in ("debug", "info", "warning", "error", "critical", "exception")
    },
    "a level by hand": rest("/level/{number}", params={"number": "20"}),
    **{
        labelled(level=level, after="by hand"): rest("/log/{level}", params={"level": level})
        for level in ("debug", "info", "warning", "error")
    },
    "crash": rest("/crash"),
    "silent": rest("/level/{number}", params={"number": "60"}),
    "crash when silent": rest("/crash"),
    "back": rest("/level/{number}", params={"number": "40"}),
    **{path: rest(path) for path in ("/print", "/exception", "/bad", "/child")},
    "debug of one application for its namesake": run(
        "second.debug = True; result = [first.log.level, first.debug]"
    ),
    "lines of the namesake": run("log_with('first')"),
    "debug where logging was left alone": run("untouched.debug = True; result = levels()['untouched']"),
}

ANY_EVENT: Sequence[Any] = (None, {"a": [1]}, [], "text", 5)
PURE_LAMBDAS = {
    **{
        labelled(function=name, event=event): call(name, event)
        for name in (
            "echo",
            "original",
            "crash",
            "unserializable",
            "nothing",
            "wrapped",
            "wrapped_outside",
            "named_differently",
        )
        for event in ANY_EVENT
    },
    "changing": call("changing", {"a": 1}),
    "direct call": run(
        "echo({'direct': 1}, __import__('types').SimpleNamespace(function_name='f', "
        "get_remaining_time_in_millis=lambda: 5))"
    ),
    "direct call by keyword": run(
        "named_differently(first=1, second=__import__('types').SimpleNamespace(aws_request_id='r'))"
    ),
    "names": run("[f.name for f in app.pure_lambda_functions]"),
    "handlers": run("[f.handler_string for f in app.pure_lambda_functions]"),
    "map": run("sorted(app.handler_map)"),
    "map leads to the handlers": run(
        "app.handler_map['echo']({'a': 1}, "
        "__import__('types').SimpleNamespace(function_name='f', "
        "get_remaining_time_in_millis=lambda: 5))"
    ),
    "documentation": run("original.__doc__"),
    "name": run("original.__name__"),
    "wrong arguments": run("echo({})", "context"),
    "the API beside them": rest("/"),
    "an API event for a function": call("original", {"requestContext": {"resourcePath": "/"}}),
}

APPLICATION_NAMES = {
    "own route": rest("/v1/own"),
    "without the prefix": rest("/own"),
    "calls": rest("/v1/calls"),
    "the other": rest("/other", handler="other"),
    "the other does not know": rest("/v1/own", handler="other"),
    "paths": run("sorted(app.routes)"),
    "names": run("[app.app_name, other.app_name, app.log.name, other.log.name]"),
    "an empty name": run("Chalice('').app_name"),
}

CONCURRENCY = {
    **{
        path: rest(path, headers={"X-Name": "outer"})
        for path in (
            "/plain",
            "/thread",
            "/pool",
            "/map",
            "/loop",
            "/nested",
            "/direct",
            "/assigned",
            "/thread",
        )
    },
    "after it was assigned": rest("/pool", headers={"X-Name": "again"}),
    "from another thread, afterwards": run("from_another_thread()"),
    "another function": call("function", {}),
    "a function that asks the API": call("asking", rest("/plain", headers={"x-name": "f"}).request["event"]),
    "the function after that": call("function", {}),
}

PUBLIC_NAMES = {
    **{
        labelled(path=path, query=query, handler=handler): rest(path, query=query, handler=handler)
        for path in ("/kinds", "/timeout", "/refused")
        for query in (None, {"a": ["1"]})
        for handler in ("app", "own", "own_handle")
    },
    "refused": rest("/refused", "DELETE"),
    "annotated": rest("/annotated/{name}", params={"name": "you"}),
    **{labelled(error=n): rest("/caught/{number}", params={"number": str(n)}) for n in range(10)},
    "sqs": call("work", {"Records": [{"body": "a", "receiptHandle": "r"}]}),
    "annotations": run("[annotated.__annotations__, work.func.__name__]"),
}

CASES = {
    "wrapped_views": WRAPPED_VIEWS,
    "state": STATE,
    "route_table": ROUTE_TABLE,
    "decorator_errors": DECORATOR_ERRORS,
    "names": NAMES,
    "environment": ENVIRONMENT,
    "logging_rules": LOGGING,
    "pure_lambdas": PURE_LAMBDAS,
    "application_names": APPLICATION_NAMES,
    "concurrency": CONCURRENCY,
    "public_names": PUBLIC_NAMES,
}
