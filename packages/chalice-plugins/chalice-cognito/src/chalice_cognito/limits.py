"""What Cognito would refuse in a declaration, found before anything is built."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from chalice_cognito.triggers import (
    POOL_ARN,
    POOL_ID,
    TRIGGERS,
    UNSUPPORTED,
    VERSIONED,
    VERSIONS,
    pool_id,
    triggers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice_core.manifest import EventDeclaration


def problems(events: Sequence[EventDeclaration]) -> list[str]:
    """Return a sentence for each thing that Cognito would refuse; none when the declarations are fine.

    Args:
        events: the Cognito declarations of an application.
    """
    found: list[str] = []
    for event in events:
        where = f"{event.decorator} on {event.function!r}"
        found += [f"{where}: {problem}" for problem in _of_one(event.options)]
    return [*found, *_twice(events)]


def _of_one(options: Mapping[str, Any]) -> Iterator[str]:
    pool = options["user_pool"]
    yield from _pool(str(pool))
    chosen = triggers(options)
    for trigger in dict.fromkeys(chosen):
        if trigger in UNSUPPORTED:
            yield f"the trigger {trigger!r} is not supported: {UNSUPPORTED[trigger]}."
        elif trigger not in TRIGGERS:
            yield _unknown(trigger)
        if chosen.count(trigger) > 1:
            yield f"the trigger {trigger!r} is given more than once."
    version = options.get("version")
    if version is not None and version not in VERSIONS:
        yield f"'version' must be one of {', '.join(VERSIONS)}, not {version!r}."
    elif version is not None and chosen != (VERSIONED,):
        yield f"'version' is for {VERSIONED!r} alone; declare that one with a function of its own."


def _pool(pool: str) -> Iterator[str]:
    if pool.startswith("arn:"):
        match = POOL_ARN.fullmatch(pool)
        if match is None:
            yield (
                "'user_pool' must be the ARN of a user pool, arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID, "
                f"not {pool!r}."
            )
        elif not match["id"].startswith(match["region"] + "_"):
            yield f"'user_pool' names two regions: {pool!r}."
    elif not POOL_ID.fullmatch(pool):
        yield (
            f"'user_pool' must be the id of a user pool, eu-west-1_AbCdEfGhI, or its ARN, not {pool!r}; "
            "its name is not enough, for several pools may have it."
        )


def _unknown(trigger: str) -> str:
    # People write what events say in triggerSource: PreSignUp_ExternalProvider, TokenGeneration_HostedAuth.
    near = get_close_matches(trigger.partition("_")[0], TRIGGERS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(TRIGGERS)}."
    return f"there is no trigger {trigger!r}; {hint}"


def _twice(events: Sequence[EventDeclaration]) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for event in events:
        for trigger in dict.fromkeys(triggers(event.options)):
            other = first.setdefault((pool_id(event.options), trigger), event.function)
            if other != event.function:
                yield (
                    f"{event.decorator}: both {other!r} and {event.function!r} are for the trigger "
                    f"{trigger!r} of the user pool {pool_id(event.options)!r}; it calls one function only."
                )
