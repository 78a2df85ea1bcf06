"""A large application takes no more than its share of the time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from chalice_core.kinds import ApiRoute, EventRule, InvokePermission, LogGroup, Resource
from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_core.values import ResourceId
from chalice_terraform.format import TerraformFormat


def _application(parts: Any, handlers: int) -> list[Resource]:
    """Return an application with this many handlers of several families, and half as many routes again."""
    api_handler = parts.function()
    routes = tuple(
        ApiRoute(path=f"/r{number}", method="GET", function_arn=api_handler.arn)
        for number in range(handlers * 3 // 2)
    )
    resources: list[Resource] = [parts.role, api_handler, *parts.api(api_handler, routes=routes)]
    for number in range(handlers):
        function = parts.function(f"f{number}")
        resources.append(function)
        resources.append(
            LogGroup(
                id=ResourceId(f"{function.id}_log_group"),
                log_group_name=f"/aws/lambda/{function.function_name}",
                retention_in_days=7,
            )
        )
        if number % 4 == 0:
            resources.append(parts.mapping(function))
        elif number % 4 == 1:
            resources += parts.bucket(function, f"bucket{number % 8}", prefix=f"{number}/")
        elif number % 4 == 2:
            rule = EventRule(
                id=ResourceId(f"{function.id}-event"),
                rule_name=f"r{number}",
                function_arn=function.arn,
                schedule_expression="rate(1 hour)",
            )
            permission = InvokePermission(
                id=ResourceId(f"{function.id}-permission"),
                function_arn=function.arn,
                principal="events.amazonaws.com",
                source_arn=rule.arn,
            )
            resources += (rule, permission)
        else:
            resources.append(parts.trigger(function, "PreSignUp", f"pool_{number}"))
    return resources


def _calls(plugins: Plugins, request: FormatRequest) -> int:
    """Return how many calls of functions a rendering makes, which no other process disturbs."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        TerraformFormat(plugins).render(request)
    finally:
        sys.setprofile(before)
    return count


def test_four_times_the_handlers_cost_four_times_as_much(
    parts: Any, plugins: Plugins, request_for: Callable[..., FormatRequest]
) -> None:
    small, large = (request_for(*_application(parts, handlers)) for handlers in (50, 200))

    few, many = _calls(plugins, small), _calls(plugins, large)

    assert many < few * 4.2
