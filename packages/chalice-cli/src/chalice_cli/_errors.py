"""What can go wrong between a person and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from chalice_core.errors import ToolError


class LocalAwsMissingError(ToolError):
    """Nobody offers an AWS embedded on this machine."""

    code = "local-aws-missing"

    def __init__(self, *, python: str) -> None:
        super().__init__(
            what="There is no AWS embedded on this machine to use with --local.",
            why="None of the plugins that are installed and active provides one.",
            fix=(
                "Install the distribution chalice-localaws beside the chalice command "
                f"({python} -m pip install chalice-localaws), or leave out --local to use AWS."
            ),
        )


class TargetMissingError(ToolError):
    """The place to deploy to is of a kind that nobody offers."""

    code = "target-missing"

    def __init__(self, *, target: str, installed: Sequence[str]) -> None:
        super().__init__(
            what=f"No plugin can deploy to {target!r}.",
            why=f"The targets that plugins offer here are: {', '.join(installed) or 'none'}.",
            fix="Install chalice-deploy; `chalice plugins` shows what is blocked or broken.",
        )
        self.target, self.installed = target, installed


class FormatMissingError(ToolError):
    """`chalice package` is asked for a format that nobody writes."""

    code = "format-missing"

    def __init__(self, *, format: str, installed: Sequence[str]) -> None:
        provider = {"cloudformation": "chalice-sam"}.get(format)
        super().__init__(
            what=f"No plugin writes the format {format!r}.",
            why=f"The formats that plugins offer here are: {', '.join(installed) or 'none'}.",
            fix=(
                f"Install the distribution {provider} beside the chalice command."
                if provider
                else "Choose one of these with --pkg-format, or install the distribution that provides it."
            ),
        )
        self.format, self.installed = format, installed


class NoBuilderError(ToolError):
    """No plugin builds the deployment package."""

    code = "no-builder"

    def __init__(self) -> None:
        super().__init__(
            what="No plugin builds the deployment package.",
            why="The distribution chalice-packager is missing, blocked or broken.",
            fix="Run `chalice plugins` to see which; install chalice-packager or remove -p no:….",
        )


class NoUrlError(ToolError):
    """The stage has no REST API."""

    code = "no-url"
    exit_status: ClassVar[int] = 2

    def __init__(self, *, stage: str, where: str, deployed: bool, others: Sequence[str] = ()) -> None:
        if not deployed:
            why = "The stage has not been deployed there."
            fix = f"Run `chalice deploy --stage {stage}` first, with --local for the AWS on this machine."
        elif others:
            why = "\n".join(["The application has no routes. It has:", *(f"  - {other}" for other in others)])
            fix = "Use one of these, or add a view with @app.route and deploy again."
        else:
            why = "The application has no routes."
            fix = "Add a view with @app.route and deploy again."
        super().__init__(
            what=f"Could not find a record of a REST API in the stage {stage!r} ({where}).", why=why, fix=fix
        )
        self.stage = stage


class NotDeployedError(ToolError):
    """A command needs something deployed and nothing is."""

    code = "not-deployed"
    exit_status: ClassVar[int] = 2

    def __init__(self, *, stage: str, where: str) -> None:
        super().__init__(
            what=f"Nothing is deployed in the stage {stage!r} ({where}).",
            why="There is no record of it.",
            fix=f"Run `chalice deploy --stage {stage}` first, with --local for the AWS on this machine.",
        )
        self.stage = stage


class UnknownFunctionError(ToolError):
    """No function of that name is deployed."""

    code = "unknown-function"
    exit_status: ClassVar[int] = 2

    def __init__(self, *, name: str, deployed: Sequence[str]) -> None:
        super().__init__(
            what=f"Could not find a lambda function named {name!r}.",
            why=f"The deployed functions are: {', '.join(deployed)}.",
            fix="Give one of these names with -n.",
        )
        self.name, self.deployed = name, deployed


class BadPayloadError(ToolError):
    """What `chalice invoke` was given is not JSON."""

    code = "bad-payload"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what="The payload is not JSON, so the function was not invoked.",
            why=f"{problem[:1].upper()}{problem[1:]}.",
            fix="""Give JSON on standard input: echo '{"name": "value"}' | chalice invoke -n NAME""",
        )


class FunctionFailedError(ToolError):
    """The invoked function raised."""

    code = "function-failed"

    def __init__(self, *, name: str, word: str) -> None:
        super().__init__(
            what=f"Unhandled exception in the Lambda function {name!r}, details above.",
            why=f"Lambda calls it {word!r}.",
            fix=f"Correct the function and deploy again; `chalice logs -n {name}` shows what it printed.",
        )
        self.name, self.word = name, word


class BadTimeError(ToolError):
    """`--since` cannot be understood."""

    code = "bad-time"
    exit_status: ClassVar[int] = 2

    def __init__(self, *, given: str) -> None:
        super().__init__(
            what=f"{given!r} is not a time for --since.",
            why="It is neither a number with a unit nor a date and time.",
            fix="Write 30s, 10m, 2h, 3d or 1w, or ISO 8601 such as 2026-01-31T12:00:00+00:00.",
        )
        self.given = given


class BadProjectNameError(ToolError):
    """A name that an application cannot have."""

    code = "bad-project-name"

    def __init__(self, *, name: str, problem: str) -> None:
        super().__init__(
            what=f"{name!r} cannot be the name of an application.",
            why=problem,
            fix="Use up to 46 letters, digits, '-' and '_', beginning with a letter or digit.",
        )
        self.name = name


class ProjectExistsError(ToolError):
    """The folder of a new project is there already."""

    code = "project-exists"

    def __init__(self, *, path: Path) -> None:
        super().__init__(
            what=f"Directory already exists: {path}",
            why="A new project goes into a new folder, so that nothing is overwritten.",
            fix="Choose another name, or remove the folder.",
        )
        self.path = path


class BadPluginNameError(ToolError):
    """`chalice new-plugin` got a name that cannot be a distribution's."""

    code = "bad-plugin-name"

    def __init__(self, *, name: str, longest: int) -> None:
        super().__init__(
            what=f"{name!r} cannot be the name of a plugin.",
            why="It names a distribution and a Python module: lower-case letters, digits and '-', at most "
            f"{longest} characters, and the part after the last '-' begins with a letter.",
            fix="Choose a name such as acme-parcels; its decorator is then @app.on_parcels_event.",
        )
        self.name = name


