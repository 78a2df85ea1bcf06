"""What the plugin makes of declarations; no AWS and no application are needed."""

from acme_cognito.kinds import UserPool
from acme_cognito.plugin import CognitoPlugin
from chalice_core.kinds import Function, InvokePermission
from chalice_core.testing import app, check_kinds_are_realised, event, graph, plugin_manager, stage_config

SIGN_UP = event("cognito-signup", "on_cognito_signup", function="check", pool="members", self_service=True)


def test_a_declaration_becomes_a_pool_that_may_invoke_the_function():
    made = graph(app(events=[SIGN_UP]), CognitoPlugin(), config=stage_config(extra={"pool_prefix": "acme-"}))

    (pool,), (permission,), (function,) = map(made.of_kind, (UserPool, InvokePermission, Function))
    assert pool.pool_name == "acme-members"
    assert pool.pre_sign_up == permission.function_arn == function.arn
    assert permission.source_arn == pool.arn
    assert function.tags["acme:asked-by"] == "cognito"


def test_all_targets_know_the_kind():
    for target in ("aws", "sam", "terraform"):
        check_kinds_are_realised(plugin_manager(CognitoPlugin()), target, [UserPool])
