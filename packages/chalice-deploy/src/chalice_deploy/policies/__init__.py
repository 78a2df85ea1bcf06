"""Policies from source: the calls of AWS that functions can reach, and what IAM has to allow for them."""

from __future__ import annotations

from chalice_deploy.policies.analysis import Analysis, analyse
from chalice_deploy.policies.sources import MissingSourceError, UnreadableSourceError
from chalice_deploy.policies.statements import Finding, document, merged

__all__ = [
    "Analysis",
    "Finding",
    "MissingSourceError",
    "UnreadableSourceError",
    "analyse",
    "document",
    "merged",
]
