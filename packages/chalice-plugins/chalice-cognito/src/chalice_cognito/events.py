"""Cognito triggers in Lambda: the decorator, what a function is given, and what Cognito gets back."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chalice.extensions import EventHandler

__all__ = ["CognitoTriggerEvent", "on_cognito_trigger"]


class CognitoTriggerEvent:
    """Something that a user pool asks about one of its users, or tells.

    A function answers by changing ``response``; what it changes is in the event that Cognito gets back.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        trigger_source: What happened, such as ``PreSignUp_AdminCreateUser``.
        user_pool_id: The pool's id.
        region: The pool's region.
        user_name: The user's name; None while there is no user, as before a migration.
        client_id: Of the app client that the user came through; None without one.
        request: What the trigger is told: user attributes, and more that differs from trigger to trigger.

    See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
    """

    __slots__ = (
        "__dict__",
        "_event_dict",
        "client_id",
        "context",
        "region",
        "request",
        "trigger_source",
        "user_name",
        "user_pool_id",
    )

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        self.trigger_source: str = event_dict["triggerSource"]
        self.user_pool_id: str = event_dict["userPoolId"]
        self.region: str | None = event_dict.get("region")
        self.user_name: str | None = event_dict.get("userName")
        self.client_id: str | None = (event_dict.get("callerContext") or {}).get("clientId")
        self.request: dict[str, Any] = event_dict["request"]

    @property
    def user_attributes(self) -> dict[str, str]:
        """The user's attributes, ``email`` and others; empty where the trigger is not told any."""
        attributes: dict[str, str] | None = self.request.get("userAttributes")
        return {} if attributes is None else attributes

    @property
    def response(self) -> dict[str, Any]:
        """What Cognito is answered: change it, or assign another one."""
        response: dict[str, Any] | None = self._event_dict.get("response")
        if response is None:
            response = self._event_dict["response"] = {}
        return response

    @response.setter
    def response(self, response: dict[str, Any]) -> None:
        self._event_dict["response"] = response

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it, with what was changed since."""
        return self._event_dict


def _settle(event: CognitoTriggerEvent, result: Any) -> Any:
    """Return what Cognito gets: the event it sent, with the response in it.

    Raises:
        TypeError: The function returned something that Cognito would not recognise.
    """
    if result is None or result is event:
        return event.to_dict()
    if isinstance(result, CognitoTriggerEvent):
        return result.to_dict()
    if isinstance(result, dict) and "response" in result:
        return result
    raise TypeError(
        "A function of a Cognito trigger changes event.response and returns nothing, or returns the event; "
        f"this one returned {result!r}."
    )


class CognitoSource(EventSource):
    """A decorator whose functions answer with the event they were given."""

    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:  # noqa: ARG002
        """Let the handler return the event."""
        handler.settle = _settle


@CognitoSource.of(source="cognito", event=CognitoTriggerEvent)
def on_cognito_trigger(
    user_pool: str,
    trigger: str | list[str],
    name: str | None = None,
    version: str | None = None,
) -> dict[str, Any]:
    """Call a function at some point of the work of an Amazon Cognito user pool.

    Which triggers and versions there are is for the tools to check: they report every mistake at once.

    Args:
        user_pool: Id of the pool, in the account and region deployed to; or its ARN.
        trigger: ``PreSignUp``, ``PostConfirmation``, ``PreAuthentication``, ``PostAuthentication``,
            ``PreTokenGeneration``, ``CustomMessage``, ``DefineAuthChallenge``, ``CreateAuthChallenge``,
            ``VerifyAuthChallengeResponse`` or ``UserMigration``; several in a list.
        name: Logical name of the function, by default its own.
        version: Of the events of ``PreTokenGeneration``: ``V1_0``, ``V2_0`` or ``V3_0``; None is the first.

    Raises:
        TypeError: An option is not of its type.
        ValueError: No pool, or no trigger.

    See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
    """
    triggers = [trigger] if isinstance(trigger, str) else trigger
    if not isinstance(triggers, (list, tuple)) or not all(isinstance(one, str) for one in triggers):
        raise TypeError(f"on_cognito_trigger: trigger must be a string or a list of them, not {trigger!r}.")
    for option, value in (("user_pool", user_pool), ("version", version)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"on_cognito_trigger: {option} must be a string, not {value!r}.")
    if not user_pool or not triggers or not all(triggers):
        raise ValueError("on_cognito_trigger needs the pool (user_pool=) and a trigger (trigger=).")
    return {
        "name": name,
        "user_pool": user_pool,
        "trigger": trigger if isinstance(trigger, str) else list(triggers),
        "version": version,
    }
