"""CORS: its headers on every kind of answer."""

from __future__ import annotations

from comparison.steps import labelled, rest, run

CONFIGS = (
    "true", "false", "none", "empty", "origin", "headers", "exposed", "nothing exposed", "age", "no age",
    "credentials", "no credentials", "everything",
)  # fmt: skip

CORS = {
    **{
        labelled(cors=name, method=method, origin=origin): rest(
            f"/{name}",
            method,
            headers={} if origin is None else {"Origin": origin, "Content-Type": "application/json"},
        )
        for name in (
            *CONFIGS,
            "global",
            "global-off",
            "global-none",
            "global-config",
            "global-own",
            "global-again",
        )
        for method in ("GET", "POST")
        for origin in (None, "https://x.example")
    },
    **{
        labelled(own=name, value=value, path=path): rest(path, headers={name: value})
        for path in ("/own", "/own-config")
        for name in (
            "Access-Control-Allow-Origin",
            "access-control-allow-origin",
            "Access-Control-Allow-Headers",
            "Access-Control-Max-Age",
            "Access-Control-Allow-Methods",
            "Access-Control-Expose-Headers",
        )
        for value in ("mine", "")
    },
    "declared": run(
        "{p: type(app.routes[p]['GET'].cors).__name__ for p in sorted(app.routes) if 'GET' in app.routes[p]}"
    ),
    "as it is now": run("app.api.cors"),
}

VIEWS = (
    "fine", "nothing", "missing", "crash", "unhandled", "unserializable", "break", "number", "image",
    "text image", "own", "lower", "list", "error status",
)  # fmt: skip

CORS_ERRORS = {
    **{
        labelled(view=view, path=path, method=method, accept=accept): rest(
            path, method, params={"name": view}, headers={} if accept is None else {"Accept": accept}
        )
        for view in VIEWS
        for path in ("/{name}", "/off/{name}")
        for method in ("GET", "POST")
        for accept in (None, "image/png", "*/*")
    },
    **{
        labelled(type=kind, path=path): rest(
            path, "POST", params={"name": "fine"}, headers={"Content-Type": kind}
        )
        for kind in ("text/plain", "application/json")
        for path in ("/{name}", "/off/{name}")
    },
    "unknown method": rest("/{name}", "DELETE", params={"name": "fine"}),
    "unknown path": rest("/unknown/{name}", params={"name": "fine"}),
    "missing parameter": rest("/{name}", params={}),
}

OPTIONS = (
    "",
    "allow_origin='https://a.example'",
    "allow_headers=[]",
    "allow_headers=['X-B', 'X-A']",
    "allow_headers=['x-api-key', 'Content-Type', 'a', 'Z']",
    "allow_headers=('X-B',)",
    "expose_headers=['X-B', 'X-A']",
    "expose_headers=[]",
    "max_age=0",
    "max_age=600",
    "max_age='600'",
    "allow_credentials=True",
    "allow_credentials=False",
    "allow_credentials=1",
    "allow_credentials='true'",
    "'https://a.example', ['X-A'], ['X-B'], 5, True",
    "allow_origin=''",
    "allow_origin=None",
)

CORS_CONFIG = {
    **{f"headers({options})": run(f"headers({options})") for options in OPTIONS},
    **{f"allow_headers({options})": run(f"allowed({options})") for options in OPTIONS},
    "equal: empty": run("equal({}, {})"),
    "equal: headers in another order": run(
        "equal({'allow_headers': ['X-A', 'X-B']}, {'allow_headers': ['X-B', 'X-A']})"
    ),
    "equal: headers that are always there": run("equal({'allow_headers': ['Content-Type']}, {})"),
    "equal: ages": run("equal({'max_age': 0}, {})"),
    "equal: credentials": run("equal({'allow_credentials': False}, {})"),
    "equal: something else": run("[CORSConfig() == True, CORSConfig() == 'x', CORSConfig() != None]"),
    "unknown option": run("CORSConfig(origins=['x'])", "origins"),
    "api.cors at first": run("app.api.cors"),
    "api.cors assigned": run(
        "app.api.cors = CORSConfig(max_age=1); result = app.api.cors == CORSConfig(max_age=1)"
    ),
}

OWN_OPTIONS = {
    **{
        labelled(method=method, origin=origin, path=path): rest(
            path, method, headers={} if origin is None else {"Origin": origin}
        )
        for path in ("/shared", "/both")
        for method in ("OPTIONS", "GET", "POST")
        for origin in (None, "https://a.example", "https://c.example")
    },
}

CASES = {"cors": CORS, "cors_errors": CORS_ERRORS, "cors_config": CORS_CONFIG, "own_options": OWN_OPTIONS}
