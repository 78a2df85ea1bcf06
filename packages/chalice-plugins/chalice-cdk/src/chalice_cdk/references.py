"""What tokens refer to, as far as the CDK tells: the type and the attribute of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnResource, Reference, Tokenization

from chalice_cdk.stand_ins import stand_in, tokens_of


def stand_ins_for(variables: Any) -> dict[str, str]:
    """Return a stand-in for each token in environment variables that is an attribute of a known form.

    Args:
        variables: names to values; anything else holds none, and is reported where it is checked.

    Returns:
        Stand-ins by token.
    """
    found: dict[str, str] = {}
    tokens = tokens_of(variables) if isinstance(variables, Mapping) else ()
    for token in tokens:
        reference = Tokenization.reverse_string(token).first_token
        target = reference.target if isinstance(reference, Reference) else None
        if isinstance(reference, Reference) and isinstance(target, CfnResource):
            fifo = any(getattr(target, name, None) is True for name in ("fifo_queue", "fifo_topic"))
            value = stand_in(target.node.path, target.cfn_resource_type, reference.display_name, fifo=fifo)
            if value is not None:
                found[token] = value
    return found
