"""What a Cognito declaration becomes: a permission for the pool, and its triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_cognito.triggers import pool_arn, pool_id, triggers
from chalice_core.kinds import Function, InvokePermission, Resource, UserPoolTrigger
from chalice_core.values import ResourceId

if TYPE_CHECKING:
    from chalice_core.manifest import EventDeclaration


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources with which the pool calls ``function``.

    Args:
        event: a declaration without problems (`chalice_cognito.limits.problems`).
        function: the function that is called.
    """
    permission = InvokePermission(
        id=ResourceId(f"{function.id}-user-pool-permission"),
        function_arn=function.arn,
        principal="cognito-idp.amazonaws.com",
        source_arn=pool_arn(event.options),
    )
    return (
        permission,
        *(
            UserPoolTrigger(
                id=ResourceId(f"{function.id}-{trigger}-trigger"),
                user_pool_id=pool_id(event.options),
                trigger=trigger,
                function_arn=function.arn,
                lambda_version=event.options.get("version"),
                # Users sign up all the time: the first call has to be allowed.
                after=(permission.id,),
            )
            for trigger in triggers(event.options)
        ),
    )
