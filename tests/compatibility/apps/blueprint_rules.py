"""What blueprints refuse, and when; prefixes of every shape."""

from chalice import Blueprint, Chalice

app = Chalice(app_name="blueprint_rules")
unregistered = Blueprint("unregistered")


@unregistered.route("/never")
def never():
    return "never"


@unregistered.lambda_function()
def alone(event, context):
    return [event, "alone"]


def paths(url_prefix, *declared):
    """Return the paths that a blueprint's routes get."""
    application = Chalice(app_name="blueprint_rules_paths")
    blueprint = Blueprint("some.module")
    for number, path in enumerate(declared):
        blueprint.route(path, name=f"view{number}")(lambda: None)
    application.register_blueprint(blueprint, url_prefix=url_prefix)
    return sorted(application.routes)


def functions(name_prefix, import_name="some.module"):
    """Return the names and handlers that a blueprint's functions get."""
    application = Chalice(app_name="blueprint_rules_functions")
    blueprint = Blueprint(import_name)

    @blueprint.lambda_function()
    def one(event, context):
        return None

    @blueprint.lambda_function(name="renamed")
    def two(event, context):
        return None

    application.register_blueprint(blueprint, name_prefix=name_prefix)
    return [[f.name, f.handler_string] for f in application.pure_lambda_functions]


def routes_twice():
    application = Chalice(app_name="blueprint_rules_twice")
    blueprint = Blueprint("some.module")

    @blueprint.route("/x", methods=["PUT"], content_types=["text/plain"], cors=True)
    def view():
        return None

    for prefix in ("/one", "/two"):
        application.register_blueprint(blueprint, url_prefix=prefix, name_prefix=prefix[1:])
    return {
        path: [[method, entry.content_types, bool(entry.cors)] for method, entry in entries.items()]
        for path, entries in sorted(application.routes.items())
    }


def same_route_twice():
    application = Chalice(app_name="blueprint_rules_same")
    for module in ("one", "two"):
        blueprint = Blueprint(module)
        blueprint.route("/same")(lambda: None)
        application.register_blueprint(blueprint)


def global_cors():
    application = Chalice(app_name="blueprint_rules_cors")
    blueprint = Blueprint("one")
    blueprint.route("/x")(never)
    application.api.cors = True
    application.register_blueprint(blueprint)
    return bool(application.routes["/x"]["GET"].cors)


def declared_late():
    application = Chalice(app_name="blueprint_rules_late")
    blueprint = Blueprint("one")
    application.register_blueprint(blueprint)
    blueprint.route("/late")(never)
    return sorted(application.routes)
