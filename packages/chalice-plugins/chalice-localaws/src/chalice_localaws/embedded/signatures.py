"""Whether a request is signed with AWS credentials; whose they are is not asked, as nowhere here.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["UnsignedError", "check_signature"]


class UnsignedError(Exception):
    """A request lacks the signature of AWS credentials.

    Args:
        message: what the caller gets.
        kind: the value of ``x-amzn-ErrorType``.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def check_signature(headers: Mapping[str, str], query: Mapping[str, str]) -> None:
    """Refuse a request that is not signed in the right form.

    Args:
        headers: by name in any case.
        query: the parameters of the URL.

    Raises:
        UnsignedError: there is no signature, or parts of it are missing.
    """
    if "X-Amz-Signature" in query:
        return
    signature = {name.lower(): value for name, value in headers.items()}.get("authorization")
    if signature is None:
        raise UnsignedError("Missing Authentication Token", "MissingAuthenticationTokenException")
    missing = [part for part in ("Credential", "Signature", "SignedHeaders") if f"{part}=" not in signature]
    if missing or not signature.startswith("AWS4-HMAC-SHA256 "):
        requires = "".join(f"Authorization header requires '{part}' parameter. " for part in missing)
        raise UnsignedError(f"{requires}Authorization={signature}", "IncompleteSignatureException")
