"""`Blueprint`: declarations that wait for their application.

A module of an application that cannot import ``app``, because ``app`` imports it, declares on a blueprint.
The blueprint keeps each declaration as a function of the application and the prefixes, and
``app.register_blueprint(…)`` calls them all.  What can be checked without the application is checked where
it is written.

Lambda imports the module that a handler string names, ``chalicelib.users``, and never ``app``.  A function
there that is called while its blueprint waits imports ``app`` first; see `_Waiting`.
"""

from __future__ import annotations

from chalice.app import Chalice
from chalice.extensions import ATTRIBUTES, catalog, find_decorator, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn, TypeVar

    from chalice._signatures import FirstPartyDecorators, FunctionDecorator
    from chalice.app import (
        Authorizer,
        AuthRequest,
        ChaliceAuthorizer,
        CORSConfig,
        EventHandler,
        LambdaFunction,
        Request,
    )

    View = TypeVar("View", bound=Callable[..., Any])
    Middleware = TypeVar("Middleware", bound=Callable[[Any, Callable[[Any], Any]], Any])

    # Called with a registration; declares on its application.
    Declaration = Callable[["_Registration"], None]
else:
    FirstPartyDecorators = object

__all__ = ["Blueprint", "register_blueprint"]

# Never called, and nothing is declared on it: it checks options that need no application of one's own.
_CHECKER = Chalice("blueprint", configure_logs=False, env={})