class NameNeededError(ToolError):
    """`chalice new-project` can ask nobody for a name."""

    code = "name-needed"
    exit_status: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(
            what="The new project needs a name.",
            why="Standard input is not a terminal, so it cannot be asked for.",
            fix="Run `chalice new-project NAME`.",
        )


class UnknownTemplateError(ToolError):
    """No template of that name."""

    code = "unknown-template"
    exit_status: ClassVar[int] = 2

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        super().__init__(
            what=f"There is no project type {name!r}.",
            why=f"The project types are: {', '.join(known)}.",
            fix="Give one of these with --project-type, or install the plugin that provides it.",
        )
        self.name, self.known = name, known


class CannotWriteError(ToolError):
    """A file or folder cannot be written."""

    code = "cannot-write"

    def __init__(self, *, path: Path | str, problem: OSError) -> None:
        super().__init__(
            what=f"Cannot write {path}.",
            why=f"{problem.strerror or problem}." + (f" ({problem.filename})" if problem.filename else ""),
            fix="Choose another place, or change its permissions.",
        )
        self.path = path


class NoSuchProjectDirError(ToolError):
    """The folder given with --project-dir is not one."""

    code = "no-such-project-dir"
    exit_status: ClassVar[int] = 2

    def __init__(self, *, path: str, problem: OSError) -> None:
        super().__init__(
            what=f"Cannot use {path!r} as the project's folder.",
            why=f"{problem.strerror or problem}.",
            fix="Give an existing folder with --project-dir.",
        )
        self.path = path


class CommandConflictError(ToolError):
    """Two distributions bring a command of one name."""

    code = "command-conflict"

    def __init__(self, *, name: str, distributions: Sequence[str]) -> None:
        super().__init__(
            what=f"The command {name!r} is offered by {' and by '.join(distributions)}.",
            why="Only one of them can be meant.",
            fix="Uninstall all but one, or block a plugin with -p no:NAME; `chalice plugins` lists the "
            "names.",
        )
        self.name, self.distributions = name, tuple(distributions)


class BrokenCommandError(ToolError):
    """A plugin's command cannot be imported."""

    code = "broken-command"

    def __init__(self, *, name: str, distribution: str, version: str, problem: BaseException) -> None:
        super().__init__(
            what=f"The command {name!r} of the plugin {distribution} {version} cannot be loaded.",
            why=f"{type(problem).__name__}: {problem}",
            fix=f"Reinstall or upgrade {distribution}, or report this to its author.",
        )
        self.name, self.distribution, self.version = name, distribution, version
