"""The runtime's extension point: how an installed distribution gives applications decorators and names.

A distribution says what it offers in the entry points of its metadata.  In ``chalice.decorators`` the name
is the decorator's and the value leads to an `EventSource`; in ``chalice.exports`` the name is what ``from
chalice import`` gives; in ``chalice.attributes`` the name is an attribute of applications, and the value is
called with the application, once, to make it::

    [project.entry-points."chalice.decorators"]
    on_parcel = "chalice_parcels.events:on_parcel"

    [project.entry-points."chalice.exports"]
    ParcelEvent = "chalice_parcels.events:ParcelEvent"

Two more groups serve tests and never ship into Lambda: ``chalice.samples`` has functions that make events,
for ``Client.events``, and ``chalice.testing`` has attributes of the test client.

A name is looked up when an application first uses it, and only the module behind that name is imported.  A
deployment package answers with its ``_chalice_extensions`` module; without that, `chalice._installed` looks
at what is installed.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from chalice.app import Chalice

DECORATORS = "chalice.decorators"
EXPORTS = "chalice.exports"
ATTRIBUTES = "chalice.attributes"
# For tests and development: these never ship into Lambda.
SAMPLES = "chalice.samples"
TESTING = "chalice.testing"

# Groups that applications use in Lambda, with the name of each in a deployment package's answers.
SHIPPED = {DECORATORS: "DECORATORS", EXPORTS: "EXPORTS", ATTRIBUTES: "ATTRIBUTES"}

# Names of this distribution that few applications use: their modules are loaded with the first of them.
_OWN = {
    "AuthRequest": "chalice.authorization",
    "AuthResponse": "chalice.authorization",
    "AuthRoute": "chalice.authorization",
    "Authorizer": "chalice.authorizers",
    "BuiltinAuthConfig": "chalice.authorizers",
    "ChaliceAuthorizer": "chalice.authorizers",
    "CognitoUserPoolAuthorizer": "chalice.authorizers",
    "ConvertToMiddleware": "chalice.middleware",
    "CustomAuthorizer": "chalice.authorizers",
    "EventHandler": "chalice.extensions",
    "EventSource": "chalice.extensions",
    "IAMAuthorizer": "chalice.authorizers",
    "LambdaFunctionEvent": "chalice.middleware",
}

# What ``from chalice import *`` gives besides what `chalice` defines: what applications are declared with.
_STARRED = (
    "AuthResponse",
    "AuthRoute",
    "Blueprint",
    "CognitoUserPoolAuthorizer",
    "ConvertToMiddleware",
    "Cron",
    "CustomAuthorizer",
    "IAMAuthorizer",
    "Rate",
    "WebsocketDisconnectedError",
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
        name, declared = self.options_of(*args, **options)

        def decorator(function: Callable[[Any], Any]) -> EventHandler:
            handler = self.wrap(function, name)
            self.prepare(handler, declared)
            self.attach(app, handler, declared)
            return handler

        return decorator

    def options_of(self, *args: Any, **options: Any) -> tuple[str | None, dict[str, Any]]:
        """Check what the decorator was given; return the function's name, if given, and the options.

        Raises:
            TypeError: The decorator lacks its parentheses, or an option is a function.
        """
        if len(args) == 1 and not options and callable(args[0]):
            # Before the family says that this is no name of a queue.
            raise TypeError(f"Write @….{self.decorator}(…) with its parentheses above {args[0]!r}.")
        declared = self.options(*args, **options)
        for option, value in declared.items():
            if callable(value):
                raise TypeError(f"The option {option} of @….{self.decorator}(…) cannot be {value!r}.")
        return declared.pop("name", None), declared

    def wrap(self, function: Callable[[Any], Any], name: str | None = None) -> EventHandler:
        """Return what Lambda calls for ``function``; a family whose results need work overrides this.

        Args:
            function: The user's.
            name: Its logical name, by default its own.

        Raises:
            TypeError: It is no function.
        """
        if not callable(function) or not hasattr(function, "__name__"):
            raise TypeError(f"@app.{self.decorator}(…) must decorate a function, not {function!r}.")
        return EventHandler(function, name or function.__name__, self.event, self.source)

    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:
        """Fit a handler to the options of its declaration; a family that has to do so overrides this.

        Called once for each handler that `wrap` returned, before Lambda can call it.
        """

    def attach(self, app: Chalice, handler: EventHandler, options: dict[str, Any]) -> None:
        """Make a handler part of an application; a family that is declared in other ways overrides this.

        Raises:
            ValueError: The handler's name is taken.
        """
        app.register_handler(handler.name, handler)
        app.event_sources.append(EventDeclaration(self, handler, options))
        handler.app = app


class EventHandler:
    """A function under an event decorator: itself the Lambda handler.

    Calling it with Lambda's ``(event, context)`` wraps the event, calls the user's function with it and
    returns what that returns.  Exceptions propagate, for Lambda to retry.

    Attributes:
        func: The user's function.
        name: Its logical name.
        handler_string: Where Lambda finds it, ``app.work``.
        event_class: What wraps the event.
        source: Key of the family, which is the type of its middleware as well.
        app: The application whose middleware runs around the function, once there is one.
        settle: Called with the wrapped event and what the function (or middleware) returned, it returns the
            answer for Lambda; None answers what was returned.
    """

    app: Chalice | None = None

    def __init__(
        self,
        function: Callable[[Any], Any],
        name: str,
        event_class: Callable[[Any, Any], Any],
        source: str,
    ) -> None:
        self.func = function
        self.name = name
        self.handler_string = f"app.{function.__name__}"
        self.event_class = event_class
        self.source = source
        # Here and not in the class: each event asks for it, and this is where Python finds it at once.
        self.settle: Callable[[Any, Any], Any] | None = None
        self.__wrapped__ = function
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__

    def __call__(self, event: Any, context: Any) -> Any:
        """Wrap the event and run the function, with the application's middleware around it."""
        wrapped = self.event_class(event, context)
        app = self.app
        if app is not None and app._middleware:
            # Not "from … import …", which takes 10 k instructions each time, and this 3 k.
            import chalice.middleware

            result = chalice.middleware.apply(app._middleware, self.source, wrapped, self.func)
        else:
            result = self.func(wrapped)
        if hasattr(result, "__await__"):
            import chalice._async

            result = chalice._async.wait_for(result)
        settle = self.settle
        return result if settle is None else settle(wrapped, result)