class Blueprint(FirstPartyDecorators):
    """A part of an application.

    It has every decorator of `Chalice`, those of installed distributions included.

    Args:
        import_name: The module's name, ``__name__``: where Lambda finds the functions declared here.

    Example::

        users = Blueprint(__name__)

        @users.route("/{name}")
        def user(name):
            users.log.info("%s asks for %s", users.current_request.context["identity"], name)
            return {"name": name}

    and in ``app.py``: ``app.register_blueprint(users, url_prefix="/users")``.
    """

    def __init__(self, import_name: str) -> None:
        if not isinstance(import_name, str):
            raise TypeError(
                f"Blueprint(import_name) is a module's name such as __name__, not {import_name!r}."
            )
        self._import_name = import_name
        self._declarations: list[Declaration] = []
        self._registrations: list[_Registration] = []
        self._waiting = _Waiting(self)

    @property
    def current_app(self) -> Chalice:
        """The application that the blueprint is part of; of several, that which took it last.

        Raises:
            RuntimeError: There is none yet, as for the other attributes that belong to the application.
        """
        return self._app("current_app")

    @property
    def current_request(self) -> Request:
        """The application's `current_request`; None before the first, which no view ever sees."""
        return self._app("current_request").current_request  # type: ignore[return-value]

    @property
    def lambda_context(self) -> Any:
        """The application's `lambda_context`."""
        return self._app("lambda_context").lambda_context

    @property
    def log(self) -> logging.Logger:
        """The application's logger."""
        return self._app("log").log

    def _app(self, attribute: str) -> Chalice:
        if not self._registrations:
            raise RuntimeError(f"Can only access Blueprint.{attribute} if it's registered to an app.")
        return self._registrations[-1].app

    def __getattr__(self, name: str) -> Any:
        """Find a decorator that an installed distribution offers, or an attribute of the application.

        Raises:
            AttributeError: Nobody offers it; says what to install when a first-party distribution would.
            RuntimeError: It is an attribute of applications, and the blueprint is part of none yet.
        """
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if catalog.value(ATTRIBUTES, name) is not None:
            return getattr(self._app(name), name)
        try:
            source = find_decorator(name)
        except AttributeError as error:
            advice = missing(name) or f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(advice) from error

        def decorator(*args: Any, **options: Any) -> Callable[[Callable[[Any], Any]], EventHandler]:
            chosen, declared = source.options_of(*args, **options)

            def declare(function: Callable[[Any], Any]) -> EventHandler:
                kept = source.wrap(function, chosen)
                source.prepare(kept, declared)
                self._own(kept)
                plain = kept.name

                def declaration(to: _Registration) -> None:
                    handler = source.wrap(function, to.name(plain))
                    handler.handler_string = kept.handler_string
                    source.prepare(handler, declared)
                    source.attach(to.app, handler, dict(declared))
                    kept.app, kept.name = to.app, handler.name

                self._declare(declaration)
                return kept

            return declare

        decorator.__name__ = decorator.__qualname__ = name
        decorator.__doc__ = source.__doc__
        decorator.__wrapped__ = source.options  # type: ignore[attr-defined] # For help().
        return decorator

    def route(
        self,
        path: str,
        *,
        methods: Iterable[str] = ("GET",),
        name: str | None = None,
        authorizer: Authorizer | ChaliceAuthorizer | None = None,
        content_types: list[str] | None = None,
        api_key_required: bool | None = None,
        cors: bool | CORSConfig | None = None,
        **unknown: NoReturn,
    ) -> Callable[[View], View]:
        """Let the decorated function answer requests to ``path``; as `Chalice.route`.

        ``cors=None`` takes ``app.api.cors`` as it is when the blueprint is registered.

        Raises:
            TypeError: An option is unknown, or not of its type.
            ValueError: A method or the content types cannot be.
        """
        methods = methods if isinstance(methods, str) else list(methods)
        options: dict[str, Any] = {
            "methods": methods,
            "content_types": content_types,
            "api_key_required": api_key_required,
            "cors": cors,
        }
        _CHECKER.route(path, authorizer=authorizer, **options, **unknown)

        def decorator(view: View) -> View:
            plain: str = name or view.__name__

            def declaration(to: _Registration) -> None:
                guard = to.authorizer(authorizer)
                to.app.route(to.path(path), name=to.name(plain), authorizer=guard, **options)(view)

            self._declare(declaration)
            return view

        return decorator

    def lambda_function(self, name: str | None = None) -> FunctionDecorator:
        """Deploy the decorated function as a Lambda function of its own; as `Chalice.lambda_function`."""
        if callable(name):
            raise TypeError("Write the decorator @….lambda_function() with its parentheses.")

        def decorator(function: Callable[..., Any]) -> Any:
            if not callable(function) or not hasattr(function, "__name__"):
                raise TypeError(f"@….lambda_function(…) must decorate a function, not {function!r}.")
            from chalice.app import LambdaFunction

            kept = LambdaFunction(function, name or function.__name__, "")
            self._own(kept)
            plain = kept.name

            def declaration(to: _Registration) -> None:
                handler: LambdaFunction = to.app.lambda_function(name=to.name(plain))(function)
                handler.handler_string = kept.handler_string
                kept.app, kept.name = to.app, handler.name

            self._declare(declaration)
            return kept

        return decorator

    def authorizer(
        self,
        ttl_seconds: int | None = None,
        execution_role: str | None = None,
        name: str | None = None,
        header: str | None = "Authorization",
    ) -> Callable[[Callable[[AuthRequest], Any]], ChaliceAuthorizer]:
        """Let the decorated function say what a caller may do; as `Chalice.authorizer`."""
        from chalice.authorizers import declaring

        def keep(kept: ChaliceAuthorizer) -> None:
            plain, function = kept.name, kept.func

            def with_application(request: AuthRequest) -> Any:
                self._waiting.resolve()
                return function(request)

            # Authorizers have no middleware, so that nothing else of them asks for the application.
            kept.func = with_application

            def declaration(to: _Registration) -> None:
                to.add_authorizer(kept, to.name(plain))

            self._declare(declaration)

        return declaring(keep, self._import_name, ttl_seconds, execution_role, name, header)

    def register_middleware(
        self, func: Callable[[Any, Callable[[Any], Any]], Any], event_type: str = "all"
    ) -> None:
        """Run ``func`` around the functions of the whole application; as `Chalice.register_middleware`.

        An application gets it once, however often it registers the blueprint.

        Raises:
            TypeError: ``func`` cannot be called.
            ValueError: Nothing has this event type.
        """
        from chalice.middleware import checked_event_type

        if not callable(func):
            raise TypeError(f"Middleware must be a function of an event and get_response, not {func!r}.")
        checked_event_type(event_type, _CHECKER)

        def declaration(to: _Registration) -> None:
            if to.first:
                to.app.register_middleware(func, event_type)

        self._declare(declaration)

    def middleware(self, event_type: str = "all") -> Callable[[Middleware], Middleware]:
        """Run the decorated function around those of the whole application; as `Chalice.middleware`."""
        from chalice.middleware import checked_event_type

        checked_event_type(event_type, _CHECKER)

        def decorator(func: Middleware) -> Middleware:
            self.register_middleware(func, event_type)
            return func

        return decorator

    def register_blueprint(
        self, blueprint: Blueprint, name_prefix: str | None = None, url_prefix: str | None = None
    ) -> None:
        """Make another blueprint part of this one; its prefixes follow this one's.

        Raises:
            TypeError: It is no blueprint.
        """
        _checked(blueprint)

        def declaration(to: _Registration) -> None:
            blueprint._register(_Registration(to.app, blueprint, name_prefix, url_prefix, to))

        self._declare(declaration)

    def register(self, app: Chalice, name_prefix: str | None = None, url_prefix: str | None = None) -> None:
        """Declare on an application what was declared here; ``app.register_blueprint(…)`` calls this.

        What is declared here later follows at once, so that nothing is lost when modules import one another
        in a circle.

        Args:
            app: The application.
            name_prefix: Goes in front of the names of views, functions and authorizers.
            url_prefix: Goes in front of paths.

        Raises:
            ValueError: The application has a view, a function or a handler of the kind already, or the
                blueprint is part of itself.
        """
        self._register(_Registration(app, self, name_prefix, url_prefix))

    def _register(self, registration: _Registration) -> None:
        registration.first = all(one.app is not registration.app for one in self._registrations)
        for declaration in self._declarations:
            declaration(registration)
        self._registrations.append(registration)

    def _declare(self, declaration: Declaration) -> None:
        self._declarations.append(declaration)
        for registration in self._registrations:
            declaration(registration)

    def _own(self, handler: EventHandler | LambdaFunction) -> None:
        """Prepare what stands in the module: Lambda finds it there, and it may wait for its application."""
        handler.handler_string = f"{self._import_name}.{handler.__name__}"
        handler.app = self._waiting  # type: ignore[assignment] # It stands in for an application.


