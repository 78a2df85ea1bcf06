"""Errors: a view's own, and those that nobody expected."""

from __future__ import annotations

from comparison.steps import labelled, rest, run

NAMES = (
    "ChaliceViewError", "BadRequestError", "UnauthorizedError", "ForbiddenError", "NotFoundError",
    "MethodNotAllowedError", "RequestTimeoutError", "ConflictError", "UnprocessableEntityError",
    "TooManyRequestsError", "ChaliceError", "ChaliceUnhandledError",
)  # fmt: skip

VIEW_ERRORS = {
    **{
        labelled(error=name, message=message, path=path): rest(
            path, params={"name": name, "message": message}
        )
        for name in NAMES
        for message in ("a message", "", 'with "quotes" and \u00e9\n')
        for path in ("/{name}/{message}", "/cors/{name}/{message}")
    },
    **{
        labelled(error=name, path=path): rest(path, params={"name": name})
        for name in NAMES
        for path in ("/bare/{name}", "/several/{name}", "/caught/{name}", "/cause/{name}")
    },
}

CUSTOM_ERRORS = {
    labelled(error=name, path=path): rest(path, params={"name": name})
    for name in ("teapot", "plain", "precise", "worded", "told", "both", "instance", "unicode", "without")
    for path in ("/{name}", "/cors/{name}")
}

CRASHES = {
    **{
        labelled(error=name, path=path): rest(path, params={"name": name})
        for name in (
            "value",
            "key",
            "zero",
            "own",
            "lookup",
            "assert",
            "stop",
            "memory",
            "recursion",
            "system",
            "unicode",
            "unknown",
        )
        for path in ("/{name}", "/cors/{name}", "/chained/{name}")
    },
    "another method": rest("/{name}", "POST", params={"name": "value"}),
}

DEBUGGING = {
    **{path: rest(path) for path in ("/crash", "/cors", "/bad", "/logs", "/chained", "/header")},
    "unknown path": rest("/unknown"),
    "unknown method": rest("/crash", "POST"),
    "media type": rest("/takes", "POST", headers={"Content-Type": "text/plain"}),
    "crash accepting text": rest("/crash", headers={"Accept": "text/plain"}),
    "level": run("app.log.level"),
    "debug": run("app.debug"),
}

SWITCHING = {
    "off at first": rest("/crash"),
    "switched on": rest("/switch/{value}", params={"value": "on"}),
    "crash while on": rest("/crash"),
    "a level by hand": rest("/level/{number}", params={"number": "30"}),
    "crash at that level": rest("/crash"),
    "on again": rest("/switch/{value}", params={"value": "on"}),
    "switched off": rest("/switch/{value}", params={"value": "off"}),
    "crash while off": rest("/crash"),
    "assigned from outside": run("app.debug = True; result = [app.debug, app.log.level]"),
    "crash after that": rest("/crash"),
    "off from outside": run("app.debug = False; result = [app.debug, app.log.level]"),
    "within a view": rest("/within"),
    "and it stays": run("[app.debug, app.log.level]"),
    "a truthy value": run("app.debug = 1; result = [app.debug, app.log.level]"),
    "a falsy value": run("app.debug = ''; result = [app.debug, app.log.level]"),
}

UNHANDLED = {
    labelled(app=app, path=path): rest(path, handler=app)
    for app in ("app", "debugged")
    for path in ("/plain", "/own")
}

CASES = {
    "view_errors": VIEW_ERRORS,
    "custom_errors": CUSTOM_ERRORS,
    "crashes": CRASHES,
    "debugging": DEBUGGING,
    "switching": SWITCHING,
    "unhandled": UNHANDLED,
}
