"""Who may do what: roles, their policies, and what families ask of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalice_core.kinds.base import Resource
from chalice_core.values import Output, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of an IAM policy that allows something.

    Source: "IAM JSON policy elements reference", AWS IAM User Guide.
    """

    actions: tuple[str, ...]
    resources: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Resource):
    """An IAM role that the application's functions act with.

    Args:
        role_name: its name in IAM, at most 64 characters.
        trusted_services: service prefixes that may assume it, ``lambda``.
        statements: its inline policy.  While a graph is built, families
            add to it with `Grant`; a finished graph holds no grants.
        policy_document: a hand-written policy that replaces ``statements``
            and every grant, as parsed JSON; None when the policy is generated.
    """

    role_name: str
    trusted_services: tuple[str, ...] = ("lambda",)
    statements: tuple[Statement, ...] = ()
    policy_document: Mapping[str, object] | None = None

    @property
    def arn(self) -> Output:
        """The role's ARN."""
        return Output(self.id, "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePolicy(Resource):
    """A further inline policy of a role (``PutRolePolicy``, AWS IAM API Reference).

    Building a graph makes one of each `Grant` whose resources need the role
    themselves, so that they could not be there when the role is made.

    Args:
        role: the role's ARN; of a role of the graph.
        policy_name: unique within the role, at most 128 characters.
        statements: what it allows.
    """

    role: Output
    policy_name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Resource):
    """A permission that a role must have.

    A grant is an instruction to the graph and no node of it: building the
    graph folds it into its `Role`, or makes a `RolePolicy` of it when what it
    applies to needs the role first.  Whatever named the grant in ``after``
    waits for the one or the other.  A grant to a role that is not managed by us (a plain
    ARN) is dropped, for such a role is its owner's business.

    Args:
        role: the role's ARN, ``function.role``.
        actions: IAM actions, ``sqs:ReceiveMessage``.
        on: the ARNs that they apply to.
    """

    role: Output | str
    actions: tuple[str, ...]
    on: tuple[Value, ...]
