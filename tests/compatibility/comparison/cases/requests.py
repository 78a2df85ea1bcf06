"""Requests: which view they reach, and what it sees of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comparison.steps import Step, call, each, labelled, rest, run

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

ROUTING = {
    **{
        labelled(method=method, resource=resource): rest(resource, method, params=params)
        for method in (*METHODS, "get", "TRACE", "")
        for resource, params in (
            ("/", None),
            ("/items", None),
            ("/items/{item}", {"item": "1"}),
            ("/absent", None),
        )
    },
    "percent sign": rest("/items/{item}", "PUT", params={"item": "a%20b"}),
    "unicode": rest("/items/{item}", "PUT", params={"item": "\u00e9/\u20ac"}),
    "renamed view": rest("/items/{item}", "PATCH", params={"item": "x"}),
    "pattern with a suffix": rest("/deep/er/and-er/{x}.json", params={"x": "y"}),
    "slash at the end": rest("/trailing/"),
    "slash left out": rest("/trailing"),
    "case of the path": rest("/CamelCase"),
    "another case of the path": rest("/camelcase"),
    "greedy": rest("/files/{proxy+}", params={"proxy": "a/b"}),
    "greedy, another method": rest("/files/{proxy+}", "PUT", params={"proxy": "a/b"}),
    "unknown paths leave no trace in what is declared": run("sorted(p for p in app.routes if app.routes[p])"),
    "paths": run("sorted(app.routes)"),
}

PARAMS = {
    "order is free": rest("/a/{one}/{two}", params={"one": "1", "two": "2"}),
    "more than the route has": rest("/a/{one}/{two}", params={"one": "1", "two": "2", "three": "3"}),
    "one is missing": rest("/a/{one}/{two}", params={"one": "1"}),
    "none are there": rest("/a/{one}/{two}"),
    "an empty value": rest("/b/{one}", params={"one": ""}),
    "null": rest("/b/{one}", params={"one": None}),
    "a default does not count": rest("/b/{one}", params={}),
    "keywords": rest("/c/{one}/{two}", params={"two": "2", "one": "1"}),
    "a view that names it otherwise": rest("/d/{other}", params={"other": "1"}),
    "a view that takes nothing": rest("/e/{one}", params={"one": "1"}),
    "two in one part": rest("/f/{a_1}-{b}", params={"a_1": "x", "b": "y"}),
    "the same twice": rest("/g/{same}/{same}", params={"same": "x"}),
    "types": rest("/h/{x}", params={"x": "5"}),
    "view_args": run("{path: app.routes[path]['GET'].view_args for path in sorted(app.routes)}"),
}

TYPES = (
    None,
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=utf-8",
    "text/plain",
    "TEXT/PLAIN",
    "text/plain, application/json",
    " text/plain ",
    "text/*",
    "*/*",
    "application/xml;q=0.1",
    "charset=utf-8",
    "",
    ";",
    "application/jsonp",
)
VIEWS = ("default", "json", "text", "several", "all", "half", "none", "parameters", "spaces")

CONTENT_TYPES = {
    **{
        labelled(view=view, sent=sent, prefix=prefix): rest(
            f"{prefix}/{view}", "POST", headers={} if sent is None else {"Content-Type": sent}, body="{}"
        )
        for view in VIEWS
        for sent in TYPES
        for prefix in ("", "/cors")
    },
    "no headers at all": rest("/default", "POST"),
    "name in lower case": rest("/text", "POST", headers={"content-type": "text/plain"}, body="x"),
    "name in upper case": rest("/text", "POST", headers={"CONTENT-TYPE": "text/plain"}, body="x"),
    "a value of null": rest("/default", "POST", headers={"Content-Type": None}, body="x"),
    **{
        labelled(first=first, last=last): rest(
            "/text", "POST", headers={"content-type": first, "Content-Type": last}, body="x"
        )
        for first, last in (("text/plain", "image/png"), ("image/png", "text/plain"))
    },
    "a wildcard within a type": rest("/text", "POST", headers={"Content-Type": "*/*q=0.5"}, body="x"),
    "methods without a body are checked as well": rest("/text", "GET"),
    "declared": run("{p: app.routes[p]['POST'].content_types for p in sorted(app.routes)}"),
}

BODY_TYPES = (
    None,
    "application/json",
    "Application/Json",
    "application/json; charset=utf-8",
    "application/jsonp",
    "text/plain",
    "text/json",
    "application/problem+json",
)
BODIES: dict[str, tuple[str | None, bool]] = {
    "none": (None, False),
    "empty": ("", False),
    "object": ('{"a": [1, 2.5, null, true]}', False),
    "null": ("null", False),
    "number": ("0", False),
    "spaces": ("  [1]\n", False),
    "open": ('{"a": ', False),
    "trailing": ("{} x", False),
    "nan": ("NaN", False),
    "duplicate keys": ('{"a": 1, "a": 2}', False),
    "unicode": ('"\u00e9\u20ac"', False),
    "escapes": ('"\\u00e9\\ud83d\\ude00"', False),
    "base64": ("eyJhIjogMX0=", True),
    "base64, binary": ("/9j/4A==", True),
    "base64, not padded": ("YQ", True),
    "base64, empty": ("", True),
    "base64, none": (None, True),
    "single quotes": ("{'a': 1}", False),
    "byte order mark": ("\ufeff{}", False),
}

BODY_CASES = {
    **{
        labelled(view=view, type=sent, body=body): rest(
            view,
            "POST",
            headers={} if sent is None else {"Content-Type": sent},
            body=BODIES[body][0],
            base64=BODIES[body][1],
        )
        for view in ("/body", "/json", "/caught")
        for sent in BODY_TYPES
        for body in BODIES
    },
    **{
        labelled(raw=body): rest("/raw", "POST", body=text, base64=base64)
        for body, (text, base64) in BODIES.items()
    },
    "deep": rest("/json", "POST", headers={"Content-Type": "application/json"}, body="[" * 500 + "]" * 500),
    "a body for GET": rest("/body", headers={"Content-Type": "application/json"}, body="[1]"),
    "a large number": rest(
        "/json", "POST", headers={"Content-Type": "application/json"}, body="1" + "0" * 400
    ),
}

QUERY = {
    **{
        labelled(query=query, view=view): rest(view, query=query)
        for view in ("/", "/missing", "/list", "/returned", "/changed")
        for query in (
            None,
            {"a": ["1"]},
            {"a": ["1", "2", "3"], "b": [""]},
            {"missing": ["found", "last"], "a": ["x"]},
            {"\u00e9": ["\u20ac"], "a": ["a b+c%20d"]},
        )
        if not (query is None and view == "/changed")
    },
    "changed without a query": rest("/changed"),
    "an empty mapping": rest("/", query={}),
    "an empty list": rest("/", query={"a": []}),
    "missing in an empty list": rest("/missing", query={"missing": []}),
    "multi: last": run("multi(a=['1', '2'])['a']"),
    "multi: absent": run("multi()['a']", "a"),
    "multi: empty": run("multi(a=[])['a']", "a"),
    "multi: get": run("[multi(a=['1', '2']).get('a'), multi().get('a'), multi().get('a', 5)]"),
    "multi: get of an empty list": run("multi(a=[]).get('a', 'default')"),
    "multi: getlist": run("multi(a=['1', '2']).getlist('a')"),
    "multi: getlist of an empty list": run("multi(a=[]).getlist('a')"),
    "multi: getlist absent": run("multi().getlist('a')", "a"),
    "multi: getlist is a copy": run(
        "m = multi(a=['1']); m.getlist('a').append('2'); result = m.getlist('a')"
    ),
    "multi: pop": run("m = multi(a=['1', '2']); result = [m.pop('a'), dict(m)]"),
    "multi: pop absent": run("multi().pop('a')", "a"),
    "multi: pop default": run("multi().pop('a', None)"),
    "multi: set": run("m = multi(a=['1', '2']); m['a'] = '3'; result = [m.getlist('a'), repr(m)]"),
    "multi: delete": run("m = multi(a=['1'], b=['2']); del m['a']; result = [len(m), list(m)]"),
    "multi: delete absent": run("m = multi()\ndel m['a']", "a"),
    "multi: update": run("m = multi(a=['1']); m.update({'a': '2', 'b': '3'}); result = repr(m)"),
    "multi: setdefault": run("m = multi(); m.setdefault('a', '1'); result = repr(m)"),
    "multi: clear": run("m = multi(a=['1']); m.clear(); result = [len(m), bool(m), repr(m)]"),
    "multi: equality": run("[multi(a=['1']) == multi(a=['1']), multi(a=['1']) == {'a': '1'}]"),
    "multi: views": run(
        "m = multi(a=['1', '2']); result = [list(m.keys()), list(m.values()), list(m.items())]"
    ),
    "multi: contains": run("['a' in multi(a=[]), 'b' in multi(a=[])]"),
    "multi: repr of none": run("[repr(MultiDict(None)), len(MultiDict(None)), dict(MultiDict(None))]"),
    "multi: popitem": run("multi(a=['1', '2']).popitem()"),
}

REQUEST_HEADERS = {
    **{
        labelled(view=view, headers=headers): rest(view, headers=headers)
        for view in ("/", "/missing", "/write", "/delete", "/repr", "/original")
        for headers in (
            None,
            {},
            {"X-Foo": "1", "Accept": "*/*"},
            {"x-foo": "lower", "X-FOO": "upper"},
            {"X-Missing": ""},
            {"X-Unicode": "\u00e9"},
        )
    },
}

INTROSPECTION = {
    **{
        labelled(view=case["view"], headers=case["headers"], query=case["query"]): rest(
            case["view"],
            headers=case["headers"],
            query=case["query"],
            params={"name": "n"} if "{" in case["view"] else None,
            stage_variables={"colour": "blue"},
        )
        for case in each(
            view=("/described/{name}", "/original", "/attributes/{name}", "/own", "/dumped"),
            headers=(None, {"X-Foo": "1", "Accept": "text/html"}),
            query=(None, {"a": ["1", "2"]}),
        )
    },
    "with a body": rest(
        "/described/{name}",
        "POST",
        params={"name": "n"},
        headers={"Content-Type": "application/json"},
        body="{}",
    ),
    "path parameters that are null": rest("/own"),
    "stage variables": rest("/stage", stage_variables={"a": "1", "b": ""}),
    "no stage variables": rest("/stage"),
    "an authorizer's context": rest(
        "/described/{name}",
        params={"name": "n"},
        context={"authorizer": {"principalId": "me", "key": "value"}},
    ),
    "an attribute that is not there": rest("/missing"),
    "another method": rest("/attributes/{name}", "PUT", params={"name": "n"}),
}


def _malformed() -> dict[str, Step]:
    base = rest("/", "POST", headers={"Content-Type": "application/json"}, body="{}").request["event"]
    named = rest("/{name}", params={"name": "n"}).request["event"]
    steps = {
        "no event": call("app", None),
        "a list": call("app", []),
        "text": call("app", "text"),
        "a number": call("app", 5),
        "empty": call("app", {}),
        "scheduled": call("app", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}),
        "queue": call("app", {"Records": [{"body": "x"}]}),
        "context is null": call("app", {"requestContext": None}),
        "context is a list": call("app", {"requestContext": []}),
        "context is text": call("app", {"requestContext": "text"}),
        "context is empty": call("app", {"requestContext": {}}),
        "no method": call("app", {"requestContext": {"resourcePath": "/"}}),
        "path is null": call("app", {"requestContext": {"resourcePath": None, "httpMethod": "GET"}}),
        "method is null": call("app", {"requestContext": {"resourcePath": "/", "httpMethod": None}}),
        "path is a number": call("app", {"requestContext": {"resourcePath": 1, "httpMethod": "GET"}}),
        "path is a list": call("app", {"requestContext": {"resourcePath": [], "httpMethod": "GET"}}),
        "method is a list": call("app", {"requestContext": {"resourcePath": "/", "httpMethod": []}}),
        "nothing but the context": call(
            "app", {"requestContext": {"resourcePath": "/", "httpMethod": "GET"}}
        ),
        "extra keys": call("app", {**base, "extra": 1, "version": "1.0"}),
        "still works": call("app", base),
    }
    for key in base:
        if key in ("resource", "path", "queryStringParameters", "multiValueHeaders", "httpMethod"):
            steps[f"without {key}"] = call("app", {k: v for k, v in base.items() if k != key})
    strange: Sequence[tuple[str, Any]] = (
        ("headers", None),
        ("headers", {}),
        ("pathParameters", {}),
        ("stageVariables", {}),
        ("isBase64Encoded", None),
    )
    for key, value in strange:
        steps[f"{key} is {value}"] = call("app", {**base, key: value})
    for key in (
        "headers",
        "pathParameters",
        "multiValueQueryStringParameters",
        "body",
        "stageVariables",
        "isBase64Encoded",
    ):
        steps[f"without {key}"] = call("app", {k: v for k, v in base.items() if k != key})
        steps[f"named, without {key}"] = call("app", {k: v for k, v in named.items() if k != key})
    stranger: Sequence[tuple[str, Any]] = (
        ("headers", []),
        ("headers", "text"),
        ("body", 5),
        ("body", {}),
        ("pathParameters", []),
    )
    for key, value in stranger:
        steps[f"{key} is {value!r}"] = call("app", {**base, key: value})
        steps[f"named, {key} is {value!r}"] = call("app", {**named, key: value})
    return steps


METHODS_CASES = {
    **{
        labelled(path=path, method=method): rest(path, method)
        for path in ("/all", "/split", "/tuple", *(f"/{method.lower()}" for method in METHODS))
        for method in (*METHODS, "ANY")
    },
    "the body of HEAD": rest("/head", "HEAD"),
    "declared": run("{p: list(app.routes[p]) for p in sorted(app.routes)}"),
}

CASES = {
    "routing": ROUTING,
    "params": PARAMS,
    "content_types": CONTENT_TYPES,
    "bodies": BODY_CASES,
    "query": QUERY,
    "request_headers": REQUEST_HEADERS,
    "introspection": INTROSPECTION,
    "malformed": _malformed(),
    "methods": METHODS_CASES,
}