class EventDeclaration:
    """What an event decorator said.

    Attributes:
        source: Key of the family, ``sqs``.
        decorator: The decorator's name.
        name: Logical name of the function.
        handler_string: Where Lambda finds it.
        options: The decorator's options as JSON values, defaults filled in; each is an attribute as well.
    """

    __slots__ = ("decorator", "handler_string", "name", "options", "source")

    def __init__(self, source: EventSource, handler: EventHandler, options: dict[str, Any]) -> None:
        self.source = source.source
        self.decorator = source.decorator
        self.name = handler.name
        self.handler_string = handler.handler_string
        self.options = options

    @property
    def function_name(self) -> str:
        """What the tools call the function: in the configuration, in logs, as a part of its name in Lambda.

        That is its logical name, unless a family calls its functions by what they do.
        """
        return self.name

    def __getattr__(self, name: str) -> Any:
        """Return an option."""
        if name not in EventDeclaration.__slots__ and name in self.options:
            return self.options[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


class Catalog:
    """The names that installed distributions offer, and those that were used.

    Attributes:
        used: Group, then name, to the value of each name that was looked up and found; the groups are those
            that ship into Lambda.
    """

    def __init__(self) -> None:
        self.used: dict[str, dict[str, str]] = {group: {} for group in SHIPPED}
        self._offers: dict[str, dict[str, list[tuple[str, str]]]] | None = None
        self._path: list[str] = []

    def value(self, group: str, name: str) -> str | None:
        """Return ``module:NAME`` of a name, or None when nobody offers it.

        Raises:
            DuplicateExtensionError: Two distributions offer it.
        """
        if group not in SHIPPED:
            return self._installed(group, name)
        frozen = frozen_answers(group)
        value = frozen.get(name) if frozen is not None else self._installed(group, name)
        if value is not None:
            self.used[group][name] = value
        return value

    def offered(self, group: str) -> dict[str, list[tuple[str, str]]]:
        """Return the names that installed distributions offer in a group, each with its offers.

        An offer is the value and the name of the distribution.
        """
        if self._offers is None or self._path != sys.path:
            from chalice._installed import read_entry_points

            self._path = list(sys.path)
            self._offers = read_entry_points(self._path)
        return self._offers[group]

    def _installed(self, group: str, name: str) -> str | None:
        offers = self.offered(group).get(name, [])
        if len(offers) > 1:
            raise DuplicateExtensionError(name, [distribution for _, distribution in offers])
        return offers[0][0] if offers else None


catalog = Catalog()


def find(group: str, name: str) -> Any:
    """Return what an installed distribution offers under a name of a group, or None when nobody does.

    Raises:
        DuplicateExtensionError: Two distributions offer it.
        BrokenExtensionError: What the distribution announces is not there.
    """
    value = catalog.value(group, name)
    return None if value is None else _load(name, value)


def find_decorator(name: str) -> EventSource:
    """Return the event source behind ``app.NAME``.

    Raises:
        AttributeError: Nobody offers it; says what to install, where that is known.
        DuplicateExtensionError: Two distributions offer it.
        BrokenExtensionError: What the distribution announces is not there, or is no `EventSource`.
    """
    source = _event_source(name)
    if source is None:
        raise AttributeError(missing(name) or f"'Chalice' object has no attribute {name!r}")
    return source


def member(app: Chalice, name: str) -> Any:
    """Return what ``app.NAME`` is for a name that the runtime does not define.

    Raises:
        AttributeError: Nobody offers it; says what to install, where that is known.
        DuplicateExtensionError: Two distributions offer it.
        BrokenExtensionError: What the distribution announces is not there, or is no `EventSource`.
    """
    source = _event_source(name)
    if source is not None:
        return _decorator(app, name, source)
    make = find(ATTRIBUTES, name)
    if make is None:
        raise AttributeError(missing(name) or f"{type(app).__name__!r} object has no attribute {name!r}")
    value = app.__dict__[name] = make(app)
    return value


def members() -> list[str]:
    """Return the names that `member` knows."""
    names: list[str] = []
    for group in (DECORATORS, ATTRIBUTES):
        frozen = frozen_answers(group)
        names += catalog.offered(group) if frozen is None else frozen
    return names


def _decorator(
    app: Chalice, name: str, source: EventSource
) -> Callable[..., Callable[[Callable[[Any], Any]], EventHandler]]:
    def decorator(*args: Any, **options: Any) -> Callable[[Callable[[Any], Any]], EventHandler]:
        return source.declare_on(app, *args, **options)

    decorator.__name__ = decorator.__qualname__ = name
    decorator.__doc__ = source.__doc__
    # For help() and whoever else asks for the signature.
    decorator.__wrapped__ = source.options  # type: ignore[attr-defined]
    return decorator


def _event_source(name: str) -> EventSource | None:
    value = catalog.value(DECORATORS, name)
    if value is None:
        return None
    source = _load(name, value)
    if not isinstance(source, EventSource):
        raise BrokenExtensionError(name, value, f"it is {source!r}, not a chalice.EventSource.")
    return source


def find_export(name: str, module: str) -> Any:
    """Return what ``from chalice import NAME`` gives for a name that `chalice.app` does not define itself.

    Raises:
        AttributeError: Nobody knows the name.
        ImportError: The name is known, and its distribution is not installed.  ``from … import`` replaces
            the message of an AttributeError, so that only this one reaches the user.
        DuplicateExtensionError: Two distributions offer it.
        BrokenExtensionError: What the distribution announces is not there.
    """
    if name in _OWN:
        from importlib import import_module

        return getattr(import_module(_OWN[name]), name)
    value = catalog.value(EXPORTS, name)
    if value is not None:
        return _load(name, value)
    advice = missing(name)
    if advice is not None:
        raise ImportError(advice, name=module)
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def starred(defined: Iterable[str]) -> list[str]:
    """Return what ``from chalice import *`` gives: what `chalice` defines, and of the rest what is installed.

    All of it is then imported, and part of the deployment package: an application that names what it imports
    starts faster.
    """
    return [
        *defined,
        *(name for name in _STARRED if name in _OWN or catalog.value(EXPORTS, name) is not None),
    ]


def missing(name: str) -> str | None:
    """Say how to get a name that was not found where it was looked for; None when nobody knows it."""
    from chalice._installed import advice

    return advice(name)


def _load(name: str, value: str) -> Any:
    module_name, _, attribute = value.partition(":")
    from importlib import import_module

    module = import_module(module_name)
    try:
        return getattr(module, attribute)
    except AttributeError as error:
        raise BrokenExtensionError(name, value, f"{module_name!r} has no {attribute!r}.") from error


def frozen_answers(group: str) -> Mapping[str, str] | None:
    """Return the answers that the deployment package holds, or None when this is no such package."""
    try:
        import _chalice_extensions as frozen  # type: ignore[import-not-found]
    except ModuleNotFoundError as error:
        if error.name != "_chalice_extensions":
            raise
        return None
    answers: dict[str, str] = getattr(frozen, SHIPPED[group], {})
    return answers
