"""The hooks that plugins implement.

A hook is one of four things.  **Contribute**: every plugin returns a list
and all of them count.  **Claim**: the first plugin that does not return None
answers for all.  **Chain**: each plugin gets what the one before it returned.
**Observe**: plugins are told and answer nothing.

A plugin is a module, an object or a class whose functions are marked with
`hookimpl`, named by an entry point of the group ``chalice.plugins``.  An
implementation names only the arguments that it uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from chalice_core.artifact import BuildRequest, Built, PackageFile
    from chalice_core.config import ConfigKey, StageConfig
    from chalice_core.graph import Graph
    from chalice_core.kinds import Function, Resource
    from chalice_core.local import LocalCloud, LocalService
    from chalice_core.manifest import App, EventDeclaration
    from chalice_core.plugins import Plugins
    from chalice_core.target import DeploymentTarget, LocalAws, OutputFormat, Progress
    from chalice_core.template import ProjectTemplate

PROJECT_NAME = "chalice"

INTERFACE = 1
"""The version of this interface: of the hooks, their arguments, and the classes that they take and give.

It grows when a plugin that was written for the one before could break.  A plugin says which one it was
written for with ``chalice_interface = 1`` beside its hooks; one that says nothing was written for the first.
"""

OLDEST_INTERFACE = 1
"""The oldest version whose plugins still work."""

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)


@hookspec
def chalice_plugins_loaded(plugins: Plugins) -> None:
    """Hear which plugins there are, to call their hooks later.

    Called by: ``chalice_core.plugins.load_plugins``.
    When: once, after every plugin was loaded and before any other hook is called.
    First result: no, and there is none.

    Args:
        plugins: all of them; a plugin that calls hooks itself, as a target or a packager does, keeps it.

    Returns:
        Nothing.

    Raises:
        Nothing: a plugin that raises here is treated as broken.

    Example::

        class MyTarget:
            @hookimpl
            def chalice_plugins_loaded(self, plugins):
                self.plugins = plugins
    """


@hookspec
def chalice_config_keys() -> Sequence[ConfigKey]:
    """Add keys to `.chalice/config.json`.

    Called by: ``chalice_core.config.load_config``, for every command that reads the configuration.
    When: before the file is checked.  Nothing else is known yet.
    First result: no.  All keys count; two plugins that add the same key are an error that names both.

    Returns:
        The keys.  Their values are found in ``StageConfig.extra``.  An empty list adds none.

    Raises:
        ToolError: the plugin cannot work here at all.

    Example::

        @hookimpl
        def chalice_config_keys():
            return [ConfigKey(name="alarm_topic", scopes=frozenset({"stage"}), check=must_be_text)]
    """


@hookspec
def chalice_validate_app(app: App, config: StageConfig) -> Sequence[str]:
    """Find what is wrong with an application before anything is built.

    Called by: ``chalice_core.lowering.build_graph``.
    When: after the configuration and the manifest were read, before the graph.  No AWS call may be made.
    First result: no.  The problems of all plugins are reported together.

    Args:
        app: what the application declares.
        config: of the stage.

    Returns:
        One or two sentences for each problem, with the real names in them; an empty list when all is well.

    Raises:
        ToolError: the check itself cannot be made.

    Example::

        @hookimpl
        def chalice_validate_app(app):
            return [f"The route {route.path!r} is too long." for route in app.routes if len(route.path) > 200]
    """


@hookspec(firstresult=True)
def chalice_lower_event(
    event: EventDeclaration, function: Function, config: StageConfig
) -> Sequence[Resource] | None:
    """Turn one declared event into the resources that deliver it.

    Called by: ``chalice_core.lowering.build_graph``, for every command that needs the graph.
    When: once per declaration, after the functions are there.  Nothing is deployed yet and no AWS
        call may be made.
    First result: yes.  The answer of the first plugin that claims the event stands; a plugin
        meant to replace another marks its own ``tryfirst``.

    Args:
        event: the declaration, exactly as the decorator recorded it.
        function: the function that will receive the event.
        config: of the stage.

    Returns:
        The new resources, in any order: the graph sorts them by what they refer to.  ``None`` when
        the declaration belongs to another plugin; an empty list when it is yours and needs nothing.

    Raises:
        ToolError: the declaration is yours and cannot work.

    Example::

        @hookimpl
        def chalice_lower_event(event, function):
            if event.source != "uploads":
                return None
            return [
                EventSourceMapping(
                    id=ResourceId(f"{function.name}-uploads"),
                    function_arn=function.arn,
                    source_arn=arn("sqs", event.options["queue"]),
                    service="sqs",
                )
            ]
    """


@hookspec
def chalice_add_resources(app: App, functions: Sequence[Function], config: StageConfig) -> Sequence[Resource]:
    """Add resources that belong to the application and to no single event: permissions, a function's URL.

    Called by: ``chalice_core.lowering.build_graph``, for every command that needs the graph.
    When: after the events were lowered, before the graph is put in order.  No AWS call may be made.
    First result: no.  The resources of all plugins are added.

    Args:
        app: what the application declares.
        functions: all functions of the application, the one of the REST API included.
        config: of the stage; values of a plugin's own keys are in ``config.extra`` and, for keys that
            functions can have, in ``config.function(NAME).extra``.

    Returns:
        The resources, in any order; `Grant` objects give roles permissions.  An empty list adds none.

    Raises:
        ToolError: what the plugin was asked for cannot be had.

    Example::

        @hookimpl
        def chalice_add_resources(functions):
            return [
                Grant(
                    id=ResourceId(f"{function.id}-reads-secret"),
                    role=function.role,
                    actions=("secretsmanager:GetSecretValue",),
                    on=(arn("secretsmanager", "secret:orders-??????"),),
                )
                for function in functions
            ]
    """


@hookspec
def chalice_adjust_graph(graph: Graph, config: StageConfig) -> Graph | None:
    """Change the finished graph: tags for everything, a permissions boundary, another name.

    Called by: ``chalice_core.lowering.build_graph``, as its last step.
    When: after every event was lowered, before packaging.  No AWS call may be made.
    First result: no.  One plugin after the other, the one that was registered first begins, and
        each gets the graph that the one before it returned.

    Args:
        graph: the graph so far.
        config: of the stage.

    Returns:
        The new graph (`Graph.of` checks and sorts it), or ``None`` to leave it as it is.

    Raises:
        ToolError: the graph cannot be adjusted.

    Example::

        @hookimpl
        def chalice_adjust_graph(graph):
            return Graph.of(
                replace(r, tags={**r.tags, "team": "blue"}) if isinstance(r, Function) else r for r in graph
            )
    """


@hookspec(firstresult=True)
def chalice_realise_kind(target: str, kind: type[Resource]) -> object | None:
    """Say how a target realises a kind.

    Called by: a target, for each kind that a graph holds (``chalice_core.plugins.realisation_of``).
    When: while a plan is made or a format is written.  No AWS call may be made here.
    First result: yes.  A kind that nobody realises in a target is an error that names both.

    Args:
        target: ``aws``, ``sam``, or the name of another installed target.
        kind: the class of the resource.

    Returns:
        What that target's documentation asks for: a ``chalice_deploy.KindHandler`` for ``aws``, a
        ``chalice_sam.Renderer`` for ``sam``.  ``None`` when target or kind are not yours.

    Raises:
        ToolError: the kind is yours and cannot be expressed in this target; the error says why.

    Example::

        @hookimpl
        def chalice_realise_kind(target, kind):
            return render_table if (target, kind) == ("sam", Table) else None
    """


@hookspec
def chalice_deployment_targets() -> Sequence[DeploymentTarget]:
    """Offer a cloud that can be deployed to.

    Called by: the commands that plan, deploy, inspect or delete.
    When: whenever such a command opens a place, which may be twice.  Nothing may be contacted yet.
    First result: no.  Two targets of one name are an error that names both plugins.

    Returns:
        The targets; an empty list offers none.

    Raises:
        ToolError: the target cannot work on this machine.

    Example::

        @hookimpl
        def chalice_deployment_targets():
            return [AwsTarget()]
    """


@hookspec
def chalice_output_formats() -> Sequence[OutputFormat]:
    """Offer a format that ``chalice package`` writes.

    Called by: ``chalice package``.
    When: once, before the application is described.
    First result: no.  Two formats of one name are an error that names both plugins.

    Returns:
        The formats; an empty list offers none.

    Raises:
        ToolError: the format cannot work on this machine.

    Example::

        @hookimpl
        def chalice_output_formats():
            return [SamFormat()]
    """


@hookspec(firstresult=True)
def chalice_build_artifacts(request: BuildRequest) -> Built | None:
    """Build the files that are uploaded: the deployment package, layers.

    Called by: every command that plans, deploys or writes a format.
    When: after the graph is known to be valid, before a plan is made or a format is written.  No AWS
        call may be made.
    First result: yes.

    Args:
        request: the application's manifest, its configuration, and a folder to cache in.

    Returns:
        What was built; ``None`` leaves it to another plugin.

    Raises:
        ToolError: a package cannot be built; the cache is left as it was.

    Example::

        @hookimpl(tryfirst=True)
        def chalice_build_artifacts(request):
            if "container_image" not in request.config.extra:
                return None
            return build_image(request)
    """


@hookspec(firstresult=True)
def chalice_resolve_dependencies(
    requirements: Sequence[str], request: BuildRequest, destination: Path
) -> Sequence[str] | None:
    """Put wheels that satisfy the requirements into a folder.

    Called by: the packager, when the requirements have changed since its cache was filled.
    When: while the package is built.
    First result: yes.  The built-in answer runs pip in a subprocess.

    Args:
        requirements: lines of the requirements file, without blanks, comments and the framework's own.
        request: what is built; it names the Python version and the architecture.
        destination: an empty folder for ``*.whl`` files.

    Returns:
        Requirements that could not be had for the target, one phrase each with what was tried; an
        empty list when all are there.  ``None`` leaves it to another plugin.

    Raises:
        ToolError: nothing can be resolved, for a requirement does not exist.

    Example::

        @hookimpl
        def chalice_resolve_dependencies(requirements, request, destination):
            return uv_download(requirements, destination) if shutil.which("uv") else None
    """


@hookspec
def chalice_package_files(app: App, config: StageConfig) -> Sequence[PackageFile]:
    """Add files to the deployment package.

    Called by: the packager.
    When: for every package, before dependencies are resolved: what the files hold decides, too, whether
        the package is built anew.
    First result: no.  Two files of one name are an error that names both plugins, or the plugin and the
        application.

    Args:
        app: what the application declares.
        config: of the stage.

    Returns:
        The files; an empty list adds none.  The same input must give the same bytes.

    Raises:
        ToolError: a file cannot be made.

    Example::

        @hookimpl
        def chalice_package_files(config):
            return [PackageFile(archive="build.json", content=b'{"stage": "' + config.stage.encode() + b'"}')]
    """


@hookspec(firstresult=True)
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make an event as Lambda would deliver it, for tests and local runs.

    Called by: tools that send a sample event to a function.  No command does so yet; plugins and tests can.
    When: any time; nothing needs to be deployed.
    First result: yes.

    Args:
        event: the declaration to make an event for.
        arguments: what the person gave, ``{"bodies": ["one", "two"]}``; each family documents its own.

    Returns:
        The event, JSON values; ``None`` when the declaration belongs to another plugin.

    Raises:
        ToolError: an argument is unknown or wrong.

    Example::

        @hookimpl
        def chalice_sample_event(event, arguments):
            return sample(arguments) if event.source == "uploads" else None
    """


