"""What goes wrong in a CDK app that holds a Chalice application."""

from __future__ import annotations


class ChaliceError(Exception):
    """The application cannot be packaged; the text says what, why and what to do."""


class CdkMissingError(ImportError):
    """The construct is asked for where the CDK is not installed.

    Args:
        missing: the package that cannot be imported.
    """

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"The construct Chalice needs {missing!r}, which is not installed for this Python.  Run "
            "`pip install 'chalice-cdk[cdk]'`; the CDK also needs Node.js.",
            name=missing,
        )
