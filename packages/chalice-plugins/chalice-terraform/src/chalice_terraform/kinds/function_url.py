"""URLs of functions: ``aws_lambda_function_url``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from chalice_terraform.kinds.function import function_name
from chalice_terraform.naming import camel_case
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import FunctionUrl
    from chalice_terraform.renderer import Scope


class FunctionUrlRenderer(KnownOutputs):
    """Renders URLs of functions."""

    expressions: ClassVar[Mapping[str, str]] = {"url": "aws_lambda_function_url.{name}.function_url"}

    def render(self, resource: FunctionUrl, scope: Scope) -> Rendering:
        """Return the URL; its output is called as the resource, ``WorkerUrl``."""
        arguments: dict[str, Any] = {
            "function_name": scope.spell(function_name(resource.function_arn)),
            "authorization_type": resource.auth_type,
            "invoke_mode": resource.invoke_mode,
        }
        if resource.cors is not None:
            # AllowOrigins in Lambda's API, allow_origins here.
            arguments["cors"] = {
                re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower(): scope.spell(value)
                for key, value in resource.cors.items()
            }
        url = TerraformResource(
            type="aws_lambda_function_url", name=scope.name(resource.id), arguments=arguments
        )
        return Rendering(resources=(url,), outputs={camel_case(resource.id): scope.spell(resource.url)})
