"""What may differ from the predecessor, and why ours is better: the whole of it.

A difference that no entry explains fails the tests, and so does an entry, or a
pattern of one, that explains nothing any more.  An entry is no licence for its
events: it says what both sides do, as a condition that each pair of
observations must meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comparison.conditions import (
    CORS,
    UNSERIALIZABLE,
    body,
    bytes_in_body,
    decoded,
    error_in_base64,
    failed,
    failed_client,
    fails_for_good_reason,
    headers,
    only_cors_added,
    raised,
    refused,
    returned,
    same,
    status,
    without_doubles,
    words_of_errors,
)
from comparison.sides import Observation, Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One way in which we differ on purpose.

    Args:
        where: patterns of ``application: step``; ``*`` stands for any text.
        theirs: what the predecessor does.
        ours: what we do.
        why: why that is better.
        holds: whether their and our observation are what ``theirs`` and ``ours`` say.
        generated: whether it may also explain a difference in a generated event.
    """

    where: Sequence[str]
    theirs: str
    ours: str
    why: str
    holds: Callable[[Observation, Observation], bool]
    generated: bool = False

    def matches(self, pair: Pair) -> Sequence[str]:
        """Return the patterns that name this step."""
        title = f"{pair.app}: {pair.name}"
        return [pattern for pattern in self.where if _matches(pattern, title)]

    def explains(self, pair: Pair) -> bool:
        """Whether both sides did what is said here."""
        return bool(self.matches(pair)) and self.holds(pair.theirs, pair.ours)


def _matches(pattern: str, text: str) -> bool:
    return (
        re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), text, re.DOTALL) is not None
    )


