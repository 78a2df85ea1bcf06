"""CloudFormation: templates are transformed, and their resources made by us."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Stack
from moto.cloudformation.parsing import ResourceMap

from chalice_localaws.embedded.provisioning.model import ProvisioningError
from chalice_localaws.embedded.templates import TemplateError, check_types, creation_order, processed
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


class _Pending:
    """Stands for a resource that has not been created yet, or will not be."""

    physical_resource_id = ""
    logical_resource_id = ""
    cf_resource_type = ""

    def get_cfn_attribute(self, name: str) -> str:  # noqa: ARG002 - it has all of them
        return ""


_PENDING = _Pending()


def _processed(template: Any, stack: Stack, plane: Plane) -> dict[str, Any]:
    try:
        document = processed(
            template,
            account_id=stack.account_id,
            region=_region(stack),
            parameters=getattr(stack, "parameters", None) or {},
        )
        check_types(document, lambda name: plane.stacks.types.find(name) is not None)
        creation_order(document)
    except TemplateError as error:
        raise ValidationError(message=str(error)) from error
    return document


def _region(stack: Stack) -> str:
    # arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID; the attribute is set later than it is needed.
    region: str = stack.stack_id.split(":")[3]
    return region


def _parse_template(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def _parse_template(self: Stack) -> None:
        original(self)
        self.template_dict = _processed(self.template_dict, self, plane)

    return _parse_template


def _parse_change_set(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def _parse_template(self: ChangeSet) -> None:
        original(self)
        self.template_dict = _processed(self.template_dict, self.stack, plane)

    return _parse_template


def _has_template(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced
    def has_template(self: Stack, other_template: str) -> bool:
        return self.template_dict == _processed(self.parse_template(other_template), self, plane)

    return has_template


def _create_resources(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    def create_resources(self: Stack) -> None:
        plane.stacks.create(self)

    return create_resources


def _update(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced
    def update(
        self: Stack,
        template: str,
        role_arn: str | None = None,
        parameters: dict[str, Any] | None = None,
        tags: dict[str, str] | None = None,
    ) -> None:
        before = self.template, self.template_dict
        self.template = template
        try:
            self._parse_template()
        except ValidationError:
            self.template, self.template_dict = before
            raise
        self._add_stack_event("UPDATE_IN_PROGRESS", resource_status_reason="User Initiated")
        if parameters is not None:
            self.parameters = parameters
        if tags is not None:
            self.tags = tags
        self.role_arn = role_arn
        there = self.resource_map._parsed_resources
        declared = {*self.resource_map._resource_json_map}
        self.resource_map = self._create_resource_map()
        self.resource_map._parsed_resources.update({name: there[name] for name in declared if name in there})
        plane.stacks.update(self)

    return update


def _delete(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced
    def delete(self: Stack) -> None:
        self._add_stack_event("DELETE_IN_PROGRESS", resource_status_reason="User Initiated")
        plane.stacks.delete(self)
        self._add_stack_event("DELETE_COMPLETE")
        self.status = "DELETE_COMPLETE"

    return delete


def _delete_stack(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def delete_stack(self: CloudFormationBackend, name_or_stack_id: str) -> None:
        found = [stack for stack in self.stacks.values() if name_or_stack_id in {stack.name, stack.stack_id}]
        try:
            original(self, name_or_stack_id)
        except ProvisioningError as error:
            # moto takes the stack out before it is deleted.
            stack = found[0]
            stack.status = "DELETE_FAILED"
            vars(stack)["stack_status_reason"] = str(error)
            stack._add_stack_event("DELETE_FAILED", resource_status_reason=str(error))
            self.stacks[stack.stack_id] = stack

    return delete_stack


def _execute_change_set(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    def execute_change_set(
        self: CloudFormationBackend, change_set_name: str, stack_name: str | None = None
    ) -> None:
        found = [
            change_set
            for change_set in self.change_sets.values()
            if change_set_name in {change_set.change_set_id, change_set.change_set_name}
            and stack_name in {None, change_set.stack_name, change_set.stack_id}
        ]
        if not found:
            raise ValidationError(message=f"ChangeSet [{change_set_name}] does not exist")
        change_set = found[-1]
        if change_set.execution_status != "AVAILABLE":
            raise ValidationError(
                message=f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current "
                f"status of [{change_set.execution_status}]"
            )
        change_set.execution_status = "EXECUTE_COMPLETE"
        stack = self.stacks[change_set.stack_id]
        if change_set.change_set_type == "UPDATE":
            stack.update(
                change_set.template,
                change_set.role_arn,
                parameters=change_set.parameters,
                tags=change_set.tags,
            )
            return
        stack.template, stack.parameters = change_set.template, change_set.parameters
        stack.cross_stack_resources = self.exports
        stack._parse_template()
        stack.resource_map = stack._create_resource_map()
        stack.output_map = stack._create_output_map()
        stack._add_stack_event("CREATE_IN_PROGRESS", resource_status_reason="User Initiated")
        stack.create_resources()

    return execute_change_set


def _get_resource(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced
    @functools.wraps(original)
    def get(self: ResourceMap, key: str) -> Any:
        if key in self._parsed_resources:
            return self._parsed_resources[key]
        if key in self._resource_json_map:
            return _PENDING
        raise KeyError(key)

    return get


def _resource_names(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    @functools.wraps(original)
    def names(self: ResourceMap) -> Iterator[str]:
        return iter([name for name in self._resource_json_map if name in self._parsed_resources])

    return names


def _validate_outputs(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    def validate_outputs(self: ResourceMap) -> None:
        for name, output in (self._template.get("Outputs") or {}).items():
            if "Value" not in output:
                raise ValidationError(
                    message=f"Template format error: Output {name} is malformed: it has no Value."
                )

    return validate_outputs


PATCHES = (
    Patch(
        owner=Stack,
        name="_parse_template",
        parameters="self",
        why="moto ignores transforms, and accepts types that it cannot create.",
        make=_parse_template,
    ),
    Patch(
        owner=ChangeSet,
        name="_parse_template",
        parameters="self",
        why="The same, for change sets.",
        make=_parse_change_set,
    ),
    Patch(
        owner=Stack,
        name="has_template",
        parameters="self, other_template",
        why="moto would compare a transformed template with one that is not.",
        make=_has_template,
    ),
    Patch(
        owner=Stack,
        name="create_resources",
        parameters="self",
        why="moto skips resources that it does not know and says CREATE_COMPLETE.",
        make=_create_resources,
    ),
    Patch(
        owner=Stack,
        name="update",
        parameters="self, template, role_arn, parameters, tags",
        why="moto changes resources in no order, and many of them not at all.",
        make=_update,
    ),
    Patch(
        owner=Stack,
        name="delete",
        parameters="self",
        why="moto deletes what it has created, and nothing else.",
        make=_delete,
    ),
    Patch(
        owner=CloudFormationBackend,
        name="delete_stack",
        parameters="self, name_or_stack_id",
        why="moto forgets a stack whose deletion fails.",
        make=_delete_stack,
    ),
    Patch(
        owner=CloudFormationBackend,
        name="execute_change_set",
        parameters="self, change_set_name, stack_name",
        why="moto says that it is complete whatever happens, and takes a change set of another stack.",
        make=_execute_change_set,
    ),
    Patch(
        owner=ResourceMap,
        name="__getitem__",
        parameters="self, key",
        why="moto creates a resource when it is looked at.",
        make=_get_resource,
    ),
    Patch(
        owner=ResourceMap,
        name="__iter__",
        parameters="self",
        why="moto lists resources that have not been created.",
        make=_resource_names,
    ),
    Patch(
        owner=ResourceMap,
        name="validate_outputs",
        parameters="self",
        why="moto fails with status 500 for outputs of resources that it does not know.",
        make=_validate_outputs,
    ),
)
