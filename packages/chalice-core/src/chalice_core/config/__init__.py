"""Configuration of a project: `.chalice/config.json`, its stages and functions."""

from chalice_core.config.model import ConfigKey, FunctionConfig, StageConfig

__all__ = ["ConfigKey", "FunctionConfig", "StageConfig"]