@hookspec(firstresult=True)
def chalice_records(place_url: str) -> object | None:
    """Open a state backend other than the project's own folder.

    Called by: deployment targets that can keep records elsewhere.  The target ``aws`` cannot yet: its
        records are in the project's folder.
    When: before a plan is made.
    First result: yes.

    Args:
        place_url: where records are kept, ``s3://bucket/prefix``.

    Returns:
        A ``chalice_deploy.RecordStore``; ``None`` when the URL is not yours.

    Raises:
        ToolError: the place cannot be opened.

    Example::

        @hookimpl
        def chalice_records(place_url):
            return S3Records(place_url) if place_url.startswith("s3://") else None
    """


@hookspec(firstresult=True)
def chalice_local_aws(project_dir: Path) -> LocalAws | None:
    """Offer an AWS embedded on this machine, and start it when it does not run.

    Called by: the commands with ``--local``, and those that only look, when a stage is deployed on this
        machine alone.
    When: before the deployment target is opened.
    First result: yes.

    Args:
        project_dir: the project that it belongs to, absolute.

    Returns:
        The running AWS; ``None`` leaves it to another plugin.

    Raises:
        ToolError: it cannot be started.

    Example::

        @hookimpl
        def chalice_local_aws(project_dir):
            return ensure_running(project_dir)
    """