class _Registration:
    """A blueprint in an application, with its prefixes.

    Attributes:
        app: The application.
        first: Whether the blueprint was not in this application before.
    """

    __slots__ = ("_authorizers", "_blueprint", "_names", "_paths", "_within", "app", "first")

    def __init__(
        self,
        app: Chalice,
        blueprint: Blueprint,
        name_prefix: str | None,
        url_prefix: str | None,
        within: _Registration | None = None,
    ) -> None:
        for option, prefix in (("name_prefix", name_prefix), ("url_prefix", url_prefix)):
            if prefix is not None and not isinstance(prefix, str):
                raise TypeError(f"register_blueprint: {option} must be a string, not {prefix!r}.")
        self.app = app
        self.first = True
        self._blueprint = blueprint
        self._names = name_prefix or ""
        self._paths = url_prefix
        self._within = within
        self._authorizers: dict[ChaliceAuthorizer, str] = {}
        while within is not None:
            if within._blueprint is blueprint:
                raise ValueError(f"The blueprint {blueprint._import_name!r} is registered on itself.")
            within = within._within

    def name(self, plain: str) -> str:
        """Return a name with the prefix."""
        name = self._names + plain
        return name if self._within is None else self._within.name(name)

    def path(self, path: str) -> str:
        """Return a path with the prefix; a prefix takes the slash at a path's end away."""
        if self._paths is not None:
            path = f"{self._paths.rstrip('/')}/{path.strip('/')}".rstrip("/") or "/"
        return path if self._within is None else self._within.path(path)

    def add_authorizer(self, kept: ChaliceAuthorizer, name: str) -> None:
        """Make an authorizer known to the application under a name."""
        handler = kept.renamed(name, kept.handler_string)
        handler.attach(self.app)
        self._authorizers[kept] = _authorizers_of(self.app)[kept] = name
        # Routes of other modules are declared with what stands in this one.  Some are already, under a name
        # that the application does not have.
        kept.name = kept.config.name = name
        for methods in self.app.routes.values():
            for entry in methods.values():
                known = entry.authorizer
                if getattr(known, "origin", None) is not kept:
                    continue
                if getattr(self.app.handler_map.get(known.name), "origin", None) is not kept:
                    entry.authorizer = known.renamed(name, kept.handler_string)

    def authorizer(self, authorizer: Any) -> Any:
        """Return a route's authorizer under the name that it has in the application."""
        origin = getattr(authorizer, "origin", None)
        if origin is None:
            return authorizer
        name = self._authorizers.get(origin) or _authorizers_of(self.app).get(origin)
        return authorizer if name is None else authorizer.renamed(name, authorizer.handler_string)


