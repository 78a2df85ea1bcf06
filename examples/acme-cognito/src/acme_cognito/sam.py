"""User pools in SAM templates."""

from chalice_sam import KnownOutputs, Rendering, TemplateResource


class UserPoolRenderer(KnownOutputs):
    """How user pools are written."""

    attributes = {"arn": "Arn"}

    def render(self, resource, scope):
        properties = scope.spell({"UserPoolName": resource.pool_name, **resource.settings()})
        name = scope.logical_id(resource.id)
        pool = TemplateResource(type="AWS::Cognito::UserPool", properties=properties)
        return Rendering(resources={name: pool}, outputs={f"{name}Id": {"Ref": name}})
