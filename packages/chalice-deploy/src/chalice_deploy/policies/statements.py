"""From calls to the statements of a policy, as few and as narrow as they can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

from chalice_core.values import Value, render
from chalice_deploy.policies.actions import actions_of, is_partiql, partiql
from chalice_deploy.policies.exceptions import EVERYWHERE_ONLY
from chalice_deploy.policies.machine import Machine, Use
from chalice_deploy.policies.named_resources import statements
from chalice_deploy.policies.narrowing import EVERYTHING, resources_of
from chalice_deploy.policies.parameters import Call, NotKnownError

NO_RESOURCE = "AWS knows no resource of this action"


class Allowed(NamedTuple):
    """One statement of a policy."""

    actions: tuple[str, ...]
    resources: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An action that a call needs, and why.

    Args:
        action: ``dynamodb:PutItem``.
        resources: what it is needed for; ``*`` when that is not known.
        reason: why it is ``*``, a clause; empty when it is narrower.
        path: of the file, relative to the project, with forward slashes.
        line: counted from 1.
        call: ``dynamodb put_item``: botocore's name of the service, and the method.
    """

    action: str
    resources: tuple[Value, ...]
    reason: str
    path: str
    line: int
    call: str


def findings_of(machine: Machine, uses: Iterable[Use], environment: Mapping[str, str]) -> list[Finding]:
    """Return what calls need, sorted by action and place.

    Args:
        machine: where the calls were found.
        uses: the calls.
        environment: the variables that the function gets.
    """
    found: dict[tuple[str, tuple[str, ...], str, int], Finding] = {}
    for use in uses:
        call = Call(machine, use, environment)
        if is_partiql(use.service, use.operation):
            actions = partiql(statements(call))
        else:
            actions = actions_of(use.service, use.operation, call.names)
        for action in actions:
            resources: tuple[Value, ...] = (EVERYTHING,)
            reason = NO_RESOURCE
            if action not in EVERYWHERE_ONLY:
                try:
                    resources, reason = resources_of(call, action), ""
                except NotKnownError as unknown:
                    reason = str(unknown)
            if not resources:
                continue
            finding = Finding(
                action=action,
                resources=resources,
                reason=reason,
                path=use.path,
                line=use.line,
                call=f"{use.service} {use.method}",
            )
            found[action, tuple(_shown(one) for one in resources), use.path, use.line] = finding
    return sorted(
        found.values(), key=lambda one: (one.action, one.path, one.line, one.reason, repr(one.resources))
    )


def merged(findings: Iterable[Finding]) -> tuple[Allowed, ...]:
    """Return statements for findings, sorted: one for each set of resources.

    What a wider resource of the same action covers is left out.  Actions of which AWS knows no resource
    have a statement of their own beside the others that are allowed on everything.
    """
    wanted: dict[str, dict[str, Value]] = {}
    for finding in findings:
        of_action = wanted.setdefault(finding.action, {})
        of_action.update({_shown(one): one for one in finding.resources})
    groups: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    values: dict[str, Value] = {}
    for action, resources in wanted.items():
        kept = widest(tuple(resources))
        values.update(resources)
        groups.setdefault((action in EVERYWHERE_ONLY, kept), []).append(action)
    result = [
        Allowed(actions=tuple(sorted(actions)), resources=tuple(values[name] for name in names))
        for (_, names), actions in groups.items()
    ]
    return tuple(sorted(result, key=lambda one: (one.actions, [_shown(value) for value in one.resources])))


def widest(resources: Sequence[str]) -> tuple[str, ...]:
    """Return the resources that no other one covers, sorted.

    >>> widest(["arn:aws:s3:::a/x", "arn:aws:s3:::a/*"])
    ('arn:aws:s3:::a/*',)
    """
    if EVERYTHING in resources:
        return (EVERYTHING,)
    wide = [one for one in resources if "*" in one]
    return tuple(
        sorted(
            one
            for one in set(resources)
            if not any(other != one and fnmatchcase(one, other.replace("[", "[[]")) for other in wide)
        )
    )


def document(statements: Iterable[Allowed]) -> dict[str, object]:
    """Return a policy as IAM takes it.

    Partition, region and account are ``*``: they are those of the place that is deployed to, which the source
    does not say.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": list(statement.actions),
                "Resource": [_shown(resource) for resource in statement.resources],
            }
            for statement in statements
        ],
    }


def _shown(resource: Value) -> str:
    return render(resource, output=lambda output: f"{output.of}.{output.name}", pseudo=lambda _: "*")
