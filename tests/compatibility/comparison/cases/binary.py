"""Binary answers: which types are binary, and what Accept has to do with it."""

from __future__ import annotations

from comparison.steps import labelled, rest, run

ACCEPTS = (
    None,
    "",
    "image/png",
    "IMAGE/PNG",
    "image/gif",
    "image/*",
    "*/*",
    "text/html",
    "text/html, image/png;q=0.5",
    "application/json",
    "image/png, */*;q=0.1",
    "application/octet-stream;level=1",
)
TYPES = (
    None,
    "image/png",
    "Image/PNG; q=1",
    "image/jpeg",
    "image/webp",
    "application/octet-stream",
    "text/plain",
)

BINARY = {
    **{
        labelled(path=path, body=body, type=kind, accept=accept): rest(
            path,
            headers={} if accept is None else {"Accept": accept},
            query={"body": [body], **({} if kind is None else {"type": [kind]})},
        )
        for path, accepts in (("/plain", ACCEPTS), ("/cors", (None, "image/png", "*/*")))
        for body in ("bytes", "text", "dict")
        for kind in TYPES
        for accept in accepts
    },
    **{
        labelled(body=body, type=kind): rest(
            "/plain", headers={"accept": "image/png"}, query={"body": [body], "type": [kind]}
        )
        for body in ("empty", "none")
        for kind in ("image/png", "text/plain")
    },
    "type in lower case": rest(
        "/plain",
        headers={"accept": "image/png"},
        query={"body": ["bytes"], "type": ["image/png"], "name": ["content-type"]},
    ),
    "type in upper case": rest(
        "/plain",
        headers={"ACCEPT": "image/png"},
        query={"body": ["bytes"], "type": ["image/png"], "name": ["CONTENT-TYPE"]},
    ),
    "bytes without a response": rest("/bytes", headers={"accept": "*/*"}),
    "bytes without a response or Accept": rest("/bytes"),
    **{
        labelled(upload=kind, accept=accept): rest(
            "/upload",
            "POST",
            headers={"content-type": kind, "accept": accept},
            body="AAEC/w==",
            base64=True,
        )
        for kind in ("application/octet-stream", "image/png", "image/gif")
        for accept in ("*/*", "application/octet-stream", "text/plain")
    },
    "no headers at all": rest("/plain", query={"body": ["bytes"], "type": ["image/png"]}),
}

GZIPPED = {
    labelled(path=path, accept=accept): rest(path, headers={} if accept is None else {"Accept": accept})
    for path in (
        "/compressed",
        "/lower",
        "/dict",
        "/text",
        "/nothing",
        "/typed",
        "/html",
        "/untyped",
        "/bad",
        "/broken",
    )
    for accept in (
        None,
        "application/json",
        "*/*",
        "text/html",
        "text/html, application/json;q=0.9",
        "image/png",
    )
}

GZIPPED_ERRORS = {
    **{
        labelled(method=method, accept=accept): rest(
            "/dict", method, headers={} if accept is None else {"Accept": accept}
        )
        for method in ("POST", "OPTIONS")
        for accept in (None, "application/json", "text/html")
    },
    **{
        labelled(path=path, accept=accept): rest(path, headers={} if accept is None else {"Accept": accept})
        for path in ("/unknown", "/crash", "/bad-cors", "/header")
        for accept in (None, "application/json", "text/html")
    },
    **{
        labelled(type=kind, accept=accept): rest(
            "/takes", "POST", headers={"Content-Type": kind, **({} if accept is None else {"Accept": accept})}
        )
        for kind in ("application/json", "text/plain")
        for accept in (None, "application/json", "text/html")
    },
    "not a request": rest("/dict", context={"resourcePath": None}),
}

BINARY_ERRORS = (("view", "/bad", "GET"), ("method", "/bad", "PUT"), ("path", "/unknown", "GET"))
BINARY_TYPES = {
    "default types": run("app.api.default_binary_types"),
    "types": run("app.api.binary_types"),
    "a fresh list": run("app.api.default_binary_types is app.api.default_binary_types"),
    "each application has its own": run("app.api.binary_types is other.api.binary_types"),
    "not the default itself": run("app.api.binary_types is app.api.default_binary_types"),
    **{
        labelled(app=app, type=kind, body=body, accept=accept): rest(
            "/",
            headers={} if accept is None else {"Accept": accept},
            query={"body": [body], **({} if kind is None else {"type": [kind]})},
            handler=app,
        )
        for app in ("everything_", "nothing_", "odd_")
        for kind in (None, "image/png", "text/html", "a/b", "x/y", "application/json")
        for body in ("bytes", "text")
        for accept in (None, "", "image/png", "*/*", "a/b", "text/*")
    },
    **{
        labelled(app=app, error=name, accept=accept): rest(
            path, method, headers={} if accept is None else {"Accept": accept}, handler=app
        )
        for app in ("everything_", "nothing_", "odd_")
        for name, path, method in (
            ("view", "/bad", "GET"),
            ("method", "/bad", "PUT"),
            ("path", "/unknown", "GET"),
        )
        for accept in (None, "image/png", "*/*")
    },
    "before the list changes": rest(
        "/", headers={"Accept": "text/csv"}, query={"type": ["text/csv"]}, handler="app_"
    ),
    "the list changes": run("app.api.binary_types.append('text/csv')"),
    "after the list has changed": rest(
        "/", headers={"Accept": "text/csv"}, query={"type": ["text/csv"]}, handler="app_"
    ),
    "the other is as it was": rest(
        "/", headers={"Accept": "text/csv"}, query={"type": ["text/csv"]}, handler="other_"
    ),
    "the list is replaced": run("app.api.binary_types = ['text/x']; result = app.api.binary_types"),
    "after it was replaced": rest(
        "/", headers={"Accept": "image/png"}, query={"type": ["image/png"]}, handler="app_"
    ),
    "an entry is removed": run(
        "other.api.binary_types.remove('image/png'); result = len(other.api.binary_types)"
    ),
    "after an entry was removed": rest(
        "/",
        headers={"Accept": "image/png"},
        query={"type": ["image/png"], "body": ["text"]},
        handler="other_",
    ),
}

CASES = {"binary": BINARY, "gzipped": GZIPPED, "gzipped_errors": GZIPPED_ERRORS, "binary_types": BINARY_TYPES}
