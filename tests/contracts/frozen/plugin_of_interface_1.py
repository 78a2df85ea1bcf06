"""A plugin as it was written for version 1 of the hooks; it never changes, and has to go on working."""

from chalice_core.artifact import Built, PackageFile
from chalice_core.config import ConfigKey
from chalice_core.errors import ToolError
from chalice_core.graph import Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import (
    CloudFormationResource,
    EventSourceMapping,
    Function,
    Grant,
    InvokePermission,
    Resource,
)
from chalice_core.local import LocalResource, LocalResponse
from chalice_core.template import ProjectTemplate
from chalice_core.values import ResourceId, arn, text

chalice_interface = 1

heard = []


class Parcel(Resource):
    """A kind of this plugin's own."""


class Format:
    name = "frozen"

    def render(self, request):
        lines = [f"{type(one).__name__} {one.id}" for one in request.graph]
        return {
            "frozen.txt": "\n".join(lines).encode(),
            **{str(k): v.path for k, v in request.artifacts.items()},
        }


class Target:
    name = "frozen-cloud"

    def deployment(self, place):
        return place.stage


class Office:
    name = "parcels"
    types = ("Acme::Parcels::Box",)

    def __init__(self, cloud):
        self.cloud = cloud

    def put(self, type, identifier, properties):
        return LocalResource(identifier=identifier or "box", properties=properties)

    def remove(self, type, identifier):
        heard.append(identifier)

    def respond(self, request):
        self.cloud.invoke("arn:f", {"path": request.path}, principal="parcels.amazonaws.com", source_arn=None)
        return LocalResponse(status=202, body=request.body)


def must_be_text(value):
    return None if isinstance(value, str) else f"must be a string, not {value!r}"


@hookimpl
def chalice_plugins_loaded(plugins):
    heard.append([plugin.name for plugin in plugins.installed])


@hookimpl
def chalice_config_keys():
    every = frozenset({"top", "stage", "function"})
    return [ConfigKey(name="carrier", scopes=every, check=must_be_text, default=None, merged=False)]


@hookimpl
def chalice_validate_app(app, config):
    return [f"{config.stage}: {route.path} is lost" for route in app.routes if route.path == "/lost"]


@hookimpl
def chalice_lower_event(event, function, config):
    if event.source != "parcels":
        return None
    grant = Grant(
        id=ResourceId(f"{function.id}-reads"),
        role=function.role,
        actions=("sqs:ReceiveMessage",),
        on=(arn("sqs", event.options["queue"]),),
    )
    mapping = EventSourceMapping(
        id=ResourceId(f"{function.id}-parcels"),
        function_arn=function.arn,
        source_arn=arn("sqs", event.options["queue"]),
        service="sqs",
        batch_size=3,
        after=(grant.id,),
    )
    return [grant, mapping]


@hookimpl
def chalice_add_resources(app, functions, config):
    rules = []
    for function in functions:
        rule = CloudFormationResource(
            id=ResourceId(f"{function.id}-box"),
            type="Acme::Parcels::Box",
            properties={"Function": function.arn, "Label": text(app.name, "-", config.stage)},
        )
        rules += [
            rule,
            InvokePermission(
                id=ResourceId(f"{function.id}-box-permission"),
                function_arn=function.arn,
                principal="parcels.amazonaws.com",
                source_arn=rule.attribute("Arn"),
            ),
        ]
    return rules


@hookimpl
def chalice_adjust_graph(graph, config):
    assert all(isinstance(function, Function) for function in graph.of_kind(Function))
    return Graph.of(list(graph))


@hookimpl
def chalice_realise_kind(target, kind):
    return Format() if (target, kind) == ("frozen", Parcel) else None


@hookimpl
def chalice_deployment_targets():
    return [Target()]


@hookimpl
def chalice_output_formats():
    return [Format()]


@hookimpl
def chalice_build_artifacts(request):
    if "carrier" not in request.config.extra:
        return None
    return Built(artifacts={}, notices=(f"{request.manifest.app.name} goes by {request.cache_dir}",))


@hookimpl
def chalice_resolve_dependencies(requirements, request, destination):
    return [f"{line} (not here)" for line in requirements] if destination.name == "frozen" else None


@hookimpl
def chalice_package_files(app, config):
    return [PackageFile(archive="frozen.txt", content=f"{app.name}/{config.stage}".encode())]


@hookimpl
def chalice_sample_event(event, arguments):
    if event.source != "parcels":
        return None
    if set(arguments) - {"id"}:
        raise ToolError(what="A parcel has an id.", why="That is all.", fix="Leave the rest out.")
    return {"parcel": arguments.get("id", 1)}


@hookimpl
def chalice_records(place_url):
    return Format() if place_url.startswith("frozen://") else None


@hookimpl
def chalice_local_aws(project_dir):
    return None


@hookimpl
def chalice_local_services(cloud):
    return [Office(cloud)]


@hookimpl
def chalice_deploy_progress(progress):
    heard.append((progress.step.name, progress.phase))


@hookimpl
def chalice_project_templates():
    return [ProjectTemplate(name="frozen", summary="As it was", files={"app.py": "# {{app_name}}"})]