def _authorizers_of(app: Chalice) -> dict[ChaliceAuthorizer, str]:
    """Return the authorizers that blueprints brought to an application, with their names."""
    names: dict[ChaliceAuthorizer, str] = app.__dict__.setdefault("_blueprint_authorizers", {})
    return names


class _Waiting:
    """Stands in for the application of a function whose blueprint is not registered.

    A handler asks its application for middleware before it runs.  Asked, this one imports the module ``app``,
    where the blueprint is registered: the function then finds the application, its log and its middleware, as
    it does when ``app`` was imported first.

    Without such a module, or when that does not register the blueprint, the function runs alone.
    """

    __slots__ = ("_blueprint", "_tried")

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self._tried = False

    def resolve(self) -> Chalice | None:
        """Return the application of the blueprint, importing it once if need be.

        Raises:
            Exception: Whatever importing the application raises; the next call tries again.
        """
        registrations = self._blueprint._registrations
        if not registrations and not self._tried:
            from importlib import import_module

            try:
                import_module("app")
            except ModuleNotFoundError as error:
                if error.name != "app":
                    raise
            self._tried = True
        return registrations[-1].app if registrations else None

    @property
    def _middleware(self) -> list[tuple[str, Callable[..., Any]]]:
        app = self.resolve()
        return [] if app is None else app._middleware

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the application.

        Raises:
            AttributeError: The application does not have it, or there is none.
        """
        app = self.resolve()
        if app is None:
            raise AttributeError(
                f"The blueprint is not registered, so that there is no application with {name!r}."
            )
        return getattr(app, name)


def register_blueprint(app: Chalice) -> Callable[..., None]:
    """Make ``app.register_blueprint``."""

    def register(blueprint: Blueprint, name_prefix: str | None = None, url_prefix: str | None = None) -> None:
        """Declare on the application what was declared on a blueprint.

        Args:
            blueprint: See `Blueprint`.
            name_prefix: Goes in front of the names of views, functions and authorizers.
            url_prefix: Goes in front of paths: ``/`` and ``/{name}`` under ``/users`` are ``/users`` and
                ``/users/{name}``.

        Raises:
            TypeError: It is no blueprint, or a prefix is no string.
            ValueError: The application has a view, a function or a handler of the kind already.
        """
        _checked(blueprint)
        blueprint.register(app, name_prefix, url_prefix)

    register.__name__ = register.__qualname__ = "register_blueprint"
    return register


def _checked(blueprint: object) -> None:
    if not isinstance(blueprint, Blueprint):
        raise TypeError(f"register_blueprint takes a Blueprint, not {blueprint!r}.")
