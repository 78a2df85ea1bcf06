"""Triggers of existing Cognito user pools: ``aws_lambda_invocation`` of a helper function.

``aws_cognito_user_pool`` owns all of a pool's settings, so it cannot change
one of a pool that somebody else made.  A small function does: it is invoked
when the trigger is created, changed and destroyed.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from chalice_core.attachments import HANDLER, SOURCE, TIMEOUT, earlier, policy_document, properties
from chalice_core.kinds import Function, UserPoolTrigger
from chalice_terraform.artifacts import code_arguments
from chalice_terraform.expressions import Expression, Referring
from chalice_terraform.kinds.role import trust_policy
from chalice_terraform.renderer import KnownOutputs, Rendering, SharedResource, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds.base import Resource
    from chalice_terraform.renderer import Scope

HELPER = "chalice_attachments"
"""The name of the helper's resources."""

HELPER_FILE = "chalice-attachments.zip"

_READABLE = 0o100644
# Names in Lambda and IAM have at most 64 characters.
_STAGE = Expression('substr("${local.chalice_app}-${local.chalice_stage}", 0, 52)')


class UserPoolTriggerRenderer(KnownOutputs):
    """Renders triggers, and with the first one the helper function."""

    def render(self, resource: UserPoolTrigger, scope: Scope) -> Rendering:
        """Return the trigger; one waits for the one before it of the same pool."""

        def triggers() -> tuple[UserPoolTrigger, ...]:
            return scope.graph.of_kind(UserPoolTrigger)

        every = scope.once(f"{__name__}.triggers", triggers)
        before = scope.once(f"{__name__}.earlier", lambda: earlier(every)).get(resource.id)
        call = TerraformResource(
            type="aws_lambda_invocation",
            name=scope.name(resource.id),
            arguments={
                "function_name": f"${{aws_lambda_function.{HELPER}.function_name}}",
                "input": scope.json(Referring(properties(resource))),
                "lifecycle_scope": "CRUD",
            },
            after=() if before is None else (before.id,),
            depends_on=(f"aws_iam_role_policy.{HELPER}",),
        )
        if resource != every[0]:
            return Rendering(resources=(call,))
        function = scope.graph[resource.function_arn.of]
        return Rendering(
            resources=(call,),
            shared=_helper(function, every, scope),
            files={HELPER_FILE: _archive()},
        )


def _helper(
    function: Resource, triggers: Sequence[UserPoolTrigger], scope: Scope
) -> tuple[SharedResource, ...]:
    name = scope.spell(_STAGE) + "-attachments"
    bodies: Mapping[str, Mapping[str, object]] = {
        "aws_iam_role": {"name": name, "assume_role_policy": scope.json(trust_policy(("lambda",)))},
        "aws_iam_role_policy": {
            "name": name,
            "role": f"${{aws_iam_role.{HELPER}.id}}",
            "policy": scope.json(Referring(policy_document(triggers))),
        },
        "aws_lambda_function": {
            "function_name": name,
            "description": "Sets triggers of user pools that exist already.",
            "runtime": function.runtime if isinstance(function, Function) else "python3.13",
            "handler": HANDLER,
            "timeout": TIMEOUT,
            "role": f"${{aws_iam_role.{HELPER}.arn}}",
            **code_arguments(HELPER_FILE),
        },
    }
    return tuple(
        SharedResource(type=type, name=HELPER, arguments=arguments) for type, arguments in bodies.items()
    )


def _archive() -> bytes:
    """Return the helper's deployment package, the same bytes everywhere."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        # Stored, for what compression makes of it depends on the version of zlib.
        entry = zipfile.ZipInfo(f"{HANDLER.partition('.')[0]}.py", date_time=(1980, 1, 1, 0, 0, 0))
        entry.external_attr = _READABLE << 16
        entry.create_system = 3
        archive.writestr(entry, SOURCE)
    return target.getvalue()
