"""Names that only Terraform can fill in: references to what other files of a configuration declare."""

from __future__ import annotations

import re

from chalice_core.errors import ToolError

# "References to Named Values", Terraform Language documentation; whole values only.
_REFERENCE = re.compile(r"\$\{(?:data\.|var\.|local\.|module\.|aws_|awscc_)[^{}\s]+\}", re.ASCII)


class TerraformReferenceError(ToolError):
    """A target other than Terraform got a name that refers to what a Terraform file declares."""

    code = "terraform-reference"

    def __init__(self, *, resource: str, value: str, target: str) -> None:
        super().__init__(
            what=f"The resource {resource!r} names {value!r}.",
            why=f"That refers to what a Terraform file declares, and the target {target!r} reads none.",
            fix="Write the name itself, or package the application with --pkg-format terraform.",
        )
        self.resource, self.value, self.target = resource, value, target


def refuse_reference(value: str, *, resource: str, target: str) -> str:
    """Return a name, unless only Terraform could say what it is.

    Args:
        value: the name.
        resource: whose it is, for the message.
        target: which cannot resolve it.

    Raises:
        TerraformReferenceError: it is a reference.
    """
    if _REFERENCE.fullmatch(value):
        raise TerraformReferenceError(resource=resource, value=value, target=target)
    return value