@hookspec
def chalice_local_services(cloud: LocalCloud) -> Sequence[LocalService]:
    """Emulate a service, or some of its resources, in the AWS embedded on this machine.

    Called by: the embedded AWS, in its own process.
    When: once, when it starts; and again when its state is thrown away.
    First result: no.  Two services of one name, or of one resource type, are an error that names both
        plugins.

    Args:
        cloud: invokes functions, and tells what the services need to know.

    Returns:
        The services; an empty list emulates none.

    Raises:
        ToolError: the plugin cannot work on this machine.

    Example::

        @hookimpl
        def chalice_local_services(cloud):
            return [ThingRules(cloud)]
    """


@hookspec
def chalice_deploy_progress(progress: Progress) -> None:
    """Hear of each step while a plan is applied.

    Called by: the commands that deploy or delete.
    When: as a step begins, has succeeded, or has failed.  May be called from several threads.
    First result: no, and there is none.

    Args:
        progress: the step and its phase.

    Returns:
        Nothing.

    Raises:
        Nothing: an exception of an observer is shown as a warning and the deployment goes on.

    Example::

        @hookimpl
        def chalice_deploy_progress(progress):
            chat.say(f"{progress.phase}: {progress.step.name}")
    """


@hookspec
def chalice_project_templates() -> Sequence[ProjectTemplate]:
    """Offer templates for ``chalice new-project``.

    Called by: ``chalice new-project``.
    When: before anything is written.
    First result: no.  Two templates of one name are an error that names both plugins.

    Returns:
        The templates; an empty list offers none.

    Raises:
        ToolError: the plugin cannot work on this machine.

    Example::

        @hookimpl
        def chalice_project_templates():
            return [ProjectTemplate(name="queue", summary="A queue worker", files={"app.py": APP})]
    """
