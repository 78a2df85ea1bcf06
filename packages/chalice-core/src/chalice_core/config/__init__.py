"""Configuration of a project: `.chalice/config.json`, its stages and functions."""

from chalice_core.config.errors import (
    ConfigSyntaxError,
    ConfigUnreadableError,
    InvalidConfigError,
    InvalidStageNameError,
    ProjectNotFoundError,
    UnknownStageError,
)
from chalice_core.config.model import ConfigKey, CustomDomain, FunctionConfig, Scope, StageConfig
from chalice_core.config.project import ProjectConfig, load_config

__all__ = [
    "ConfigKey",
    "ConfigSyntaxError",
    "ConfigUnreadableError",
    "CustomDomain",
    "FunctionConfig",
    "InvalidConfigError",
    "InvalidStageNameError",
    "ProjectConfig",
    "ProjectNotFoundError",
    "Scope",
    "StageConfig",
    "UnknownStageError",
    "load_config",
]
