"""The test clients of both."""

from __future__ import annotations

from comparison.steps import labelled, run

METHODS = ("get", "put", "delete", "patch", "head", "post", "options")

HTTP = {
    **{
        path: run(f"ask('get', {path!r})")
        for path in (
            "/",
            "/text",
            "/cookies",
            "/bad",
            "/crash",
            "/nothing",
            "/context",
            "/image",
            "/headers",
            "/unknown",
            "/text/",
            "//",
            "/deep/a/b",
            "/deep/a%20b/c%2Fd",
            "/deep/a/b/",
            "/lambda-context",
            "/items/x?a=1&a=2&b=",
            "/items/%C3%A9",
            "/items/a+b",
            "/items/x?q=%C3%A9",
            "/items/x?",
            "/cors",
        )
    },
    **{
        labelled(method=method): run(f"ask({method!r}, '/items/x')")
        for method in METHODS
        if method != "options"
    },
    **{labelled(method=method, path="/cors"): run(f"ask({method!r}, '/cors')") for method in ("post", "put")},
    "preflight": run("ask('options', '/cors')"),
    "options without CORS": run("ask('options', '/items/x')"),
    "json": run("ask('post', '/echo', body=b'{\"a\": 1}', headers={'Content-Type': 'application/json'})"),
    "json as text": run(
        "ask('post', '/echo', body='{\"a\": 1}', headers={'Content-Type': 'application/json'})"
    ),
    "text": run("ask('post', '/echo', body='text', headers={'Content-Type': 'text/plain'})"),
    "text in bytes": run("ask('post', '/echo', body=b'text', headers={'Content-Type': 'text/plain'})"),
    "no type": run("ask('post', '/echo', body='{}')"),
    "unsupported": run("ask('post', '/echo', body='{}', headers={'Content-Type': 'image/gif'})"),
    "headers": run("ask('get', '/headers', headers={'X-Foo': '1', 'Accept': 'text/html'})"),
    "binary": run("ask('get', '/image', headers={'Accept': 'image/png'})"),
    "binary, another Accept": run("ask('get', '/image', headers={'Accept': 'text/html'})"),
    "request": run("answered(Client(app).http.request('PUT', '/items/x'))"),
    "request in lower case": run("answered(Client(app).http.request('put', '/items/x'))"),
    "without with": run("answered(Client(app).http.get('/'))"),
    "headers that the gateway adds": run("added_to('/')"),
    "headers that the gateway adds to an error": run("added_to('/unknown')"),
    "stage": run("answered(Client(app, stage_name='prod').http.get('/context'))"),
}

TOKENS = ("all", "path", "other", "method", "wildcard", "nothing", "deny")
AUTHORIZERS = {
    **{
        labelled(method=method, path=path, token=token): run(
            f"ask({method!r}, {path!r}, Authorization={token!r})"
        )
        for token in TOKENS
        for method, path in (("GET", "/guarded"), ("POST", "/guarded"), ("GET", "/items/x"), ("GET", "/open"))
    },
    **{
        labelled(path=path, token=None): run(f"ask('GET', {path!r})")
        for path in ("/guarded", "/items/x", "/open", "/cognito", "/custom", "/iam")
    },
    "the header in lower case": run("ask('GET', '/guarded', authorization='all')"),
    "cognito, a token that is none": run("ask('GET', '/cognito', Authorization='no token')"),
    "custom, any token": run("ask('GET', '/custom', Authorization='token')"),
    "iam, any token": run("ask('GET', '/iam', Authorization='token')"),
    "unknown": run("ask('GET', '/unknown', Authorization='all')"),
}

SAMPLES = {
    "sns": "'message'",
    "sns, subject": "'message', subject='subject'",
    "sns, attributes": "'message', 'subject', {'a': {'Type': 'String', 'Value': 'x'}}",
    "s3": "'bucket', 'a/key'",
    "s3, event": "bucket='bucket', key='key', event_name='ObjectRemoved:Delete'",
    "s3, key to be quoted": "'bucket', 'a b+c'",
    "sqs": "['a', 'b']",
    "sqs, queue": "message_bodies=['a'], queue_name='other'",
    "sqs, none": "[]",
    "cw": "'source', 'type', {'a': 1}, ['resource']",
    "cw, region": "source='source', detail_type='type', detail={}, resources=[], region='eu-west-1'",
    "kinesis": "[b'a', b'b']",
    "kinesis, stream": "message_bodies=[b'a'], stream_name='other'",
}
HANDLERS = {"sns": "sns", "s3": "s3", "sqs": "sqs", "cw": "cloudwatch", "kinesis": "kinesis"}

FUNCTIONS = {
    **{
        f"event: {name}": run(
            f"generated({name.split(',')[0]!r}, {HANDLERS[name.split(',')[0]]!r}, {arguments})"
        )
        for name, arguments in SAMPLES.items()
    },
    **{
        f"shape: {name}": run(f"shape({name.split(',')[0]!r}, {arguments})")
        for name, arguments in SAMPLES.items()
    },
    "echo": run("invoke('echo', {'a': [1]})"),
    "echo of nothing": run("invoke('echo')"),
    "renamed": run("invoke('renamed')"),
    "by the function's name": run("invoke('original')", "original"),
    "crash": run("invoke('crash')"),
    "unknown": run("invoke('unknown')", "unknown"),
    "of a blueprint": run("invoke('bp_inside', 1)"),
    "of a blueprint, without its prefix": run("invoke('inside', 1)", "inside"),
    "environment": run("invoke('environment')"),
    "several calls": run("c = Client(app); result = [c.lambda_.invoke('echo', n).payload for n in (1, 2)]"),
    "not found error": run(
        "from chalice.test import FunctionNotFoundError as e; result = [b.__name__ for b in e.__mro__]"
    ),
}

ASKED = {
    "http": "lambda c: c.http.get('/').json_body",
    "remaining time of http": "lambda c: c.http.get('/remaining').json_body",
    "function": "lambda c: c.lambda_.invoke('function').payload",
    "queue": "lambda c: c.lambda_.invoke('queue', c.events.generate_sqs_event(['x'])).payload",
    "before and after": "lambda c: [environment(), c.lambda_.invoke('function').payload[0], environment()]",
}
CONFIG = {
    labelled(asked=asked, stage=stage, config=config): run(
        f"within({config}, {question}, stage_name={stage!r})"
    )
    for asked, question in ASKED.items()
    for stage in ("dev", "prod", "undeclared")
    for config in ("CONFIG", "None", "{'version': '2.0', 'app_name': 'x'}")
}

CASES = {
    "client_http": HTTP,
    "client_authorizers": AUTHORIZERS,
    "client_functions": FUNCTIONS,
    "client_config": CONFIG,
}
