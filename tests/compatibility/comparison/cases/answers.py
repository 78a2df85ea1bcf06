"""Answers: what becomes of a value or a response that a view returns."""

from __future__ import annotations

from comparison.steps import labelled, rest, run

VALUES = (
    "none", "true", "zero", "float", "large", "nan", "infinity", "empty", "text", "quoted", "json text",
    "unicode", "surrogate", "controls", "list", "tuple", "pair", "dict", "empty dict", "empty list",
    "number keys", "tuple keys", "ordered", "default", "counter", "subclass", "own text", "decimal",
    "decimal whole", "decimal small", "decimal nan", "decimal key", "multidict", "nested multidict",
    "empty multidict", "string enum", "in a list", "datetime", "date", "set", "bytes in a list",
    "bytearray", "uuid", "generator", "range", "object", "dataclass", "class", "complex", "deep",
    "circle", "exception",
)  # fmt: skip

RESULTS = {
    labelled(value=value, path=path): rest(path, params={"name": value})
    for value in VALUES
    for path in ("/value/{name}", "/cors/{name}")
}

BODIES = ("none", "text", "empty", "dict", "decimal", "multi", "number", "bytes", "set")

RESPONSES = {
    **{
        labelled(body=body, path=path): rest(path, params={"name": body})
        for body in BODIES
        for path in ("/bodies/{name}", "/typed/{name}")
    },
    **{
        labelled(status=status): rest("/status/{code}", params={"code": status})
        for status in ("200", "204", "301", "304", "404", "500", "599", "600", "999", "100", "99", "0", "-1")
    },
    **{
        path: rest(path)
        for path in ("/text-status", "/headers", "/positional", "/cors", "/changed", "/subclass", "/raised")
    },
    "shared by two views, with CORS": rest("/shared-cors"),
    "shared by two views, without": rest("/shared"),
    "shared by two views, with CORS again": rest("/shared-cors"),
    "shared by two views, without again": rest("/shared"),
    "made: body": run("made('x')"),
    "made: nothing": run("made()", "body"),
    "made: all": run("made({'a': 1}, {'X-A': '1'}, 404)"),
    "made: by keyword": run("made(status_code=202, headers={'X-A': ['1', '2'], 'B': 'c'}, body=[1, 2])"),
    "made: unknown option": run("made('x', status=1)", "status"),
    "made: bytes": run("made(b'x')"),
    "to_dict with types, not bytes": run(
        "Response('x', {'Content-Type': 'image/png'}).to_dict(['image/png'])", "binary"
    ),
    "to_dict with types, bytes": run("Response(b'x', {'Content-Type': 'image/png'}).to_dict(['image/png'])"),
    "to_dict with types, JSON as text": run("Response('x').to_dict(['application/json'])"),
    "to_dict with types, JSON": run("Response({'a': 1}).to_dict(['application/json'])"),
    "to_dict with other types": run("Response('x').to_dict(['image/png'])"),
    "to_dict does not change headers": run(
        "r = Response('x', {'A': ['b']}); r.to_dict(); result = r.headers"
    ),
    "one header in two spellings": run(
        "Response(b'x', {'Content-Type': 'text/plain', 'content-type': 'image/png'}).to_dict(['image/png'])"
    ),
    "one header in two spellings, the other way round": run(
        "Response('x', {'content-type': 'image/png', 'Content-Type': 'text/plain'}).to_dict(['image/png'])"
    ),
    "headers are taken as they are": run("h = {'A': 'b'}; result = Response('x', h).headers is h"),
}

HEADERS = (
    "cookies", "one", "none", "mixed", "type", "types", "tuple", "number", "null", "bytes", "true", "break",
    "carriage", "both", "trailing", "list break", "list crlf", "list number", "list nothing", "name break",
    "cors",
)  # fmt: skip

MULTI_HEADERS = {
    labelled(headers=headers, path=path): rest(path, params={"name": headers})
    for headers in HEADERS
    for path in ("/{name}", "/cors/{name}")
}

CASES = {"results": RESULTS, "responses": RESPONSES, "multi_headers": MULTI_HEADERS}
