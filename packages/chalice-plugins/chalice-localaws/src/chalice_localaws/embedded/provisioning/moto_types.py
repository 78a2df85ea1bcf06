"""Resource types that moto itself can create from templates: queues, topics, tables, streams and buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.cloudformation.parsing import get_model_map
from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException

from chalice_localaws.embedded.provisioning.model import Provisioned, ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.core.common_models import CloudFormationModel

    from chalice_localaws.embedded.provisioning.model import Scope

__all__ = ["MotoType", "moto_type"]

# What moto's models raise for properties that they cannot use; they check little before they use it.
_REFUSALS = (
    HTTPException,
    ServiceException,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    NotImplementedError,
)
# Stacks of stacks would be made by moto alone, and not by what makes ours.
_NOT_MOTOS = {"AWS::CloudFormation::Stack"}
# Attributes that one of its models has; there is no list of them.
_ATTRIBUTES = (
    "Arn",
    "DomainName",
    "Id",
    "Name",
    "QueueName",
    "QueueUrl",
    "RegionalDomainName",
    "StreamArn",
    "TopicArn",
    "TopicName",
    "UserPoolId",
    "WebsiteURL",
)


def moto_type(type: str) -> MotoType | None:
    """Return the type of that name, if moto has a model of it."""
    if type in _NOT_MOTOS:
        return None
    model = get_model_map().get(type)
    return None if model is None else MotoType(model)


class MotoType:
    """A type that moto has a model of.

    Args:
        model: the model.
    """

    def __init__(self, model: type[CloudFormationModel]) -> None:
        self._model = model

    @property
    def replaces(self) -> frozenset[str] | None:
        """The name, which moto's models do not change; all properties where a model changes none."""
        if hasattr(self._model.update_from_cloudformation_json, "__isabstractmethod__"):
            return None
        name = self._model.cloudformation_name_type()
        return frozenset({name} if name else ())

    def create(self, scope: Scope, properties: Mapping[str, Any]) -> Provisioned:
        """Create a resource."""
        try:
            made = self._model.create_from_cloudformation_json(
                self._name(scope, properties),
                _document(scope, properties),
                scope.account_id,
                scope.region,
                LogicalId=scope.logical_id,
                StackId=scope.stack_id,
                ResourceType=scope.type,
            )
        except _REFUSALS as error:
            raise _refused(error) from error
        return _provisioned(made)

    def update(
        self,
        scope: Scope,
        there: Provisioned,
        before: Mapping[str, Any],  # noqa: ARG002 - moto's models know what they are
        properties: Mapping[str, Any],
    ) -> Provisioned:
        """Change a resource."""
        try:
            made = self._model.update_from_cloudformation_json(
                there.state, there.identifier, _document(scope, properties), scope.account_id, scope.region
            )
        except _REFUSALS as error:
            raise _refused(error) from error
        return _provisioned(made if made is not None else there.state)

    def delete(self, scope: Scope, there: Provisioned, properties: Mapping[str, Any]) -> None:
        """Delete a resource, by its model's own means or by those of its class."""
        own = getattr(there.state, "delete", None)
        try:
            if own is not None and not hasattr(
                self._model.delete_from_cloudformation_json, "__isabstractmethod__"
            ):
                own = None
            if own is not None:
                own(scope.account_id, scope.region)
            else:
                self._model.delete_from_cloudformation_json(
                    there.identifier, _document(scope, properties), scope.account_id, scope.region
                )
        except _REFUSALS as error:
            refused = _refused(error)
            if refused.code != "NotFound":
                raise refused from error

    def _name(self, scope: Scope, properties: Mapping[str, Any]) -> str:
        given = properties.get(self._model.cloudformation_name_type() or "")
        if given:
            return str(given)
        return scope.name.lower() if scope.type == "AWS::S3::Bucket" else scope.name


def _document(scope: Scope, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Type": scope.type, "Properties": dict(properties)}


def _provisioned(made: Any) -> Provisioned:
    attributes = {}
    for name in _ATTRIBUTES:
        found = attribute_of(made, name)
        if found is not None:
            attributes[name] = found
    return Provisioned(identifier=str(made.physical_resource_id), attributes=attributes, state=made)


def attribute_of(made: Any, name: str) -> Any:
    """Return an attribute of a resource of moto's, or None when there is none of that name."""
    if not made.has_cfn_attr(name):
        return None
    try:
        return made.get_cfn_attribute(name)
    except (UnformattedGetAttTemplateException, NotImplementedError):
        return None


def _refused(error: Exception) -> ProvisioningError:
    code = str(getattr(error, "error_type", "") or getattr(error, "code", ""))
    known = any(word in code for word in ("NotFound", "NoSuch", "NonExistent", "DoesNotExist"))
    text = str(getattr(error, "message", "") or error)
    if isinstance(error, KeyError):
        text = f"the property {error} is missing or unknown"
    return ProvisioningError(text, code="NotFound" if known else "InvalidRequest")
