"""Stacks of CloudFormation: their resources are created, changed and deleted in the right order.

moto keeps stacks, change sets, parameters and outputs, and resolves the functions of templates. The resources
are made here: moto would skip those that it does not know.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.cloudformation.models import Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import OutputMap, clean_json
from moto.core.exceptions import ServiceException

from chalice_localaws.embedded.provisioning.model import Provisioned, ProvisioningError, Scope
from chalice_localaws.embedded.provisioning.moto_types import attribute_of
from chalice_localaws.embedded.provisioning.types import Recorded, generated_name
from chalice_localaws.embedded.templates import creation_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice_localaws.embedded.provisioning.model import ResourceType
    from chalice_localaws.embedded.provisioning.types import Resources, ResourceTypes

__all__ = ["StackResource", "Stacks"]

# For so long a call waits for the end of what it has begun, so that most need not be asked about again.
_WAIT_SECONDS = 20.0


@dataclass(slots=True, kw_only=True)
class StackResource:
    """A resource of a stack, as moto's answers and functions of templates see it.

    Attributes:
        scope: where, and whose.
        properties: without functions.
        provisioned: the resource.
        retain: it stays when the stack gives it up.
    """

    scope: Scope
    properties: Mapping[str, Any]
    provisioned: Provisioned
    retain: bool = False

    @property
    def logical_resource_id(self) -> str:
        """Its name in the template."""
        return self.scope.logical_id

    @property
    def cf_resource_type(self) -> str:
        """Its type."""
        return self.scope.type

    @property
    def physical_resource_id(self) -> str:
        """What ``Ref`` gives."""
        return self.provisioned.identifier

    def get_cfn_attribute(self, name: str) -> Any:
        """Return what ``Fn::GetAtt`` gives."""
        if name in self.provisioned.attributes:
            return self.provisioned.attributes[name]
        made = self.provisioned.state
        found = attribute_of(made, name) if made is not None else None
        if found is None:
            raise UnformattedGetAttTemplateException
        return found

    def is_created(self) -> bool:
        """It is."""
        return True


@dataclass(slots=True)
class _Work:
    """What one run has done, to be undone when it fails."""

    created: list[StackResource] = field(default_factory=list)
    changed: list[tuple[StackResource, StackResource]] = field(default_factory=list)
    replaced: list[StackResource] = field(default_factory=list)


class Stacks:
    """Makes the resources of stacks.

    Args:
        types: what can be made.
        resources: takes note of them.
    """

    def __init__(self, types: ResourceTypes, resources: Resources) -> None:
        self.types = types
        self._resources = resources
        self._there: WeakKeyDictionary[Stack, dict[str, StackResource]] = WeakKeyDictionary()

    def create(self, stack: Stack) -> None:
        """Begin to create all resources, and wait for a while."""
        stack.status = "CREATE_IN_PROGRESS"
        self._there[stack] = {}
        _run(lambda: self._create(stack))

    def update(self, stack: Stack) -> None:
        """Begin to bring the resources to what the stack's template says now, and wait for a while."""
        stack.status = "UPDATE_IN_PROGRESS"
        _run(lambda: self._update(stack))

    def delete(self, stack: Stack) -> None:
        """Delete all resources.

        Raises:
            ProvisioningError: one cannot be deleted; those that need it not are gone.
        """
        stack.status = "DELETE_IN_PROGRESS"
        there = self._there.get(stack, {})
        for name in reversed(self._order(stack)):
            if name in there:
                self._remove(stack, there.pop(name))

    def _create(self, stack: Stack) -> None:
        work = _Work()
        try:
            self._bring_about(stack, work)
        except (ProvisioningError, ServiceException) as error:
            _note(stack, "ROLLBACK_IN_PROGRESS", str(error))
            self._undo(stack, work)
            # Nothing is there that outputs could tell of.
            stack.output_map = OutputMap(stack.resource_map, {"Outputs": {}}, stack.stack_id)
            _note(stack, "ROLLBACK_COMPLETE")
        else:
            _publish(stack)
            _note(stack, "CREATE_COMPLETE")

    def _update(self, stack: Stack) -> None:
        work = _Work()
        before = dict(self._there.setdefault(stack, {}))
        try:
            self._bring_about(stack, work)
        except (ProvisioningError, ServiceException) as error:
            _note(stack, "UPDATE_ROLLBACK_IN_PROGRESS", str(error))
            self._undo(stack, work)
            self._there[stack] = before
            _note(stack, "UPDATE_ROLLBACK_COMPLETE")
            return
        _publish(stack)
        there = self._there[stack]
        gone = [there.pop(name) for name in list(there) if name not in stack.template_dict["Resources"]]
        for resource in [*reversed(work.replaced), *reversed(gone)]:
            try:
                self._remove(stack, resource)
            except ProvisioningError as error:  # noqa: PERF203 - what is left behind is told, as AWS does
                _note_resource(stack, resource, "DELETE_FAILED", str(error))
        _note(stack, "UPDATE_COMPLETE")

    def _bring_about(self, stack: Stack, work: _Work) -> None:
        there = self._there[stack]
        parsed = stack.resource_map._parsed_resources
        for name in creation_order(stack.template_dict):
            definition = stack.template_dict["Resources"][name]
            condition = definition.get("Condition")
            if condition and not stack.resource_map.lazy_condition_map[condition]:
                parsed.pop(name, None)
                if name in there:
                    work.replaced.append(there.pop(name))
                continue
            wanted = self._resolved(stack, definition)
            now = there.get(name)
            if now is not None and now.scope.type == definition["Type"]:
                made = self._change(stack, now, wanted, work)
            else:
                if now is not None:
                    work.replaced.append(now)
                made = self._make(stack, name, definition, wanted, work)
            made.retain = definition.get("DeletionPolicy") in {"Retain", "RetainExceptOnCreate"}
            there[name] = parsed[name] = made

    def _make(
        self, stack: Stack, name: str, definition: Mapping[str, Any], wanted: Mapping[str, Any], work: _Work
    ) -> StackResource:
        scope = Scope(
            account_id=stack.account_id,
            region=stack.region_name,
            type=definition["Type"],
            logical_id=name,
            stack_name=stack.name,
            stack_id=stack.stack_id,
            name=generated_name(stack.name, name),
        )
        begun = StackResource(scope=scope, properties=wanted, provisioned=Provisioned(identifier=""))
        _note_resource(stack, begun, "CREATE_IN_PROGRESS")
        try:
            provisioned = self._type(scope).create(scope, wanted)
        except ProvisioningError as error:
            _note_resource(stack, begun, "CREATE_FAILED", str(error))
            raise ProvisioningError(
                f"The following resource(s) failed to create: [{name}]. {scope.type}: {error}"
            ) from error
        made = replace(begun, provisioned=provisioned)
        work.created.append(made)
        self._record(made)
        _note_resource(stack, made, "CREATE_COMPLETE")
        return made

    def _change(
        self, stack: Stack, now: StackResource, wanted: Mapping[str, Any], work: _Work
    ) -> StackResource:
        changed = {key for key in {*now.properties, *wanted} if now.properties.get(key) != wanted.get(key)}
        if not changed:
            return now
        type = self._type(now.scope)
        if type.replaces is None or changed & type.replaces:
            definition = {"Type": now.scope.type}
            work.replaced.append(now)
            return self._make(stack, now.scope.logical_id, definition, wanted, work)
        _note_resource(stack, now, "UPDATE_IN_PROGRESS")
        try:
            provisioned = type.update(now.scope, now.provisioned, now.properties, wanted)
        except ProvisioningError as error:
            _note_resource(stack, now, "UPDATE_FAILED", str(error))
            raise ProvisioningError(
                f"The following resource(s) failed to update: [{now.scope.logical_id}]. "
                f"{now.scope.type}: {error}"
            ) from error
        made = replace(now, properties=wanted, provisioned=provisioned)
        if provisioned.identifier != now.physical_resource_id:
            work.replaced.append(now)
            work.created.append(made)
        else:
            work.changed.append((now, made))
        self._record(made)
        _note_resource(stack, made, "UPDATE_COMPLETE")
        return made

    def _undo(self, stack: Stack, work: _Work) -> None:
        there, parsed = self._there[stack], stack.resource_map._parsed_resources
        for old, new in reversed(work.changed):
            try:
                self._type(old.scope).update(old.scope, new.provisioned, new.properties, old.properties)
                self._record(old)
            except ProvisioningError as error:  # noqa: PERF203 - the others are still undone
                _note_resource(stack, old, "UPDATE_FAILED", str(error))
        for made in reversed(work.created):
            try:
                self._remove(stack, replace(made, retain=False))
            except ProvisioningError as error:
                _note_resource(stack, made, "DELETE_FAILED", str(error))
            there.pop(made.logical_resource_id, None)
            parsed.pop(made.logical_resource_id, None)
        for old in work.replaced:
            there[old.logical_resource_id] = parsed[old.logical_resource_id] = old

    def _remove(self, stack: Stack, resource: StackResource) -> None:
        if resource.retain:
            _note_resource(stack, resource, "DELETE_SKIPPED")
            return
        _note_resource(stack, resource, "DELETE_IN_PROGRESS")
        try:
            self._type(resource.scope).delete(resource.scope, resource.provisioned, resource.properties)
        except ProvisioningError as error:
            _note_resource(stack, resource, "DELETE_FAILED", str(error))
            raise
        self._resources.remove(resource.scope, resource.physical_resource_id)
        _note_resource(stack, resource, "DELETE_COMPLETE")

    def _resolved(self, stack: Stack, definition: Mapping[str, Any]) -> dict[str, Any]:
        try:
            properties: dict[str, Any] = clean_json(definition.get("Properties", {}), stack.resource_map)
        except KeyError as error:
            raise ProvisioningError(f"Unresolved resource dependencies [{error.args[0]}]") from error
        return properties

    def _type(self, scope: Scope) -> ResourceType:
        found = self.types.find(scope.type)
        if found is None:
            raise ProvisioningError(f"The type {scope.type} is not emulated on this machine.")
        return found

    def _record(self, made: StackResource) -> None:
        self._resources.put(Recorded(scope=made.scope, properties=made.properties, there=made.provisioned))

    def _order(self, stack: Stack) -> list[str]:
        there = self._there.get(stack, {})
        known = creation_order(stack.template_dict) if stack.template_dict else []
        return [*(name for name in there if name not in known), *known]


def _run(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work, name="stack", daemon=True)
    thread.start()
    thread.join(_WAIT_SECONDS)


def _publish(stack: Stack) -> None:
    """Take the outputs anew: they were not known while the resources were made."""
    stack.output_map = stack._create_output_map()
    backend = cloudformation_backends[stack.account_id][stack.region_name]
    for export in stack.exports:
        backend.exports[export.name] = export


def _note(stack: Stack, status: str, reason: str | None = None) -> None:
    stack._add_stack_event(status, resource_status_reason=reason)
    if reason is not None:
        vars(stack)["stack_status_reason"] = reason  # the answer to DescribeStacks is made of attributes
    stack.status = status


def _note_resource(stack: Stack, resource: StackResource, status: str, reason: str | None = None) -> None:
    stack.events.append(
        Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=resource.logical_resource_id,
            physical_resource_id=resource.physical_resource_id,
            resource_type=resource.cf_resource_type,
            resource_status=status,
            resource_status_reason=reason,
            resource_properties=None,
        )
    )
