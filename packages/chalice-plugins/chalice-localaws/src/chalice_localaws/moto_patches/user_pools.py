"""Cognito user pools: their triggers are called where the operation exists, and refused where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cognitoidp.exceptions import InvalidParameterException, NotAuthorizedError
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, UserStatus
from moto.core.exceptions import JsonRESTError

from chalice_localaws.embedded.user_pools import EMULATED, NO_CLIENT, Triggers, attributes_of
from chalice_localaws.moto_patches import user_pool_tokens
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from moto.cognitoidp.models import CognitoIdpUserPool

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

_PASSWORD_FLOWS = {"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"}
_REFRESH_FLOWS = {"REFRESH_TOKEN", "REFRESH_TOKEN_AUTH"}
_MESSAGE = {"codeParameter": "{####}", "usernameParameter": "{username}", "linkParameter": "{##Click Here##}"}
_NO_MESSAGE = {"smsMessage": None, "emailMessage": None, "emailSubject": None}


def _checking(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def checked(self: CognitoIdpBackend, name_or_id: str, extended_config: dict[str, Any]) -> Any:
        config = extended_config.get("LambdaConfig") or {}
        unknown = sorted(key for key, value in config.items() if value and key not in EMULATED)
        if unknown:
            raise InvalidParameterException(
                f"The user pool trigger {', '.join(unknown)} is not emulated on this machine."
            )
        return original(self, name_or_id, extended_config)

    return checked


def _sign_up(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def sign_up(
        self: CognitoIdpBackend,
        client_id: str,
        username: str,
        password: str,
        attributes: list[dict[str, str]],
    ) -> tuple[CognitoIdpUser, Any]:
        pool = _pool_of(self, client_id)
        wanted = (
            {}
            if pool is None or pool._get_user(username)
            else _before_sign_up(triggers, pool, "SignUp", username, client_id, attributes)
        )
        user, details = original(self, client_id, username, password, attributes)
        if pool is not None:
            if details is not None:
                _message(triggers, pool, "SignUp", user, client_id)
            _verify(user, wanted)
            if wanted.get("autoConfirmUser"):
                user.status = UserStatus.CONFIRMED
                _confirmed(triggers, pool, "ConfirmSignUp", user, client_id)
        return user, details

    return sign_up


def _admin_create_user(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def admin_create_user(
        self: CognitoIdpBackend,
        user_pool_id: str,
        username: str,
        message_action: str,
        temporary_password: str,
        attributes: list[dict[str, str]],
    ) -> CognitoIdpUser:
        pool = self.describe_user_pool(user_pool_id)
        wanted: dict[str, Any] = {}
        if not pool._get_user(username):
            wanted = _before_sign_up(triggers, pool, "AdminCreateUser", username, NO_CLIENT, attributes)
        user: CognitoIdpUser = original(
            self, user_pool_id, username, message_action, temporary_password, attributes
        )
        _verify(user, wanted)
        if message_action != "SUPPRESS":
            _message(triggers, pool, "AdminCreateUser", user, NO_CLIENT)
        return user

    return admin_create_user


def _confirm_sign_up(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def confirm_sign_up(self: CognitoIdpBackend, client_id: str, username: str) -> str:
        answer: str = original(self, client_id, username)
        pool = _pool_of(self, client_id)
        if pool is not None:
            _confirmed(triggers, pool, "ConfirmSignUp", pool._get_user(username), client_id)
        return answer

    return confirm_sign_up


def _admin_confirm_sign_up(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def admin_confirm_sign_up(self: CognitoIdpBackend, user_pool_id: str, username: str) -> str:
        answer: str = original(self, user_pool_id, username)
        pool = self.describe_user_pool(user_pool_id)
        _confirmed(triggers, pool, "ConfirmSignUp", pool._get_user(username), NO_CLIENT)
        return answer

    return admin_confirm_sign_up


def _confirm_forgot_password(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def confirm_forgot_password(
        self: CognitoIdpBackend, client_id: str, username: str, password: str, confirmation_code: str
    ) -> None:
        original(self, client_id, username, password, confirmation_code)
        pool = _pool_of(self, client_id)
        if pool is not None:
            _confirmed(triggers, pool, "ConfirmForgotPassword", pool._get_user(username), client_id)

    return confirm_forgot_password


def _forgot_password(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def forgot_password(self: CognitoIdpBackend, client_id: str, username: str) -> Any:
        answer = original(self, client_id, username)
        pool = _pool_of(self, client_id)
        user = pool._get_user(username) if pool is not None else None
        if pool is not None and user is not None:
            _message(triggers, pool, "ForgotPassword", user, client_id)
        return answer

    return forgot_password


def _initiate_auth(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def initiate_auth(
        self: CognitoIdpBackend, client_id: str, auth_flow: str, auth_parameters: dict[str, str]
    ) -> Any:
        pool = _pool_of(self, client_id)
        return _authenticated(
            triggers,
            pool,
            client_id,
            auth_flow,
            auth_parameters,
            lambda: original(self, client_id, auth_flow, auth_parameters),
        )

    return initiate_auth


def _admin_initiate_auth(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def admin_initiate_auth(
        self: CognitoIdpBackend,
        user_pool_id: str,
        client_id: str,
        auth_flow: str,
        auth_parameters: dict[str, str],
    ) -> Any:
        return _authenticated(
            triggers,
            self.describe_user_pool(user_pool_id),
            client_id,
            auth_flow,
            auth_parameters,
            lambda: original(self, user_pool_id, client_id, auth_flow, auth_parameters),
        )

    return admin_initiate_auth


def _respond(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    triggers = Triggers(plane.invoke)

    def respond_to_auth_challenge(
        self: CognitoIdpBackend,
        session: str,
        client_id: str,
        challenge_name: str,
        challenge_responses: dict[str, str],
    ) -> Any:
        new_password = challenge_name == "NEW_PASSWORD_REQUIRED"
        user_pool_tokens.request.source = (
            f"TokenGeneration_{'NewPasswordChallenge' if new_password else 'Authentication'}"
        )
        answer = original(self, session, client_id, challenge_name, challenge_responses)
        _after_authentication(
            triggers, _pool_of(self, client_id), client_id, challenge_responses.get("USERNAME"), answer
        )
        return answer

    return respond_to_auth_challenge


def _authenticated(
    triggers: Triggers,
    pool: CognitoIdpUserPool | None,
    client_id: str,
    flow: str,
    parameters: Mapping[str, str],
    go_on: Callable[[], Any],
) -> Any:
    refreshes = flow in _REFRESH_FLOWS
    user_pool_tokens.request.source = f"TokenGeneration_{'RefreshTokens' if refreshes else 'Authentication'}"
    username = parameters.get("USERNAME")
    if pool is None or refreshes or username is None:
        return go_on()
    user: CognitoIdpUser | None = pool._get_user(username)
    if user is None and flow in _PASSWORD_FLOWS and triggers.has(pool, "UserMigration"):
        user = _migrate(triggers, pool, client_id, username, parameters.get("PASSWORD", ""))
    if user is not None:
        triggers.call(
            pool,
            "PreAuthentication_Authentication",
            trigger="PreAuthentication",
            username=user.username,
            client_id=client_id,
            request={"userAttributes": attributes_of(user), "validationData": None},
            response={},
        )
    answer = go_on()
    _after_authentication(triggers, pool, client_id, username, answer)
    return answer


def _after_authentication(
    triggers: Triggers, pool: CognitoIdpUserPool | None, client_id: str, username: str | None, answer: Any
) -> None:
    user = pool._get_user(username) if pool is not None and username else None
    if pool is None or user is None or "AuthenticationResult" not in (answer or {}):
        return
    triggers.call(
        pool,
        "PostAuthentication_Authentication",
        trigger="PostAuthentication",
        username=user.username,
        client_id=client_id,
        request={"userAttributes": attributes_of(user), "newDeviceUsed": False},
        response={},
    )


def _migrate(
    triggers: Triggers, pool: CognitoIdpUserPool, client_id: str, username: str, password: str
) -> CognitoIdpUser:
    empty = ("userAttributes", "finalUserStatus", "messageAction", "desiredDeliveryMediums")
    try:
        found = triggers.call(
            pool,
            "UserMigration_Authentication",
            trigger="UserMigration",
            username=username,
            client_id=client_id,
            request={"password": password, "validationData": None},
            response={**dict.fromkeys(empty), "forceAliasCreation": None, "enableSMSMFA": None},
        )
    except JsonRESTError as error:
        raise NotAuthorizedError("Incorrect username or password.") from error
    if not found.get("userAttributes"):
        raise NotAuthorizedError("Incorrect username or password.")
    attributes = [
        {"Name": name, "Value": str(value)}
        for name, value in found["userAttributes"].items()
        if name != "username"
    ]
    status = UserStatus[found.get("finalUserStatus") or "RESET_REQUIRED"]
    user = CognitoIdpUser(pool.id, username, password, status, attributes)
    pool.users[user.username] = user
    return user


def _before_sign_up(
    triggers: Triggers,
    pool: CognitoIdpUserPool,
    how: str,
    username: str,
    client_id: str,
    attributes: Sequence[Mapping[str, str]] | None,
) -> dict[str, Any]:
    return triggers.call(
        pool,
        f"PreSignUp_{how}",
        trigger="PreSignUp",
        username=username,
        client_id=client_id,
        request={
            "userAttributes": {one["Name"]: one["Value"] for one in attributes or ()},
            "validationData": None,
        },
        response={"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    )


def _confirmed(
    triggers: Triggers, pool: CognitoIdpUserPool, how: str, user: CognitoIdpUser, client_id: str
) -> None:
    triggers.call(
        pool,
        f"PostConfirmation_{how}",
        trigger="PostConfirmation",
        username=user.username,
        client_id=client_id,
        request={"userAttributes": attributes_of(user)},
        response={},
    )


def _message(
    triggers: Triggers, pool: CognitoIdpUserPool, how: str, user: CognitoIdpUser, client_id: str
) -> None:
    """Ask for the text of a message; nobody sends it."""
    triggers.call(
        pool,
        f"CustomMessage_{how}",
        trigger="CustomMessage",
        username=user.username,
        client_id=client_id,
        request={"userAttributes": attributes_of(user), **_MESSAGE},
        response=_NO_MESSAGE,
    )


def _verify(user: CognitoIdpUser, wanted: Mapping[str, Any]) -> None:
    names = {"autoVerifyEmail": "email_verified", "autoVerifyPhone": "phone_number_verified"}
    verified = [{"Name": name, "Value": "true"} for key, name in names.items() if wanted.get(key)]
    if verified:
        user.update_attributes(verified)


def _pool_of(backend: CognitoIdpBackend, client_id: str) -> CognitoIdpUserPool | None:
    return next((pool for pool in backend.user_pools.values() if client_id in pool.clients), None)


_WHY = "moto calls no triggers."


def _patch(name: str, parameters: str, make: Callable[..., Any], why: str = _WHY) -> Patch:
    return Patch(owner=CognitoIdpBackend, name=name, parameters=parameters, why=why, make=make)


PATCHES = (
    _patch(
        "create_user_pool",
        "self, name, extended_config",
        _checking,
        "moto keeps triggers of operations that it does not have.",
    ),
    _patch("update_user_pool", "self, user_pool_id, extended_config", _checking, "The same, for an update."),
    _patch("sign_up", "self, client_id, username, password, attributes", _sign_up),
    _patch(
        "admin_create_user",
        "self, user_pool_id, username, message_action, temporary_password, attributes",
        _admin_create_user,
    ),
    _patch("confirm_sign_up", "self, client_id, username", _confirm_sign_up),
    _patch("admin_confirm_sign_up", "self, user_pool_id, username", _admin_confirm_sign_up),
    _patch(
        "confirm_forgot_password",
        "self, client_id, username, password, confirmation_code",
        _confirm_forgot_password,
    ),
    _patch("forgot_password", "self, client_id, username", _forgot_password),
    _patch("initiate_auth", "self, client_id, auth_flow, auth_parameters", _initiate_auth),
    _patch(
        "admin_initiate_auth",
        "self, user_pool_id, client_id, auth_flow, auth_parameters",
        _admin_initiate_auth,
    ),
    _patch(
        "respond_to_auth_challenge", "self, session, client_id, challenge_name, challenge_responses", _respond
    ),
    *user_pool_tokens.PATCHES,
)
