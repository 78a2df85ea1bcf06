"""How values that are known only after deployment are spelled in a template.

Source: "Intrinsic function reference", AWS CloudFormation Template Reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice_core.values import Output, Pseudo, Text

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that CloudFormation knows of a resource.

    Args:
        logical_id: of the resource.
        attribute: what ``Fn::GetAtt`` asks for; None for what ``Ref`` gives.
    """

    logical_id: str
    attribute: str | None = None

    def intrinsic(self) -> dict[str, Any]:
        """Return it as a value of its own."""
        if self.attribute is None:
            return {"Ref": self.logical_id}
        return {"Fn::GetAtt": [self.logical_id, self.attribute]}

    def placeholder(self) -> str:
        """Return it as it stands in the text of a ``Fn::Sub``."""
        return "${" + ".".join(filter(None, (self.logical_id, self.attribute))) + "}"


def spell(tree: object, refer: Callable[[Output], Reference]) -> Any:
    """Return ``tree`` as JSON, with every value in its shortest spelling.

    Args:
        tree: values, in mappings and sequences to any depth.
        refer: how an output is referred to.
    """
    if isinstance(tree, Text):
        return _spell_text(tree, refer)
    if isinstance(tree, (Output, Pseudo)):
        return _reference(tree, refer).intrinsic()
    if isinstance(tree, Mapping):
        return {key: spell(value, refer) for key, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, (str, bytes)):
        return [spell(item, refer) for item in tree]
    return tree


def _spell_text(text: Text, refer: Callable[[Output], Reference]) -> Any:
    if all(isinstance(part, str) for part in text.parts):
        return "".join(str(part) for part in text.parts)
    if len(text.parts) == 1:
        return spell(text.parts[0], refer)
    return {
        "Fn::Sub": "".join(
            # Literal text that looks like a placeholder is marked with "!", which CloudFormation removes.
            part.replace("${", "${!") if isinstance(part, str) else _reference(part, refer).placeholder()
            for part in text.parts
        )
    }


def _reference(value: Output | Pseudo, refer: Callable[[Output], Reference]) -> Reference:
    return Reference(value.value) if isinstance(value, Pseudo) else refer(value)
