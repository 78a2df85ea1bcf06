"""Tokens of Cognito user pools: the function of ``PreTokenGeneration`` changes what is in them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from moto.cognitoidp.models import CognitoIdpUserPool

from chalice_localaws.embedded.user_pools import Triggers, attributes_of
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES", "request"]


class _Request(threading.local):
    """What a request says of the tokens that are made for it."""

    source = "TokenGeneration_Authentication"
    override: dict[str, Any] | None = None


request = _Request()


def _create_jwt(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def create_jwt(
        self: CognitoIdpUserPool,
        client_id: str,
        username: str,
        token_use: str,
        expires_in: int = 60 * 60,
        extra_data: dict[str, Any] | None = None,
    ) -> tuple[str, int]:
        claims = dict(extra_data or {})
        if triggers.has(self, "PreTokenGeneration"):
            # Of one set of tokens the one for access is made first.
            if token_use == "access":  # noqa: S105 - what the token is for
                request.override = _override(triggers, self, client_id, username, claims)
            _apply(request.override or {}, token_use, claims)
        made: tuple[str, int] = original(self, client_id, username, token_use, expires_in, claims)
        return made

    return create_jwt


def _override(
    triggers: Triggers, pool: CognitoIdpUserPool, client_id: str, username: str, claims: Mapping[str, Any]
) -> dict[str, Any]:
    user = pool._get_user(username)
    return triggers.call(
        pool,
        request.source,
        trigger="PreTokenGeneration",
        username=user.username,
        client_id=client_id,
        request={
            "userAttributes": attributes_of(user),
            "groupConfiguration": {
                "groupsToOverride": list(claims.get("cognito:groups", ())),
                "iamRolesToOverride": [],
                "preferredRole": None,
            },
            "scopes": str(claims.get("scope", "")).split(),
        },
        response={"claimsOverrideDetails": None, "claimsAndScopeOverrideDetails": None},
    )


def _apply(response: Mapping[str, Any], kind: str, claims: dict[str, Any]) -> None:
    """Change the claims of a token, ``id`` or ``access``, as the function of ``PreTokenGeneration`` wants."""
    first = response.get("claimsOverrideDetails") or {}
    later = response.get("claimsAndScopeOverrideDetails") or {}
    details = later.get(f"{kind}TokenGeneration") or (first if kind == "id" else {})
    claims.update(details.get("claimsToAddOrOverride") or {})
    for name in details.get("claimsToSuppress") or ():
        claims.pop(name, None)
    groups = (first or later).get("groupOverrideDetails") or {}
    if groups.get("groupsToOverride") is not None:
        claims["cognito:groups"] = groups["groupsToOverride"]
    if kind == "access":
        gone = details.get("scopesToSuppress") or ()
        scopes = [scope for scope in str(claims.get("scope", "")).split() if scope not in gone]
        claims["scope"] = " ".join([*scopes, *(details.get("scopesToAdd") or ())])


PATCHES = (
    Patch(
        owner=CognitoIdpUserPool,
        name="create_jwt",
        parameters="self, client_id, username, token_use, expires_in, extra_data",
        why="moto calls no triggers.",
        make=_create_jwt,
    ),
)
