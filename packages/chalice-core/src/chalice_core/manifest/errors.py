"""Why there is no manifest of an application that could be used."""

from __future__ import annotations

from typing import Any

from chalice_core.errors import ToolError


class MalformedManifestError(ToolError):
    """The app host wrote something that is not a manifest."""

    code = "malformed-manifest"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what="The description of the application cannot be read.",
            why=f"{problem}.",
            fix="Use a chalice-runtime and chalice tools of matching versions: upgrade chalice-runtime in "
            "the application's environment and chalice-cli in the tools'.",
        )
        self.problem = problem


class ManifestVersionError(ToolError):
    """The app host is newer than the tools."""

    code = "manifest-version"

    def __init__(self, *, version: int, known: int, runtime: str) -> None:
        super().__init__(
            what=f"The application's chalice-runtime {runtime} is newer than these tools.",
            why=f"It describes the application in version {version}; these tools read up to version {known}.",
            fix="Upgrade chalice-core, with the chalice-cli that brings it: "
            "`pip install --upgrade chalice-core chalice-cli` in the tools' environment.",
        )
        self.version, self.known, self.runtime = version, known, runtime


class AppLoadError(ToolError):
    """The application cannot be imported.

    Args:
        type_name: class of the exception, or empty.
        message: its text.
        traceback: from the application's own first frame on, or empty.
        file: where it happened, absolute, or None.
        line: counted from 1, or None.
    """

    code = "app-load"
    fix_text = "Correct the application and try again."

    def __init__(
        self,
        *,
        type_name: str = "",
        message: str = "",
        traceback: str = "",
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        self.type_name, self.message, self.traceback = type_name, message, traceback
        self.file, self.line = file, line
        super().__init__(what=self._what(), why=self._why(), fix=self.fix_text)

    def _place(self) -> str:
        if self.file is None:
            return ""
        return f" at {self.file}" + ("" if self.line is None else f", line {self.line}")

    def _exception(self) -> str:
        # The place follows in the same sentence; the traceback has the whole text.
        first, *rest = self.message.splitlines() or [""]
        text = f"{first} …" if rest else first.rstrip(".")
        return f"{self.type_name}: {text}" if text else self.type_name

    def _what(self) -> str:
        return f"The application cannot be loaded: {self._exception()}{self._place()}."

    def _why(self) -> str:
        return self.traceback.rstrip()


class AppImportError(AppLoadError):
    """Importing the application raised an exception."""

    code = "app-import"

    def _what(self) -> str:
        return f"Importing the application raised {self._exception()}{self._place()}."


class AppModuleMissingError(AppImportError):
    """The application imports a module that its environment does not have."""

    code = "app-module-missing"
    fix_text = (
        "Install the application's requirements into the environment that runs it, or choose another "
        "interpreter with --python."
    )


class AppRegionMissingError(AppImportError):
    """The application makes an AWS client for which nobody has named a region."""

    code = "app-region-missing"
    fix_text = (
        "Set the environment variable AWS_DEFAULT_REGION, or run `aws configure`; or make the client where "
        "it is used first, for Lambda always has a region."
    )


class AppSyntaxError(AppLoadError):
    """The application has a syntax error."""

    code = "app-syntax"
    fix_text = "Correct the line, or choose the Python that it is written for with --python."

    def _what(self) -> str:
        return f"The application has a syntax error{self._place()}: {self.message}."


class AppExitedError(AppLoadError):
    """Importing the application ended the process with ``sys.exit``."""

    code = "app-exit"
    fix_text = (
        "Do not call sys.exit() while app.py is imported; Lambda imports it as a module, "
        'so guard scripts with `if __name__ == "__main__":`.'
    )

    def _what(self) -> str:
        return f"Importing the application ended the process with sys.exit(){self._place()}."


class AppMissingError(AppLoadError):
    """There is no ``app.py``."""

    code = "app-missing"
    fix_text = (
        "Change to the project's folder or name it with --project-dir; `chalice new-project` makes a new one."
    )

    def _what(self) -> str:
        return self.message or "There is no app.py."


class NoAppError(AppLoadError):
    """``app.py`` defines no ``app``."""

    code = "no-app"
    fix_text = 'Add `app = Chalice(app_name="…")` to app.py; the variable must be called app.'

    def _what(self) -> str:
        return f"{self.file or 'app.py'} defines no variable 'app'."


class NotChaliceError(AppLoadError):
    """``app`` in ``app.py`` is something else than a Chalice application."""

    code = "not-chalice"
    fix_text = 'Assign a Chalice object to it: `app = Chalice(app_name="…")`.'

    def _what(self) -> str:
        return f"The variable 'app' in {self.file or 'app.py'} is no Chalice application."

    def _why(self) -> str:
        return self.message


_BY_KIND: dict[str, type[AppLoadError]] = {
    "import": AppImportError,
    "syntax": AppSyntaxError,
    "exit": AppExitedError,
    "missing": AppMissingError,
    "no-app": NoAppError,
    "not-chalice": NotChaliceError,
}


def load_error(kind: str, **facts: Any) -> AppLoadError:
    """Return the error of an ``error`` document; kinds of newer runtimes give the general one."""
    if kind == "import" and facts.get("type_name") == ModuleNotFoundError.__name__:
        return AppModuleMissingError(**facts)
    if kind == "import" and facts.get("type_name") == "NoRegionError":  # botocore's
        return AppRegionMissingError(**facts)
    return _BY_KIND.get(kind, AppLoadError)(**facts)
