"""User pools in Terraform configurations."""

from chalice_terraform import KnownOutputs, Rendering, TerraformResource


class UserPoolRenderer(KnownOutputs):
    """How user pools are written."""

    expressions = {"arn": "aws_cognito_user_pool.{name}.arn"}

    def render(self, resource, scope):
        settings = {
            "name": resource.pool_name,
            "lambda_config": {"pre_sign_up": scope.spell(resource.pre_sign_up)},
            "admin_create_user_config": {"allow_admin_create_user_only": not resource.self_service},
        }
        name = scope.name(resource.id)
        pool = TerraformResource(type="aws_cognito_user_pool", name=name, arguments=settings)
        return Rendering(resources=(pool,), outputs={f"{name}_id": f"${{aws_cognito_user_pool.{name}.id}}"})
