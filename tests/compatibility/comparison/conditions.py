"""Conditions that the table of differences is written in: what one side did, and how the two relate."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from comparison.sides import Observation

UNSERIALIZABLE = {"TypeError", "ValueError", "RecursionError", "UnicodeEncodeError"}
CORS = "Access-Control-Allow-Origin"


def status(observation: Observation) -> Any:
    """Return the status of a response; None when there is none."""
    answer = observation.get("returned")
    return answer.get("statusCode") if isinstance(answer, dict) else None


def body(observation: Observation) -> Any:
    """Return the body of a response; None when there is none."""
    answer = observation.get("returned")
    return answer.get("body") if isinstance(answer, dict) else None


def headers(observation: Observation) -> dict[str, Any]:
    """Return the single-valued headers of a response."""
    answer = observation.get("returned")
    found: dict[str, Any] = answer.get("headers", {}) if isinstance(answer, dict) else {}
    return found


def raised(observation: Observation, *names: str) -> bool:
    """Whether an exception of one of these types left the handler."""
    return observation.get("raised") in names


def failed(observation: Observation) -> bool:
    """Whether the answer is that of an unexpected exception, in debug mode or not, and it was logged."""
    text = body(observation)
    return (
        status(observation) == 500
        and isinstance(text, str)
        and ("InternalServerError" in text or text.startswith("Traceback"))
        and any("Caught exception for path" in line for line in observation["out"])
    )


def same(theirs: Observation, ours: Observation, *but: str) -> bool:
    """Whether two observations are the same, these keys left aside."""
    return {k: v for k, v in theirs.items() if k not in but} == {
        k: v for k, v in ours.items() if k not in but
    }


def only_cors_added(theirs: Observation, ours: Observation) -> bool:
    """Whether ours is the same failure with CORS headers that theirs lacks."""
    rest = {name: value for name, value in headers(ours).items() if not name.startswith("Access-Control-")}
    return (
        status(theirs) == status(ours) == 500
        and body(theirs) == body(ours)
        and theirs["out"] == ours["out"]
        and CORS not in headers(theirs)
        and CORS in headers(ours)
        and rest == headers(theirs)
    )


def without_doubles(observation: Observation) -> Observation:
    """Return an observation without the headers that are there in lower case as well."""
    answer = observation.get("returned")
    if not isinstance(answer, dict):
        return observation
    found = headers(observation)
    kept = {name: found[name] for name in found if name.islower() or name.lower() not in found}
    return {**observation, "returned": {**answer, "headers": kept}}


def bytes_in_body(observation: Observation) -> bool:
    """Whether a response's body is bytes, which no JSON can carry: Lambda refuses the answer."""
    found = body(observation)
    return isinstance(found, dict) and found.get("!") == "bytes"


def decoded(observation: Observation) -> Observation:
    """Return an observation whose body, if it is base64, is the text that it stands for."""
    answer = observation.get("returned")
    if not isinstance(answer, dict) or not answer.get("isBase64Encoded"):
        return observation
    plain = {name: value for name, value in answer.items() if name != "isBase64Encoded"}
    plain["body"] = base64.b64decode(answer["body"]).decode("utf-8", "backslashreplace")
    return {**observation, "returned": plain}


def error_in_base64(theirs: Observation, ours: Observation) -> bool:
    """Whether both answer the same error, and theirs is base64."""
    return decoded(theirs) == ours and decoded(theirs) != theirs and status(ours) >= 400


def words_of_errors(theirs: Observation, ours: Observation) -> bool:
    """Whether both failed alike, and only the exception's own words differ."""
    return failed(theirs) and failed(ours) and headers(theirs) == headers(ours) and len(ours["out"]) >= 3


def refused(*names: str) -> Callable[[Observation, Observation], bool]:
    """The predecessor takes it, or fails otherwise; ours raises one of these at once."""
    return lambda theirs, ours: theirs.get("raised") not in names and raised(ours, *names)


def returned(theirs: Any, ours: Any) -> Callable[[Observation, Observation], bool]:
    """Both return exactly this."""
    return lambda one, other: one.get("returned") == theirs and other.get("returned") == ours


def fails_for_good_reason(theirs: Observation, ours: Observation) -> bool:
    """Both raise, and only which exception tells them apart."""
    return "raised" in theirs and "raised" in ours and theirs["raised"] != ours["raised"]


def failed_client(observation: Observation) -> bool:
    """Whether the test client was answered with a 500."""
    return bool(observation["returned"]["status"] == 500)
