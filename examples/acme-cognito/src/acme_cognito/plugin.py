"""The hooks. What a target needs is imported when it asks."""

import json
import sys
from dataclasses import replace

from acme_cognito.kinds import UserPool
from chalice_core.artifact import PackageFile
from chalice_core.config import ConfigKey
from chalice_core.errors import ToolError
from chalice_core.graph import Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import Function, InvokePermission
from chalice_core.template import ProjectTemplate
from chalice_core.values import ResourceId

SOURCE = "cognito-signup"

APP = """from chalice import Chalice

app = Chalice(app_name="{{app_name}}")


@app.on_cognito_signup(pool="members")
def check(event):
    return event.to_dict()
"""


def must_be_text(value):
    return None if isinstance(value, str) else f"must be a string, not {value!r}"


def sign_up(email):
    return {
        "triggerSource": "PreSignUp_SignUp",
        "userName": email.partition("@")[0],
        "request": {"userAttributes": {"email": email}},
        "response": {},
    }


class CognitoPlugin:
    """One for each run of the tools."""

    @hookimpl
    def chalice_config_keys(self):
        return [ConfigKey(name="pool_prefix", scopes=frozenset({"top", "stage"}), check=must_be_text)]

    @hookimpl
    def chalice_validate_app(self, app):
        return [
            f"{event.decorator}: the pool's name of {event.function!r} has more than 100 characters."
            for event in app.events
            if event.source == SOURCE and len(event.options["pool"]) > 100
        ]

    @hookimpl
    def chalice_lower_event(self, event, function, config):
        if event.source != SOURCE:
            return None
        pool = UserPool(
            id=ResourceId(f"{function.name}-user-pool"),
            pool_name=config.extra.get("pool_prefix", "") + event.options["pool"],
            pre_sign_up=function.arn,
            self_service=event.options["self_service"],
        )
        permission = InvokePermission(
            id=ResourceId(f"{function.name}-user-pool-permission"),
            function_arn=function.arn,
            principal="cognito-idp.amazonaws.com",
            source_arn=pool.arn,
        )
        return [permission, pool]

    @hookimpl
    def chalice_adjust_graph(self, graph):
        asked = {pool.pre_sign_up.of for pool in graph.of_kind(UserPool)}
        return Graph.of(
            replace(one, tags={**one.tags, "acme:asked-by": "cognito"})
            if isinstance(one, Function) and one.id in asked
            else one
            for one in graph
        )

    @hookimpl
    def chalice_realise_kind(self, target, kind):
        if (target, kind) == ("aws", UserPool):
            from acme_cognito.aws import UserPools

            return UserPools()
        if (target, kind) == ("sam", UserPool):
            from acme_cognito.sam import UserPoolRenderer

            return UserPoolRenderer()
        if (target, kind) == ("terraform", UserPool):
            from acme_cognito.terraform import UserPoolRenderer

            return UserPoolRenderer()
        return None

    @hookimpl
    def chalice_sample_event(self, event, arguments):
        if event.source != SOURCE:
            return None
        unknown = sorted(set(arguments) - {"email"})
        if unknown:
            raise ToolError(what=f"A sign-up has no {', '.join(unknown)}.", fix="Leave it out, or say email.")
        return sign_up(arguments.get("email", "ann@acme.example"))

    @hookimpl
    def chalice_package_files(self, app, config):
        pools = {event.function: event.options["pool"] for event in app.events if event.source == SOURCE}
        if not pools:
            return []
        content = json.dumps({"stage": config.stage, "pools": pools}, sort_keys=True)
        return [PackageFile(archive="acme_cognito/pools.json", content=content.encode())]

    @hookimpl
    def chalice_deploy_progress(self, progress):
        if (progress.step.kind, progress.step.action, progress.phase) == ("UserPool", "create", "done"):
            print(f"People can sign up to {progress.step.name} now.", file=sys.stderr)

    @hookimpl
    def chalice_project_templates(self):
        files = {"app.py": APP, "requirements.txt": "acme-cognito\n"}
        return [ProjectTemplate(name="cognito", summary="A function that checks sign-ups", files=files)]
