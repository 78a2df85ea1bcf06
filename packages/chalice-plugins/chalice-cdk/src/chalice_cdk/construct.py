"""The construct: a Chalice application as a part of a stack.

The application is packaged as a SAM template, its archives become assets, and the template is included, so
that each of its resources is an object of the CDK.  Needs aws-cdk-lib 2.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_sam as sam
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct

from chalice_cdk.assets import LAYER, local_files, with_parameters
from chalice_cdk.errors import ChaliceError
from chalice_cdk.output import output_folder, package, write_finished
from chalice_cdk.package_config import PackageConfig
from chalice_cdk.packaging import PackageRequest
from chalice_cdk.references import stand_ins_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import CfnResource


_T = TypeVar("_T", iam.CfnRole, sam.CfnFunction)

INCLUDED = "ChaliceApp"
CODE_ASSET, LAYER_ASSET = "ChaliceAppCode", "ChaliceManagedLayer"


class Chalice(Construct):
    """A Chalice application in a stack.

    Its configuration is that of a stage: the stage ``stage_name``, if `.chalice/config.json` lists it, with
    ``stage_config`` over it.  The file is not written.

    Args:
        scope: the stack, or a construct in it.
        id: of the construct, within the scope.
        source_dir: the application's folder, the one that ``.chalice`` is in.
        stage_config: what the configuration holds for a stage, ``lambda_functions`` included.  Values may be
            tokens of the CDK: names and ARNs of other resources, numbers and lists.
        preserve_logical_ids: resources have the logical ids of the SAM template in the stack's template,
            too.  With False the CDK makes them unique, so that a stack can hold several applications.
        package_config: how the application is packaged.
        stage_name: a stage of the configuration; None takes the scope's path.

    Attributes:
        source_dir: absolute.
        stage_config: as it was given, or empty.
        package_config: as it was given, or the default one.
        stage_name: as it was given, or the path of the scope.  Where it names a stage or a resource, ``-``
            stands for whatever a name may not have.
        sam_template: the included template.

    Raises:
        ChaliceError: the application cannot be packaged.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        source_dir: str,
        stage_config: Mapping[str, Any] | None = None,
        preserve_logical_ids: bool = True,
        *,
        package_config: PackageConfig | None = None,
        stage_name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.source_dir: str = str(Path(source_dir).absolute())
        self.stage_config: Mapping[str, Any] = {} if stage_config is None else stage_config
        self.package_config: PackageConfig = package_config or PackageConfig()
        self.stage_name: str = stage_name or scope.to_string()
        self._roles: dict[str, iam.IRole] = {}
        self._functions: dict[str, lambda_.IFunction] = {}
        folder = output_folder(self.node.path)
        request = PackageRequest(
            source_dir=Path(self.source_dir),
            scope=scope.to_string(),
            stage=stage_name,
            stage_config=stage_config,
            stand_ins=stand_ins_for(self.stage_config.get("environment_variables")),
            env=self.package_config.env or {},
            cache_dir=Path(self.source_dir, ".chalice", "deployments"),
        )
        self._template = package(request, folder, self.package_config)
        self.sam_template: CfnInclude = CfnInclude(
            self,
            INCLUDED,
            template_file=str(write_finished(folder, with_parameters(self._template))),
            preserve_logical_ids=preserve_logical_ids,
            parameters=self._places(folder),
        )

    def get_resource(self, resource_id: str) -> CfnResource:
        """Return a resource of the application, to refer to it or to change it.

        Args:
            resource_id: its logical id in the SAM template, with any ``preserve_logical_ids``: ``RestAPI``.

        Raises:
            ChaliceError: the application has no such resource.
        """
        if resource_id not in self._template["Resources"]:
            known = ", ".join(sorted(self._template["Resources"]))
            raise ChaliceError(
                f"The application in {self.source_dir} has no resource {resource_id!r}.\nIt has: {known}.\n"
                "Use one of these."
            )
        return self.sam_template.get_resource(resource_id)

    def get_role(self, role_id: str) -> iam.IRole:
        """Return a role of the application, which other constructs may grant something to.

        Args:
            role_id: its logical id in the SAM template: ``DefaultRole``.

        Raises:
            ChaliceError: the application has no such role.
        """
        if role_id not in self._roles:
            role = self._typed(role_id, iam.CfnRole)
            self._roles[role_id] = iam.Role.from_role_arn(self, f"{role_id}Role", role.attr_arn)
        return self._roles[role_id]

    def get_function(self, function_id: str) -> lambda_.IFunction:
        """Return a function of the application, which other constructs may call or grant something to.

        Args:
            function_id: its logical id in the SAM template: ``APIHandler``.

        Raises:
            ChaliceError: the application has no such function.
        """
        if function_id not in self._functions:
            function = self._typed(function_id, sam.CfnFunction)
            self._functions[function_id] = lambda_.Function.from_function_attributes(
                self,
                f"{function_id}Function",
                function_arn=function.get_att("Arn").to_string(),
                role=self._role_of(function_id),
                # It is in this very stack, which the ARN, a token, does not tell.
                same_environment=True,
            )
        return self._functions[function_id]

    def add_environment_variable(self, key: str, value: str, function_id: str) -> None:
        """Give a function one more environment variable.

        Args:
            key: its name.
            value: its value, which may be a token.
            function_id: the function's logical id in the SAM template: ``APIHandler``.

        Raises:
            ChaliceError: the application has no such function.
        """
        function = self._typed(function_id, sam.CfnFunction)
        function.add_property_override(f"Environment.Variables.{key}", value)

    def _typed(self, id: str, kind: type[_T]) -> _T:
        resource = self.get_resource(id)
        if not isinstance(resource, kind):
            raise ChaliceError(
                f"{id!r} of the application in {self.source_dir} is a {resource.cfn_resource_type}.\n"
                f"Asked for was a {kind.CFN_RESOURCE_TYPE_NAME}."
            )
        return resource

    def _role_of(self, function_id: str) -> iam.IRole:
        role = self._template["Resources"][function_id]["Properties"]["Role"]
        if isinstance(role, dict):
            return self.get_role(role["Fn::GetAtt"][0])
        return iam.Role.from_role_arn(self, f"{function_id}FunctionRole", role)

    def _places(self, folder: Path) -> dict[str, str]:
        """Make the template's files assets; return the values of the parameters for their places."""
        places: dict[str, str] = {}
        for file in local_files(self._template):
            id = LAYER_ASSET if file.type == LAYER else CODE_ASSET
            asset = assets.Asset(self, id, path=str(folder / file.name))
            places |= {file.bucket: asset.s3_bucket_name, file.key: asset.s3_object_key}
        return places
