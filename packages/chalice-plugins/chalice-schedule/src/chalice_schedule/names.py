"""What rules, schedules and the roles of schedules are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalice_core.config import StageConfig

LONGEST_NAME = 64
"""Of a rule (``PutRule``), a schedule (``CreateSchedule``) and a role (``CreateRole``), in characters."""


def rule_name(config: StageConfig, function: str) -> str:
    """Return the name of the rule that invokes a function.

    Args:
        config: of the stage.
        function: the function's logical name.
    """
    return f"{schedule_name(config, function)}-event"


def schedule_name(config: StageConfig, function: str) -> str:
    """Return the name of the schedule that invokes a function.

    Args:
        config: of the stage.
        function: the function's logical name.
    """
    return f"{config.app_name}-{config.stage}-{function}"


def role_name(config: StageConfig, function: str) -> str:
    """Return the name of the role that a schedule acts with.

    Args:
        config: of the stage.
        function: the function's logical name.
    """
    return f"{schedule_name(config, function)}-schedule"
