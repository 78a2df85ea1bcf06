"""The Cloud Control API: requests for resources of any CloudFormation type, and what has become of them.

A request is accepted at once and carried out later; its progress is asked for with the token of the request.
In all functions ``name`` is what people call the resource, for messages; ``type`` is ``AWS::Service::Thing``,
and ``identifier`` the one by which AWS knows the resource.

Source: "Managing resource operation requests", AWS Cloud Control API User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import AlreadyThereError, AwsError, NotFoundError

GOING_ON = ("PENDING", "IN_PROGRESS", "CANCEL_IN_PROGRESS")
"""States of a request that is not at its end."""

_SERVICE = "cloudcontrol"


def creations(cloud: Cloud, name: str, type: str) -> list[dict[str, Any]]:
    """Return the creations of a type that AWS remembers, as progress events."""
    return requests(cloud, name, type, Operations=["CREATE"])


def requests(cloud: Cloud, name: str, type: str, **filters: list[str]) -> list[dict[str, Any]]:
    """Return the requests of a type that AWS remembers, for seven days."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {}
    while True:
        answer = cloud.call(
            _SERVICE,
            "ListResourceRequests",
            name,
            ResourceRequestStatusFilter=filters,
            **page,
        )
        found += [one for one in answer.get("ResourceRequestStatusSummaries", ()) if one["TypeName"] == type]
        if not answer.get("NextToken"):
            return found
        page = {"NextToken": answer["NextToken"]}


def ask(
    cloud: Cloud, operation: str, name: str, *, already: str | None = None, **parameters: Any
) -> dict[str, Any]:
    """Make a request and return its first progress event.

    Args:
        cloud: to tell.
        operation: ``CreateResource``, ``UpdateResource`` or ``DeleteResource``.
        name: of the resource, for messages.
        already: the code by which AWS says that it is there.
        parameters: of the operation, as botocore calls them.

    Raises:
        AwsError: AWS does not accept the request.
    """
    answer = cloud.call(_SERVICE, operation, name, again=_is_busy, already=already, **parameters)
    event: dict[str, Any] = answer["ProgressEvent"]
    return event


def finish(cloud: Cloud, operation: str, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Wait for the end of a request and return its last progress event.

    Raises:
        NotFoundError: the resource is not there.
        AlreadyThereError: it is, and should not be.
        AwsError: the request failed for another reason.
    """
    latest = [event]

    def look() -> tuple[bool, str]:
        if latest[0]["OperationStatus"] in GOING_ON:
            try:
                answer = cloud.call(
                    _SERVICE, "GetResourceRequestStatus", name, RequestToken=event["RequestToken"]
                )
            except NotFoundError as error:  # of the request, and not of the resource
                raise AwsError(
                    operation=operation, resource=name, aws_code=error.aws_code, message=error.message
                ) from error
            latest[0] = answer["ProgressEvent"]
        status = str(latest[0]["OperationStatus"])
        return status not in GOING_ON, status

    cloud.wait(name, "SUCCESS", look)
    last = latest[0]
    if last["OperationStatus"] == "SUCCESS":
        return last
    code = last.get("ErrorCode", last["OperationStatus"])
    kind = {"NotFound": NotFoundError, "AlreadyExists": AlreadyThereError}.get(code, AwsError)
    raise kind(
        operation=operation,
        resource=name,
        aws_code=code,
        message=last.get("StatusMessage", "It says no more."),
    )


def properties_of(cloud: Cloud, name: str, type: str, identifier: str) -> Mapping[str, Any]:
    """Return what is there now (``GetResource``)."""
    answer = cloud.call(_SERVICE, "GetResource", name, TypeName=type, Identifier=identifier)
    properties: Mapping[str, Any] = json.loads(answer["ResourceDescription"]["Properties"])
    return properties


def exists(cloud: Cloud, name: str, type: str, identifier: str) -> bool:
    """Return whether a resource is there."""
    try:
        properties_of(cloud, name, type, identifier)
    except NotFoundError:
        return False
    return True


def _is_busy(code: str, message: str) -> bool:  # noqa: ARG001
    # Another request for the same resource has not come to its end.
    return code == "ConcurrentOperationException"
