"""How a distribution adds a decorator to `Chalice`, and a name to ``from chalice import …``.

A distribution writes two kinds of entry points.  In the group ``chalice.decorators`` the name is the
decorator's and the value leads to an `EventSource`; in ``chalice.exports`` the name is what ``from chalice
import`` gives::

    [project.entry-points."chalice.decorators"]
    on_parcel = "chalice_parcels.events:on_parcel"

    [project.entry-points."chalice.exports"]
    ParcelEvent = "chalice_parcels.events:ParcelEvent"

A name is looked up when an application first uses it, and only the module behind that name is imported.  A
deployment package answers with its ``_chalice_extensions`` module.  Without that, the ``entry_points.txt``
files along ``sys.path`` are read here: `importlib.metadata` alone would cost as much as the rest of a cold
start.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from chalice.app import Chalice

DECORATORS = "chalice.decorators"
EXPORTS = "chalice.exports"

# What the distributions of this project provide, for the error of those who have not installed them.  Only
# such as there are: advice to install another would install whatever a stranger publishes under its name.
FIRST_PARTY = {"chalice-sqs": ("on_sqs_message", "SQSEvent", "SQSRecord")}

# Names that existing applications use and that nothing of this version provides.
_NOT_YET = (
    "AuthRequest",
    "AuthResponse",
    "AuthRoute",
    "Blueprint",
    "CloudWatchEvent",
    "CognitoUserPoolAuthorizer",
    "ConvertToMiddleware",
    "Cron",
    "CustomAuthorizer",
    "DynamoDBEvent",
    "DynamoDBRecord",
    "IAMAuthorizer",
    "KinesisEvent",
    "KinesisRecord",
    "LambdaFunctionEvent",
    "Rate",
    "S3Event",
    "SNSEvent",
    "WebsocketAPI",
    "WebsocketDisconnectedError",
    "WebsocketEvent",
    "authorizer",
    "middleware",
    "on_cw_event",
    "on_dynamodb_record",
    "on_kinesis_record",
    "on_s3_event",
    "on_sns_message",
    "on_ws_connect",
    "on_ws_disconnect",
    "on_ws_message",
    "register_blueprint",
    "register_middleware",
    "schedule",
    "websocket_api",
)


class DuplicateExtensionError(Exception):
    """Two installed distributions offer the same name.

    Args:
        name: The decorator's or export's name.
        distributions: The names of both.
    """

    def __init__(self, name: str, distributions: list[str]) -> None:
        super().__init__(
            f"{' and '.join(map(repr, distributions))} both provide {name!r}: uninstall one of them."
        )
        self.name = name
        self.distributions = distributions


class BrokenExtensionError(Exception):
    """An installed distribution announces a name that its code does not deliver.

    Args:
        name: The decorator's or export's name.
        value: Where it should be, ``module:NAME``.
        reason: What is wrong there.
    """

    def __init__(self, name: str, value: str, reason: str) -> None:
        super().__init__(f"The extension {name!r} at {value!r} cannot be used: {reason}")
        self.name = name
        self.value = value


class EventSource:
    """An event family as the runtime knows it: one decorator, and what becomes of the functions under it.

    Args:
        options: Takes what the decorator takes and returns the options as JSON values, defaults filled in.
            Its name is the decorator's name, its signature the decorator's signature, its docstring the
            decorator's docstring; it raises TypeError or ValueError for what cannot be.  One parameter is
            ``name``: the framework takes ``name`` out of what is returned, and calls the function so.
        source: Key of the family in the application's manifest, such as ``sqs``.
        event: Called as ``event(event_dict, context)``; the result is the one argument of the user's
            function.

    Example::

        @EventSource.of(source="parcels", event=ParcelEvent)
        def on_parcel(carrier, name=None):
            if not carrier:
                raise ValueError("on_parcel needs a carrier.")
            return {"carrier": carrier, "name": name}
    """

    def __init__(
        self,
        options: Callable[..., dict[str, Any]],
        *,
        source: str,
        event: Callable[[Any, Any], Any],
    ) -> None:
        self.options = options
        self.decorator = options.__name__
        self.source = source
        self.event = event
        self.__doc__ = options.__doc__

    @classmethod
    def of(
        cls, *, source: str, event: Callable[[Any, Any], Any]
    ) -> Callable[[Callable[..., dict[str, Any]]], EventSource]:
        """Make an `EventSource` of the decorated options function."""

        def decorator(options: Callable[..., dict[str, Any]]) -> EventSource:
            return cls(options, source=source, event=event)

        return decorator

    def declare_on(
        self, app: Chalice, *args: Any, **options: Any
    ) -> Callable[[Callable[[Any], Any]], EventHandler]:
        """Apply the decorator to an application; options are checked at once, not when the function follows.

        Returns:
            A decorator that turns the user's function into an `EventHandler`.

        Raises:
            TypeError: An option is unknown.
            ValueError: An option has a value that cannot be, or the function's name is taken.
        """
        declared = self.options(*args, **options)
        name = declared.pop("name", None)

        def decorator(function: Callable[[Any], Any]) -> EventHandler:
            if not callable(function) or not hasattr(function, "__name__"):
                raise TypeError(f"@app.{self.decorator}(…) must decorate a function, not {function!r}.")
            handler = self.wrap(function, name or function.__name__)
            app.register_handler(handler.name, handler)
            app.event_sources.append(EventDeclaration(self, handler, declared))
            return handler

        return decorator

    def wrap(self, function: Callable[[Any], Any], name: str) -> EventHandler:
        """Return what Lambda calls for ``function``; a family whose results need work overrides this."""
        return EventHandler(function, name, self.event)


class EventHandler:
    """A function under an event decorator: itself the Lambda handler.

    Calling it with Lambda's ``(event, context)`` wraps the event, calls the user's function with it and
    returns what that returns.  Exceptions propagate, for Lambda to retry.

    Attributes:
        func: The user's function.
        name: Its logical name.
        handler_string: Where Lambda finds it, ``app.work``.
        event_class: What wraps the event.
    """

    def __init__(
        self, function: Callable[[Any], Any], name: str, event_class: Callable[[Any, Any], Any]
    ) -> None:
        self.func = function
        self.name = name
        self.handler_string = f"app.{function.__name__}"
        self.event_class = event_class
        self.__wrapped__ = function
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__

    def __call__(self, event: Any, context: Any) -> Any:
        """Wrap the event and run the function."""
        result = self.func(self.event_class(event, context))
        if hasattr(result, "__await__"):
            from chalice._async import wait_for

            return wait_for(result)
        return result


class EventDeclaration:
    """What an event decorator said.

    Attributes:
        source: Key of the family, ``sqs``.
        decorator: The decorator's name.
        name: Logical name of the function.
        handler_string: Where Lambda finds it.
        options: The decorator's options as JSON values, defaults filled in.
    """

    __slots__ = ("decorator", "handler_string", "name", "options", "source")

    def __init__(self, source: EventSource, handler: EventHandler, options: dict[str, Any]) -> None:
        self.source = source.source
        self.decorator = source.decorator
        self.name = handler.name
        self.handler_string = handler.handler_string
        self.options = options


class Catalog:
    """The names that installed distributions offer, and those that were used.

    Attributes:
        used: Group, then name, to the value of each name that was looked up and found.
    """

    def __init__(self) -> None:
        self.used: dict[str, dict[str, str]] = {DECORATORS: {}, EXPORTS: {}}
        self._offers: dict[str, dict[str, list[tuple[str, str]]]] | None = None
        self._path: list[str] = []

    def value(self, group: str, name: str) -> str | None:
        """Return ``module:NAME`` of a name, or None when nobody offers it.

        Raises:
            DuplicateExtensionError: Two distributions offer it.
        """
        frozen = _frozen(group)
        value = frozen.get(name) if frozen is not None else self._installed(group, name)
        if value is not None:
            self.used[group][name] = value
        return value

    def offered(self, group: str) -> dict[str, list[tuple[str, str]]]:
        """Return the names that installed distributions offer in a group, each with its offers.

        An offer is the value and the name of the distribution.
        """
        if self._offers is None or self._path != sys.path:
            self._path = list(sys.path)
            self._offers = _read_installed(self._path)
        return self._offers[group]

    def _installed(self, group: str, name: str) -> str | None:
        offers = self.offered(group).get(name, [])
        if len(offers) > 1:
            raise DuplicateExtensionError(name, [distribution for _, distribution in offers])
        return offers[0][0] if offers else None


catalog = Catalog()


def find_decorator(name: str) -> EventSource:
    """Return the event source behind ``app.NAME``.

    Raises:
        AttributeError: Nobody offers it; says what to install, where that is known.
        DuplicateExtensionError: Two distributions offer it.
        BrokenExtensionError: What the distribution announces is not there, or is no `EventSource`.
    """
    value = catalog.value(DECORATORS, name)
    if value is None:
        raise AttributeError(_missing(name) or f"'Chalice' object has no attribute {name!r}")
    source = _load(name, value)
    if not isinstance(source, EventSource):
        raise BrokenExtensionError(name, value, f"it is {source!r}, not a chalice.EventSource.")
    return source


def find_export(name: str, module: str) -> Any:
    """Return what ``from chalice import NAME`` gives for a name that the runtime does not define.

    Raises:
        AttributeError: Nobody knows the name.
        ImportError: The name is known, and its distribution is not installed or does not exist yet.
            ``from … import`` replaces the message of an AttributeError, so that only this one reaches
            the user.
        DuplicateExtensionError: Two distributions offer it.
        BrokenExtensionError: What the distribution announces is not there.
    """
    if name == "EventSource":
        return EventSource
    value = catalog.value(EXPORTS, name)
    if value is not None:
        return _load(name, value)
    missing = _missing(name)
    if missing is not None:
        raise ImportError(missing, name=module)
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def _missing(name: str) -> str | None:
    for distribution, names in FIRST_PARTY.items():
        if name in names:
            if _frozen(DECORATORS) is not None:
                return (
                    f"{name!r} is provided by {distribution}, and this deployment package does not hold it, "
                    "because the application's sources do not mention it outside of text."
                )
            return (
                f"{name!r} is provided by {distribution}, which is not installed: pip install {distribution}"
            )
    if name in _NOT_YET:
        return f"{name!r} is not supported by this version of Chalice, and nothing installed provides it."
    return None


def _load(name: str, value: str) -> Any:
    module_name, _, attribute = value.partition(":")
    from importlib import import_module

    module = import_module(module_name)
    try:
        return getattr(module, attribute)
    except AttributeError as error:
        raise BrokenExtensionError(name, value, f"{module_name!r} has no {attribute!r}.") from error


def _frozen(group: str) -> Mapping[str, str] | None:
    """Return the answers that the deployment package holds, or None when this is no such package."""
    try:
        import _chalice_extensions as frozen  # type: ignore[import-not-found]
    except ModuleNotFoundError as error:
        if error.name != "_chalice_extensions":
            raise
        return None
    answers: dict[str, str] = frozen.DECORATORS if group == DECORATORS else frozen.EXPORTS
    return answers


def _read_installed(path: list[str]) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Read the entry points of every distribution along ``path``.

    Of one distribution in several folders the first counts, as it does for imports.

    See https://packaging.python.org/en/latest/specifications/entry-points/
    """
    offers: dict[str, dict[str, list[tuple[str, str]]]] = {DECORATORS: {}, EXPORTS: {}}
    seen = set()
    for folder in path:
        try:
            # Not pathlib: it is slow, and this runs in Lambda when another tool made the package.
            names = sorted(os.listdir(folder or "."))  # noqa: PTH208
        except OSError:
            # sys.path may name zip files and folders that do not exist.
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            distribution = name.rpartition(".")[0].partition("-")[0].replace("_", "-").lower()
            if distribution in seen:
                continue
            seen.add(distribution)
            try:
                file = os.path.join(folder, name, "entry_points.txt")  # noqa: PTH118
                with open(file, encoding="utf-8") as stream:  # noqa: PTH123
                    text = stream.read()
            except OSError:
                continue
            _read_entry_points(text, distribution, offers)
    return offers


def _read_entry_points(
    text: str, distribution: str, offers: dict[str, dict[str, list[tuple[str, str]]]]
) -> None:
    group = None
    for line in text.splitlines():
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            group = offers.get(line[1:-1].strip())
        elif group is not None:
            name, _, value = line.partition("=")
            # An entry may end with extras in brackets, which say nothing about the object.
            value = value.partition("[")[0].replace(" ", "")
            group.setdefault(name.strip(), []).append((value, distribution))
