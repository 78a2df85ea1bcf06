"""Builds reproducible AWS Lambda deployment packages for Chalice applications."""

from chalice_packager.build import build_package
from chalice_packager.resolution import resolve
from chalice_packager.target import LambdaTarget

__all__ = ["LambdaTarget", "build_package", "resolve"]
