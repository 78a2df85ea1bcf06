"""What a URL becomes: the URL itself and, for everybody's, who may call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.kinds import Function, FunctionUrl, InvokePermission, Resource
from chalice_core.values import ResourceId

if TYPE_CHECKING:
    from chalice_function_urls.settings import UrlSettings


def lower(function: Function, settings: UrlSettings) -> tuple[Resource, ...]:
    """Return the resources that give a function its URL.

    A URL that asks for signed requests needs no permission of the function: callers of the same account need
    one of their own, ``lambda:InvokeFunctionUrl`` and ``lambda:InvokeFunction``.  One that is open to
    everybody needs both of the function, since October 2025 ("Control access to Lambda function URLs", AWS
    Lambda Developer Guide).
    """
    url = FunctionUrl(
        id=ResourceId(f"{function.id}-url"),
        function_arn=function.arn,
        auth_type=settings.auth_type,
        cors=settings.cors,
    )
    if settings.auth_type != "NONE":
        return (url,)
    return (
        url,
        InvokePermission(
            id=ResourceId(f"{function.id}-url-permission"),
            function_arn=function.arn,
            principal="*",
            action="lambda:InvokeFunctionUrl",
            function_url_auth_type="NONE",
        ),
        InvokePermission(
            id=ResourceId(f"{function.id}-url-invoke-permission"),
            function_arn=function.arn,
            principal="*",
            invoked_via_function_url=True,
        ),
    )
