"""The documents of REST APIs: the one that is edited, and the ones that were deployed.

An import changes an API and nobody sees it until the next deployment, which
freezes the API as it is. moto keeps no such picture, so it is kept here,
beside moto's own objects and for as long as they live.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from moto.apigateway.models import Deployment, RestAPI

__all__ = ["current_document", "deployed_document", "freeze", "set_document"]

_current: WeakKeyDictionary[RestAPI, dict[str, Any]] = WeakKeyDictionary()
_deployed: WeakKeyDictionary[Deployment, dict[str, Any]] = WeakKeyDictionary()


def current_document(api: RestAPI) -> dict[str, Any] | None:
    """Return the document that the API was made from last."""
    return _current.get(api)


def set_document(api: RestAPI, document: dict[str, Any]) -> None:
    """Keep the document that the API was made from."""
    _current[api] = document


def freeze(api: RestAPI, deployment: Deployment) -> None:
    """Keep the API's document as it is now for ``deployment``."""
    document = _current.get(api)
    if document is not None:
        _deployed[deployment] = copy.deepcopy(document)


def deployed_document(deployment: Deployment | None) -> dict[str, Any] | None:
    """Return what was frozen for a deployment."""
    return _deployed.get(deployment) if deployment is not None else None