DIFFERENCES: Sequence[Difference] = (
    # What a view returns.
    Difference(
        where=(
            *(
                f"results: value={value}, path=*"
                for value in (
                    "tuple keys",
                    "decimal key",
                    "datetime",
                    "date",
                    "set",
                    "bytes in a list",
                    "bytearray",
                    "uuid",
                    "generator",
                    "range",
                    "object",
                    "dataclass",
                    "class",
                    "complex",
                    "exception",
                )
            ),
            "responses: body=set, *",
            "cors_errors: view=unserializable, *",
            "gzipped: path=/broken, *",
            "middleware_http: path=*, mark=x-unserializable",
            "middleware_http: path=/unserializable, mark=*",
            "middleware_http: binary, changed",
        ),
        theirs="raises the error of serialization out of the handler: Lambda reports a failure, API Gateway "
        "answers 502 without CORS headers, nothing is logged",
        ours="answers 500 with CORS headers where the route has them, and logs the traceback",
        why="a browser can read the answer, and its cause is in the log",
        holds=lambda theirs, ours: (
            raised(theirs, *UNSERIALIZABLE) and failed(ours) and theirs["message"] in "\n".join(ours["out"])
        ),
        generated=True,
    ),
    Difference(
        where=(
            "binary: *body=text, type=*",
            "binary: *body=dict, type=*",
            "binary: body=none, type=image/png",
            "binary_types: *body=text*",
            "cors_errors: view=text image, *",
        ),
        theirs="raises ValueError out of the handler for text of a binary content type",
        ours="answers 500 and logs why",
        why="a browser can read the answer, and its cause is in the log",
        holds=lambda theirs, ours: (
            raised(theirs, "ValueError") and "Expected bytes" in theirs["message"] and failed(ours)
        ),
        generated=True,
    ),
    Difference(
        where=(
            "responses: body=bytes, *",
            "binary: bytes without a response*",
            "binary: body=empty, type=text/plain",
            "binary_types: app=nothing_, *body=bytes*",
            "binary_types: app=odd_, *body=bytes*",
            "binary_types: before the list changes",
            "binary_types: the other is as it was",
            "binary_types: after it was replaced",
        ),
        theirs="leaves bytes of a content type that is not binary as they are, which Lambda refuses to send",
        ours="sends them as the text that they are",
        why="the answer arrives",
        holds=lambda theirs, ours: (
            bytes_in_body(theirs) and status(ours) == status(theirs) and isinstance(body(ours), str)
        ),
        generated=True,
    ),
    Difference(
        where=(
            "binary: path=*, body=bytes, type=None, *",
            "binary: path=*, body=bytes, type=image/webp, *",
            "binary: path=*, body=bytes, type=text/plain, *",
            "gzipped: path=/untyped, *",
        ),
        theirs="leaves bytes that are no text, of a content type that is not binary, as they are: "
        "Lambda refuses them",
        ours="answers 500, and the log says which type to add to the binary types",
        why="the failure is the same, and its cause is in the log",
        holds=lambda theirs, ours: (
            bytes_in_body(theirs) and failed(ours) and "binary_types" in ours["out"][-1]
        ),
        generated=True,
    ),
    Difference(
        where=("responses: made: bytes",),
        theirs="Response.to_dict() of bytes keeps bytes",
        ours="gives text",
        why="the result is one that Lambda takes",
        holds=lambda theirs, ours: (
            bytes_in_body({"returned": theirs["returned"][-1]}) and ours["returned"][-1]["body"] == "x"
        ),
    ),
    Difference(
        where=("results: value=circle, path=*",),
        theirs="raises ValueError out of the handler for a list that contains itself",
        ours="answers 500 and logs RecursionError",
        why="a browser can read the answer; looking for circles in every answer would slow each of them down",
        holds=lambda theirs, ours: (
            raised(theirs, "ValueError") and failed(ours) and "RecursionError" in ours["out"][-1]
        ),
    ),
    Difference(
        where=tuple(f"responses: status={code}" for code in ("600", "999", "99", "0", "-1")),
        theirs="sends a status that HTTP does not have; API Gateway answers 502",
        ours="answers 500 and logs the status",
        why="the cause is in the log",
        holds=lambda theirs, ours: failed(ours) and "is not an HTTP status" in ours["out"][-1],
    ),
    Difference(
        where=("responses: /text-status",),
        theirs="sends a status given as text as that text",
        ours="sends the number",
        why="API Gateway documents a number",
        holds=lambda theirs, ours: status(theirs) == "201" and status(ours) == 201,
    ),
    Difference(
        where=(
            "gzipped: path=/bad, *",
            "gzipped_errors: path=/crash, *",
            "gzipped_errors: path=/bad-cors, *",
            "gzipped_errors: path=/header, accept=None",
            "gzipped_errors: path=/header, accept=text/html",
            "binary_types: app=everything_, error=view, accept=None",
        ),
        theirs="takes an error for binary data when JSON is among the binary types, and answers 400 "
        "about Accept "
        "in place of the error",
        ours="answers the error",
        why="the caller learns what was wrong",
        holds=lambda theirs, ours: (
            '"Code":"BadRequest"' in str(body(decoded(theirs)))
            and (failed(ours) or "Error" in str(body(ours)))
        ),
        generated=True,
    ),
    Difference(
        where=tuple(
            f"binary_types: app=everything_, error={error}"
            for error in ("view, accept=image/png", "view, accept=*/*", "method, accept=*", "path, accept=*")
        ),
        theirs="sends errors as base64 when everything is binary",
        ours="sends them as text",
        why="the caller gets the same bytes, and whoever reads the function's answer can read it",
        holds=error_in_base64,
        generated=True,
    ),
    Difference(
        where=("responses: shared by two views, without*",),
        theirs="adds CORS headers to the Response object that the view returned, which another view "
        "returns as well",
        ours="leaves the view's object alone",
        why="a view without CORS does not come to send its headers because another view was called before",
        holds=lambda theirs, ours: CORS in headers(theirs) and CORS not in headers(ours),
    ),
    # Headers.
    Difference(
        where=(
            *(
                f"multi_headers: headers={name}, path=*"
                for name in ("break", "both", "trailing", "null", "bytes")
            ),
            "cors_errors: view=break, *",
            "debugging: /header",
            "gzipped_errors: path=/header, accept=application/json",
        ),
        theirs="logs the exception of a header that cannot be sent in words of its own, the value included",
        ours="logs which header it is and what is wrong with it",
        why="what a caller may have put into a header stays out of the log",
        holds=words_of_errors,
    ),
    Difference(
        where=(
            *(
                f"multi_headers: headers={name}, path=*"
                for name in ("carriage", "list break", "list crlf", "list nothing", "name break")
            ),
            "middleware_http: path=*, mark=x-break",
        ),
        theirs="sends line breaks in headers' lists, names and middleware's headers, and lone "
        "carriage returns: "
        "whoever controls a value can add headers, or a whole response",
        ours="answers 500",
        why="a response cannot be split",
        holds=lambda theirs, ours: (
            (status(theirs) != 500 or failed(theirs)) and failed(ours) and "header" in ours["out"][-1]
        ),
    ),
    Difference(
        where=(
            "multi_headers: headers=number, *",
            "multi_headers: headers=true, *",
            "cors_errors: view=number, *",
        ),
        theirs="answers 500 for a header whose value is a number",
        ours="sends the number as text",
        why="there is one way to write it, and it is what the view means",
        holds=lambda theirs, ours: failed(theirs) and status(ours) == 200 and body(ours) == "x",
    ),
    Difference(
        where=("multi_headers: headers=list number, *",),
        theirs="leaves numbers in a list of values as they are",
        ours="sends them as text",
        why="API Gateway takes text only",
        holds=lambda theirs, ours: status(theirs) == status(ours) == 200 and same(theirs, ours, "returned"),
    ),
    Difference(
        where=("multi_headers: headers=type, *", "multi_headers: headers=types, *"),
        theirs="answers 500 for a Content-Type in a list",
        ours="sends it",
        why="every other header may be in a list",
        holds=lambda theirs, ours: failed(theirs) and status(ours) == 200,
    ),
    Difference(
        where=("multi_headers: headers=tuple, *",),
        theirs="sends a tuple of values as one value, which API Gateway refuses",
        ours="sends it as the list that it is meant for",
        why="the answer arrives",
        holds=lambda theirs, ours: (
            isinstance(headers(theirs)["X-Tuple"], dict)
            and ours["returned"]["multiValueHeaders"] == {"X-Tuple": ["a", "b"]}
        ),
    ),
    # CORS headers that a view has written itself.
    Difference(
        where=(
            "cors: own=*, value=*, path=/own*",
            "cors_errors: view=lower, path=/{name}, *",
        ),
        theirs="sends a CORS header twice when the view has written it in lower case",
        ours="sends the view's alone",
        why="browsers refuse an answer with two values of such a header",
        holds=lambda theirs, ours: without_doubles(theirs) == ours,
    ),
    # CORS on errors.
    Difference(
        where=(
            "view_errors: error=ChaliceUnhandledError, message=*, path=/cors/*",
            "unhandled: app=*, path=/own",
            "cors_errors: view=unhandled, path=/{name}, *",
            "cors_errors: missing parameter",
            "malformed: named, pathParameters is *",
            "custom_errors: error=without, path=/cors/{name}",
            "middleware_http: path=*, mark=x-outer-raise",
            "middleware_http: path=*, mark=x-outer-unhandled",
            "middleware_http: path=*, mark=x-after-raise",
            "middleware_http: path=*, mark=x-inner-raise",
            "middleware_http: path=*, mark=x-outer-view-error",
            "middleware_http: path=*, mark=x-inner-view-error",
            "middleware_unhandled: app=*, path=/other",
        ),
        theirs="leaves CORS headers out when the exception comes from around the view and not out of it",
        ours="adds them, as to every other error of the route",
        why="scripts of other sites can read the error",
        holds=only_cors_added,
        generated=True,
    ),
    # Requests.
    Difference(
        where=("content_types: view=spaces, sent= text/plain , *",),
        theirs="compares a declared content type with its spaces",
        ours="leaves spaces around a declared type aside, as it does for the one in the request",
        why="spaces mean nothing there",
        holds=lambda theirs, ours: status(theirs) == 415 and status(ours) == 200,
    ),
    Difference(
        where=("content_types: a wildcard within a type",),
        theirs="takes '*/*' anywhere in a header for a wildcard, in the middle of a type too",
        ours="takes it for one where it is the whole type",
        why="the header means that type",
        holds=lambda theirs, ours: status(theirs) == 200 and status(ours) == 415,
    ),
    Difference(
        where=("content_types: a value of null",),
        theirs="fails at a Content-Type of null",
        ours="takes it for absent",
        why="an event made by hand or by another service is answered",
        holds=lambda theirs, ours: failed(theirs) and status(ours) == 200,
    ),
    Difference(
        where=("query: an empty list", "query: missing in an empty list"),
        theirs="logs an IndexError of its own in front of the KeyError",
        ours="logs the KeyError",
        why="the framework's inside is no cause of the error",
        holds=lambda theirs, ours: failed(theirs) and failed(ours) and "IndexError" in theirs["out"][2],
    ),
    Difference(
        where=(
            *(f"malformed: {name}" for name in ("no event", "a list", "text", "a number")),
            *(f"malformed: context is {name}" for name in ("null", "a list", "text")),
            *(f"malformed: {name}" for name in ("no method", "path is a list", "method is a list")),
        ),
        theirs="raises AttributeError or KeyError for an event that is no request of API Gateway",
        ours="answers 500 'Unknown request.', as both do for other events that are none",
        why="no event takes the handler down",
        holds=lambda theirs, ours: (
            raised(theirs, "AttributeError", "KeyError", "TypeError")
            and "Unknown request." in str(body(ours))
        ),
        generated=True,
    ),
    Difference(
        where=("malformed: method is null", "malformed: path is a number"),
        theirs="raises KeyError for a request that lacks most of its keys",
        ours="answers 405, as for any method or path without a view",
        why="no event takes the handler down",
        holds=lambda theirs, ours: raised(theirs, "KeyError") and status(ours) == 405,
    ),
    Difference(
        where=(
            "malformed: nothing but the context",
            "malformed: *without *",
            "malformed: *headers is 'text'",
        ),
        theirs="raises KeyError or AttributeError for a request that lacks one of its keys, or has "
        "a strange one",
        ours="takes what is absent for empty; what is strange matters when a view asks for it",
        why="events made by hand, in the console or in a test, are answered",
        holds=lambda theirs, ours: (
            raised(theirs, "KeyError", "AttributeError") and (status(ours) == 200 or failed(ours))
        ),
    ),
    # The application object.
    Difference(
        where=("switching: within a view",),
        theirs="answers in the debug mode that was on when the request arrived",
        ours="answers in the one that is on when it answers",
        why="there is one debug mode, and what was assigned last counts",
        holds=lambda theirs, ours: failed(theirs) and failed(ours) and body(ours).startswith("Traceback"),
    ),
    Difference(
        where=("application_names: paths", "blueprints: paths"),
        theirs="adds each unknown path that somebody asks for to app.routes",
        ours="leaves app.routes as the decorators made it",
        why="tables do not grow with requests",
        holds=lambda theirs, ours: set(ours["returned"]) < set(theirs["returned"]),
    ),
    Difference(
        where=("routing: paths",),
        theirs="adds each unknown path that somebody asks for to app.routes",
        ours="leaves app.routes as the decorators made it",
        why="tables do not grow with requests",
        holds=lambda theirs, ours: set(theirs["returned"]) - set(ours["returned"]) >= {"/absent"},
    ),
    Difference(
        where=("state: current_request at first", "state: lambda_context at first"),
        theirs="has no such attribute before the first request",
        ours="has it, and it is None",
        why="the attribute is documented, and code can ask for it at any time",
        holds=lambda theirs, ours: raised(theirs, "AttributeError") and ours.get("returned", "") is None,
    ),
    Difference(
        where=("pure_lambdas: documentation", "pure_lambdas: name"),
        theirs="makes functions into objects without their name and documentation",
        ours="keeps both",
        why="help() and documentation tools work",
        holds=lambda theirs, ours: ours["returned"] in ("Say something.", "original"),
    ),
    Difference(
        where=("names: chalice.app.BaseLambdaEvent", "names: chalice.app.DecoratorAPI"),
        theirs="has two base classes of its inside among the names of chalice.app",
        ours="has other ones, elsewhere",
        why="no application needs them, and no document names them",
        holds=lambda theirs, ours: "returned" in theirs and raised(ours, "AttributeError", "ImportError"),
    ),
    # What a decorator refuses.
    Difference(
        where=("cors_config: headers(allow_origin=None)", "cors_config: allow_headers(allow_origin=None)"),
        theirs="takes no origin at all, and sends a header without a value",
        ours="raises TypeError",
        why="API Gateway refuses the answer that would follow, each of them",
        holds=refused("TypeError"),
    ),
    Difference(
        where=(
            "decorator_errors: lower-case methods",
            "decorator_errors: a method named ANY",
            "decorator_errors: no methods",
            "decorator_errors: methods as text",
        ),
        theirs="takes methods that no request will ever have",
        ours="raises, naming the methods that there are",
        why="the view would never be called, and nobody would say so",
        holds=refused("ValueError", "TypeError"),
    ),
    Difference(
        where=("decorator_errors: cors of another kind", "authorizers: an authorizer that is none"),
        theirs="takes any object for an option, and fails when it deploys, or not at all",
        ours="raises TypeError where it is declared",
        why="a view that somebody meant to protect is never left open",
        holds=refused("TypeError"),
    ),
    Difference(
        where=("decorator_errors: same logical name twice", "authorizers: a second authorizer of one name"),
        theirs="takes two functions of one name, and loses one at deployment",
        ours="raises ValueError",
        why="both would be one function in AWS",
        holds=refused("ValueError"),
    ),
    Difference(
        where=(
            "decorator_errors: authorizer without parentheses",
            "decorator_errors: lambda_function without parentheses",
        ),
        theirs="does nothing, silently, when the decorator's parentheses are left out",
        ours="raises TypeError",
        why="the function would not be what it looks like",
        holds=refused("TypeError"),
    ),
    Difference(
        where=("decorator_errors: *middleware of an unknown event",),
        theirs="takes middleware for an event type that does not exist; it never runs",
        ours="raises ValueError, naming the types",
        why="a misspelt type is found at once",
        holds=refused("ValueError"),
    ),
    # Authorizers.
    Difference(
        where=tuple(f"authorizers: token={token}, arn=*" for token in ("nothing", "text", "list")),
        theirs="returns whatever the authorizer function returned",
        ours="raises, so that API Gateway denies, and says in the log what it got",
        why="a mistake denies for sure, and can be found",
        holds=lambda theirs, ours: "returned" in theirs and raised(ours, "TypeError"),
    ),
    Difference(
        where=(
            *(f"authorizers: no {name}" for name in ("type", "token", "arn", "event")),
            "authorizers: a strange arn",
            "authorizers: an arn without a stage",
        ),
        theirs="raises KeyError or TypeError for an event that is none of API Gateway's, or allows "
        "what an ARN "
        "that is none says",
        ours="raises ValueError that says what is missing",
        why="a malformed event is denied, and can be found",
        holds=lambda theirs, ours: not raised(theirs, "ValueError") and raised(ours, "ValueError"),
    ),
    Difference(
        where=("authorizers: scopes are copied",),
        theirs="keeps the list of scopes that it was given, so that changing the list changes the authorizer",
        ours="keeps a copy",
        why="the scopes of one route cannot change those of another",
        holds=returned(["a", "b"], ["a"]),
    ),
    Difference(
        where=("auth_routes: routes=without a slash, *",),
        theirs="drops the first character of a route without a slash in front: the policy names another path",
        ours="takes it for the path that it is",
        why="the path that is meant is allowed, and no other",
        holds=lambda theirs, ours: (
            str(theirs).count("/*//b") == 1 and str(theirs).replace("/*//b", "/*/a/b") == str(ours)
        ),
    ),
    Difference(
        where=("auth_routes: routes as text",),
        theirs="takes a text for a list of its characters",
        ours="takes it for one route",
        why="the path that is meant is allowed, and no other",
        holds=lambda theirs, ours: (
            len(theirs["returned"]["policyDocument"]["Statement"][0]["Resource"]) == 2
            and len(ours["returned"]["policyDocument"]["Statement"][0]["Resource"]) == 1
        ),
    ),
    # Middleware.
    Difference(
        where=("middleware_http: path=*, mark=x-dict",),
        theirs="raises AttributeError out of the handler when middleware returns no Response",
        ours="takes the value for the body, as of a view",
        why="no middleware takes the handler down",
        holds=lambda theirs, ours: raised(theirs, "AttributeError") and status(ours) == 200,
    ),
    Difference(
        where=("middleware_http: path=*, mark=x-none",),
        theirs="raises AttributeError out of the handler when middleware returns nothing",
        ours="answers 500, and the log names the middleware",
        why="a forgotten return is found",
        holds=lambda theirs, ours: (
            raised(theirs, "AttributeError") and failed(ours) and "outer" in ours["out"][-1]
        ),
    ),
    Difference(
        where=(
            "middleware_late: pure with the second",
            "middleware_late: pure is not concerned",
            "middleware_late: sqs with the second",
            "middleware_order: pure after",
            "middleware_order: sqs after",
        ),
        theirs="ignores middleware that is registered after a function's first call, for that function alone",
        ours="runs it",
        why="it is so for requests on both sides, and which function was called first does not matter",
        holds=lambda theirs, ours: len(ours["seen"]) > len(theirs["seen"]) and same(theirs, ours, "seen"),
    ),
    # Events.
    Difference(
        where=("sqs: handler=work, batch=*",),
        theirs="iterates over objects of the class SQSRecord itself",
        ours="iterates over objects of a class derived from it",
        why="isinstance() says the same, and a batch of ten takes a quarter less to handle",
        holds=lambda theirs, ours: str(theirs) == str(ours).replace("_BatchRecord", "SQSRecord"),
    ),
    Difference(
        where=("sns: no attributes at all", "sns: no subject at all"),
        theirs="raises KeyError for a message without a subject or attributes",
        ours="gives None, or an empty mapping",
        why="SNS leaves out what was not sent",
        holds=lambda theirs, ours: raised(theirs, "KeyError") and "returned" in ours,
    ),
    Difference(
        where=(
            "websockets: disconnect",
            "websockets: connect without a body",
            "websockets: message without a body",
            "websockets: body of null",
        ),
        theirs="has the text 'None' for the body of an event without one",
        ours="has None",
        why="it is documented so, and 'None' is a message that somebody may send",
        holds=lambda theirs, ours: (
            theirs["seen"][0][1]["body"] == "None" and ours["seen"][0][1]["body"] is None
        ),
    ),
    # Blueprints.
    Difference(
        where=("blueprint_rules: url_prefix=/", "blueprint_rules: url_prefix="),
        theirs="makes the path '' of '/' under a prefix of '/' or '', which no request has",
        ours="makes it '/'",
        why="the view can be reached",
        holds=lambda theirs, ours: [path or "/" for path in theirs["returned"]] == ours["returned"],
    ),
    Difference(
        where=("blueprint_rules: registered twice",),
        theirs="forgets methods, content types, CORS and authorizers at the second registration",
        ours="keeps them",
        why="a blueprint can be registered under several prefixes",
        holds=lambda theirs, ours: (
            ours["returned"]["/one/x"] == ours["returned"]["/two/x"] == theirs["returned"]["/one/x"]
        ),
    ),
    Difference(
        where=("blueprint_rules: declared after it was registered",),
        theirs="ignores what a blueprint declares after it was registered",
        ours="declares it then",
        why="the order of imports does not decide about a route",
        holds=returned([], ["/late"]),
    ),
    Difference(
        where=("blueprint_rules: a blueprint that is none",),
        theirs="raises AttributeError for anything that is no blueprint",
        ours="raises TypeError that says so",
        why="the message names the mistake",
        holds=fails_for_good_reason,
    ),
    Difference(
        where=("blueprints: entry GET /pre/guarded",),
        theirs="keeps the authorizer's name without the prefix in the route, while the function has "
        "the prefix",
        ours="has the same name in both",
        why="two blueprints with an authorizer of one name do not take each other's",
        holds=lambda theirs, ours: (
            theirs["returned"]["authorizer"][0] == "guard"
            and ours["returned"]["authorizer"][0] == "pre_guard"
        ),
    ),
    # The test client.
    Difference(
        where=("client_http: preflight", "client_http: options without CORS"),
        theirs="fails with AttributeError for OPTIONS",
        ours="answers the preflight, and 403 where there is none",
        why="that is what API Gateway does",
        holds=lambda theirs, ours: (
            raised(theirs, "AttributeError") and ours["returned"]["status"] in (200, 403)
        ),
    ),
    Difference(
        where=(
            "client_http: method=post",
            "client_http: method=post, path=/cors",
            "client_http: method=put, path=/cors",
        ),
        theirs="asks the function about a method that the API does not have",
        ours="answers 403",
        why="that is what API Gateway does: the function is never asked",
        holds=lambda theirs, ours: theirs["returned"]["status"] == 405 and ours["returned"]["status"] == 403,
    ),
    Difference(
        where=("client_http: method=head",),
        theirs="has a body in the answer to HEAD",
        ours="has none",
        why="HTTP says so (RFC 9110, 9.3.2)",
        holds=lambda theirs, ours: (
            "'{" in theirs["returned"]["body"]["repr"] and ours["returned"]["body"]["repr"] == "b''"
        ),
    ),
    Difference(
        where=(
            "client_http: /headers",
            "client_http: headers",
            "client_http: headers that the gateway adds*",
            "client_http: /context",
            "client_http: stage",
        ),
        theirs="leaves out much of what API Gateway adds to requests, contexts and responses",
        ours="adds it",
        why="code that reads it can be tested",
        holds=lambda theirs, ours: (
            len(str(ours["returned"])) > len(str(theirs["returned"])) or failed_client(theirs)
        ),
    ),
    Difference(
        where=("client_http: /lambda-context", "client_functions: renamed"),
        theirs="has the logical name for the function's name in the context, and no memory limit",
        ours="has the name that AWS gives it, application and stage included, and Lambda's default limit",
        why="that is what code sees in Lambda",
        holds=lambda theirs, ours: "-dev" in str(ours["returned"]) and "-dev" not in str(theirs["returned"]),
    ),
    Difference(
        where=("client_config: asked=function, *",),
        theirs="gives each function three seconds, whatever the configuration says",
        ours="gives it what is configured for it, for its stage or for all, else Lambda's maximum",
        why="that is what code sees in Lambda",
        holds=lambda theirs, ours: (
            theirs["returned"][0] == ours["returned"][0]
            and theirs["returned"][1] == 3
            and ours["returned"][1] in (5, 7, 900)
        ),
    ),
    Difference(
        where=("client_authorizers: *token=nothing",),
        theirs="says nothing about an authorizer that returned None",
        ours="logs what it returned",
        why="the mistake can be found",
        holds=lambda theirs, ours: same(theirs, ours, "out") and "guard" in ours["out"][0],
    ),
    Difference(
        where=(
            "client_authorizers: path=/cognito, token=None",
            "client_authorizers: cognito, a token that is none",
        ),
        theirs="lets a request without a token pass a Cognito authorizer, and fails at a token that is none",
        ours="answers 401",
        why="that is what API Gateway does; a test of a protected route means something",
        holds=lambda theirs, ours: ours["returned"][0] == 401,
    ),
    Difference(
        where=("client_functions: shape: cw*",),
        theirs="has a number for the version of an EventBridge event",
        ours="has a text",
        why="EventBridge sends a text",
        holds=lambda theirs, ours: {**theirs["returned"], "version": "str"} == ours["returned"],
    ),
)


def explanations(pair: Pair) -> Sequence[Difference]:
    """Return the entries that explain why two sides differ."""
    return [difference for difference in DIFFERENCES if difference.explains(pair)]


def explains_generated(pair: Pair) -> bool:
    """Whether entries that count for generated events explain why two sides differ.

    Two differences meet in one event where theirs sends an error as base64.
    """
    theirs, ours = pair.theirs, pair.ours
    if (status(ours) or 0) >= 400:
        theirs, ours = decoded(theirs), decoded(ours)
    return theirs == ours or any(entry.generated and entry.holds(theirs, ours) for entry in DIFFERENCES)
