"""What a person may say about a sample event that is to be made.

Each family says once which arguments its samples take
(`chalice_core.hookspecs.chalice_sample_event`), and gets back those that are
there and right.

Example::

    _ARGUMENTS = SampleArguments(
        event="SQS event",
        takes={"bodies": TEXTS, "queue_name": NAME},
        required=("bodies",),
        fix='Give {"bodies": ["one"]}, and "queue_name" for another queue.',
    )
    given = _ARGUMENTS.read(arguments)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalice_core.errors import ToolError

__all__ = [
    "NAME",
    "OBJECT",
    "TEXT",
    "TEXTS",
    "ArgumentType",
    "SampleArgumentError",
    "SampleArguments",
    "list_of",
]


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none.

    Args:
        event: what was to be made, ``SQS event``.
        problem: what is wrong with the arguments, the end of a sentence.
        fix: what to give instead, a sentence.
    """

    code = "sample-argument"

    def __init__(self, *, event: str, problem: str, fix: str) -> None:
        super().__init__(what=f"No sample {event} can be made: {problem}", fix=fix)
        self.event, self.problem = event, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentType:
    """What an argument may be.

    Args:
        words: how it is called in a sentence, ``a text``.
        accepts: whether a value is one.
    """

    words: str
    accepts: Callable[[object], bool]


def list_of(items: str, *types: type) -> ArgumentType:
    """Return the type of lists whose items are of certain types.

    Args:
        items: how these are called, ``texts``.
        types: what each of them has to be, one of these.
    """
    return ArgumentType(
        words=f"a list of {items}",
        accepts=lambda value: (
            isinstance(value, (list, tuple)) and all(isinstance(item, types) for item in value)
        ),
    )


TEXT = ArgumentType(words="a text", accepts=lambda value: isinstance(value, str))
"""Any text, also an empty one."""

NAME = ArgumentType(words="a text", accepts=lambda value: isinstance(value, str) and value != "")
"""A text that is not empty."""

OBJECT = ArgumentType(words="an object", accepts=lambda value: isinstance(value, dict))
"""A JSON object."""

TEXTS = list_of("texts", str)
"""Any number of texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArguments:
    """The arguments that the samples of a declaration take.

    Args:
        event: what they make, ``SQS event``.
        takes: the arguments by name.
        required: those that have to be there.
        fix: a sentence that shows right ones.
    """

    event: str
    takes: Mapping[str, ArgumentType]
    required: tuple[str, ...] = ()
    fix: str

    def read(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments that a person gave.

        Raises:
            SampleArgumentError: one is unknown, missing, or of the wrong type.
        """
        unknown = sorted(name for name in arguments if name not in self.takes)
        if unknown:
            raise self.refusal(f"it has no argument {', '.join(map(repr, unknown))}.")
        for name in dict.fromkeys((*self.required, *arguments)):
            value = arguments.get(name)
            if not self.takes[name].accepts(value):
                raise self.refusal(f"{name!r} must be {self.takes[name].words}, not {value!r}.")
        return dict(arguments)

    def refusal(self, problem: str) -> SampleArgumentError:
        """Return the error for arguments that are of the right types and make no event all the same.

        Args:
            problem: what is wrong with them, the end of a sentence.
        """
        return SampleArgumentError(event=self.event, problem=problem, fix=self.fix)
