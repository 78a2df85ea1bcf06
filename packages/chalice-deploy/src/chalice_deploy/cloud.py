"""Calls to AWS, made so that they succeed when they can.

Every call of this target goes through `Cloud.call`: it keeps AWS's rate
limits, waits out throttling and the delays of eventual consistency, and
turns what AWS says into errors for people.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from chalice_deploy.errors import (
    AlreadyThereError,
    AwsError,
    CredentialsError,
    NoRegionError,
    NotFoundError,
    StillWorkingError,
    UnknownProfileError,
    UnreachableError,
)
from chalice_deploy.partitions import partition_of
from chalice_deploy.rates import RATES, RateLimits
from chalice_deploy.session import Clients

OWNER_TAG = "chalice:resource"
"""Names the application, stage and resource that a thing in AWS belongs to."""

Repeat: TypeAlias = Literal["soon", "later"] | None
"""Whether a failed call is made again: a few times soon, or until patience ends, or not at all."""

Again = Callable[[str, str], bool]
"""Says for AWS's error code and message whether the same call will succeed later."""

_NOT_FOUND = ("NotFound", "NotFoundException", "NoSuchEntity", "NoSuchEntityException")
"""What the codes of such errors end with; some services answer with another status than 404."""

_ALREADY_THERE = frozenset(
    {"EntityAlreadyExists", "EntityAlreadyExistsException", "ResourceAlreadyExistsException"}
)
_THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "LimitExceededException.Throttled",
        "PriorRequestNotComplete",
    }
)
_BROKEN = frozenset(
    {
        "ServiceException",
        "ServiceFailure",
        "ServiceFailureException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "InternalFailure",
        "InternalServerError",
        "InternalError",
        "ConcurrentModification",
        "ConcurrentModificationException",
        "OperationAbortedException",
    }
)
# Repeating one of these after a broken connection could make a second one of something.
_NOT_REPEATABLE = frozenset(
    {
        "CreateRestApi",
        "CreateApi",
        "CreateIntegration",
        "CreateEventSourceMapping",
        "CreateDeployment",
        # After a conflict it has to be looked at again what somebody else has changed.
        "UpdateUserPool",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to keep trying, in seconds.

    Args:
        first: the first pause; each one is up to twice as long as the one before.
        longest: the longest pause.
        total: when to give up a call that AWS says will succeed later.
        settling: when to give up waiting for a state; a function in a VPC takes minutes.
        attempts: how often a call is made that AWS fails to answer properly.
    """

    first: float = 0.5
    longest: float = 8.0
    total: float = 180.0
    settling: float = 600.0
    attempts: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time, for tests to replace."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=lambda: random.uniform(0.5, 1.0))  # noqa: S311  # no secret


class Cloud:
    """One account and region of AWS, as an application's stage sees it.

    Args:
        clients: of the place.
        app, stage: what is deployed.
        clock: the time.
        patience: for calls that will succeed later.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        app: str,
        stage: str,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._clients = clients
        self._app, self._stage = app, stage
        self._clock = clock or Clock()
        # An embedded AWS is as quick as the machine; nothing there takes seconds to become consistent.
        self._patience = patience or Patience(first=0.05 if clients.is_closed_off else 0.5)
        rates = {} if clients.is_closed_off else RATES
        self._limits = RateLimits(rates, monotonic=self._clock.monotonic, sleep=self._clock.sleep)
        self._account: str | None = None
        self._hidden: frozenset[str] = frozenset()
        self._giving_up = threading.Event()

    @property
    def region(self) -> str:
        """The region's name."""
        return self._clients.region

    def assume(self, region: str) -> None:
        """Take this region when none is configured."""
        self._clients.assume(region)

    @property
    def partition(self) -> str:
        """The partition, ``aws``."""
        return partition_of(self.region).name

    @property
    def dns_suffix(self) -> str:
        """What host names end with, ``amazonaws.com``."""
        return partition_of(self.region).dns_suffix

    @property
    def account(self) -> str:
        """The account that the credentials belong to; asked once (``GetCallerIdentity``)."""
        if self._account is None:
            self._account = str(self.call("sts", "GetCallerIdentity", "the account")["Account"])
        return self._account

    def owner(self, id: str) -> str:
        """Return the value of `OWNER_TAG` for a resource of this application and stage."""
        return f"{self._app}/{self._stage}/{id}"

    def is_ours(self, tags: Mapping[str, str]) -> bool:
        """Return whether something with these tags was created by this application and stage."""
        return tags.get(OWNER_TAG, "").startswith(f"{self._app}/{self._stage}/")

    def hide(self, secrets: Collection[str]) -> None:
        """Keep these texts out of every message from now on."""
        self._hidden |= frozenset(secrets)

    def call(
        self,
        service: str,
        operation: str,
        resource: str,
        /,
        *,
        again: Again | None = None,
        already: str | None = None,
        region: str | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """Call AWS.

        Args:
            service: botocore's name of it, ``lambda``.
            operation: AWS's name of it, ``CreateFunction``.
            resource: what messages call the resource.
            again: when the call will succeed later; throttled calls always will.
            already: a code that means "it exists already" for this call, where
                AWS uses one code for several things.
            region: whose endpoint is called, when it is another than the place's.
            **parameters: of the operation.

        Returns:
            AWS's answer.

        Raises:
            NotFoundError: what the call is about does not exist.
            AlreadyThereError: what it creates exists.
            AwsError: AWS refused it for another reason.
            UnreachableError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        from botocore import xform_name

        method = getattr(self._clients.client(service, region=region), xform_name(operation))
        started = self._clock.monotonic()
        pause, attempts = self._patience.first, 0
        while True:
            self._limits.take(service, operation)
            problem, repeat = self._attempt(method, operation, resource, again, already, parameters)
            attempts += 1
            if not isinstance(problem, Exception):
                answer: dict[str, Any] = problem
                return answer
            late = self._clock.monotonic() - started + pause > self._patience.total
            tired = repeat == "soon" and attempts >= self._patience.attempts
            if repeat is None or late or tired or self._giving_up.is_set():
                raise problem
            self._clock.sleep(pause * self._clock.jitter())
            pause = min(pause * 2, self._patience.longest)

    def pages(
        self, service: str, operation: str, resource: str, /, *, items: str, **parameters: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages of a listing.

        Args:
            service: as for `call`.
            operation: as for `call`.
            resource: as for `call`.
            items: the name of the list in each answer.
            **parameters: of the operation; ``region`` as for `call`.
        """
        tokens = {
            "apigateway": ("position", "position"),
            "apigatewayv2": ("NextToken", "NextToken"),
            "logs": ("nextToken", "nextToken"),
            "sns": ("NextToken", "NextToken"),
        }
        ask, answer = tokens.get(service, ("Marker", "NextMarker"))
        while True:
            page = self.call(service, operation, resource, **parameters)
            yield from page.get(items, ())
            if not page.get(answer):
                return
            parameters[ask] = page[answer]

    def wait(self, resource: str, wanted: str, look: Callable[[], tuple[bool, str]]) -> None:
        """Look until something is as it should be.

        Args:
            resource: what messages call it.
            wanted: the state waited for.
            look: returns whether it is so, and what it is.

        Raises:
            StillWorkingError: it did not become so in time.
        """
        started = self._clock.monotonic()
        pause = self._patience.first
        while True:
            reached, seen = look()
            if reached:
                return
            late = self._clock.monotonic() - started + pause > self._patience.settling
            if late or self._giving_up.is_set():
                raise StillWorkingError(resource=resource, wanted=wanted, seen=seen)
            self._clock.sleep(pause * self._clock.jitter())
            pause = min(pause * 2, self._patience.longest)

    def once(
        self, service: str, operation: str, resource: str, /, *, read_timeout: float, **parameters: Any
    ) -> dict[str, Any]:
        """Call AWS and never try again.

        Args:
            service: as for `call`.
            operation: as for `call`.
            resource: as for `call`.
            read_timeout: seconds to wait for the answer.
            **parameters: of the operation.

        Raises:
            TimeoutError: there was no answer in time.
            ToolError: as `call` does.
        """
        from botocore import xform_name
        from botocore.exceptions import ReadTimeoutError

        method = getattr(self._clients.client(service, read_timeout=read_timeout), xform_name(operation))
        answer, _ = self._attempt(method, operation, resource, None, None, parameters)
        if isinstance(answer, Exception):
            if isinstance(answer.__cause__, ReadTimeoutError):
                raise TimeoutError(operation) from answer
            raise answer
        result: dict[str, Any] = answer
        return result

    def give_up(self) -> None:
        """Let calls and waits that are under way end at their next failure."""
        self._giving_up.set()

    def carry_on(self) -> None:
        """Try again as usual."""
        self._giving_up.clear()

    def _attempt(
        self,
        method: Any,
        operation: str,
        resource: str,
        again: Again | None,
        already: str | None,
        parameters: Mapping[str, Any],
    ) -> tuple[Any, Repeat]:
        """Return the answer, or the error and when to try again."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return method(**parameters), None
        except ClientError as error:
            code = error.response["Error"].get("Code", "Unknown")
            original = error.response["Error"].get("Message", "")
            message = self._without_secrets(original, parameters)
            # A traceback shows causes too, so one that repeats a secret is left out.
            cause = error if message == original else None
            facts = {"operation": operation, "resource": resource, "aws_code": code, "message": message}
            if again is not None and again(code, message):
                return _chained(AwsError(**facts), cause), "later"
            if code in _ALREADY_THERE or code == already:
                return _chained(AlreadyThereError(**facts), cause), None
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if status == 404 or code.endswith(_NOT_FOUND):
                return _chained(NotFoundError(**facts), cause), None
            problem = _chained(AwsError(**facts), cause)
            if code in _THROTTLED:
                return problem, "later"
            broken = (code in _BROKEN or status >= 500) and operation not in _NOT_REPEATABLE
            return problem, "soon" if broken else None
        except BotoCoreError as error:
            return self._without_answer(error, operation, resource)

    def _without_answer(self, error: Exception, operation: str, resource: str) -> tuple[Exception, Repeat]:
        from botocore import exceptions

        detail = self._without_secrets(str(error))
        if isinstance(error, exceptions.NoRegionError):
            return _chained(NoRegionError(), error), None
        if isinstance(error, exceptions.ProfileNotFound):
            return _chained(UnknownProfileError(profile=str(error.kwargs.get("profile"))), error), None
        if isinstance(
            error,
            (
                exceptions.NoCredentialsError,
                exceptions.PartialCredentialsError,
                exceptions.CredentialRetrievalError,
                exceptions.SSOError,
                exceptions.TokenRetrievalError,
                exceptions.LoginError if hasattr(exceptions, "LoginError") else exceptions.SSOError,
            ),
        ):
            return _chained(CredentialsError(why=detail), error), None
        closed_off = self._clients.is_closed_off
        unreachable = _chained(
            UnreachableError(operation=operation, detail=detail, closed_off=closed_off), error
        )
        if isinstance(error, exceptions.ParamValidationError):
            facts = {"operation": operation, "resource": resource, "aws_code": "ParamValidation"}
            # Not chained: botocore's own text repeats the values, and they may be secret.
            return AwsError(message=detail, **facts), None
        connected = not isinstance(
            error, (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError)
        )
        passing = isinstance(error, exceptions.HTTPClientError)
        # Someone who is offline should not wait for minutes: no connection at all is not tried again.
        repeatable = passing and connected and operation not in _NOT_REPEATABLE
        return unreachable, "soon" if repeatable else None

    def _without_secrets(self, message: str, parameters: Mapping[str, Any] | None = None) -> str:
        """Return a message without secrets.

        The name of a queue may be a variable's value, too.  In an error of a call that carries no variables
        and names that queue, the name is what the error is about.
        """
        told = "" if parameters is None or "Environment" in parameters else repr(parameters)
        for secret in sorted(self._hidden, key=len, reverse=True):
            if len(secret) > 2 and secret not in told:
                message = message.replace(secret, "(hidden)")
        return message


def _chained(error: Exception, cause: BaseException | None) -> Exception:
    error.__cause__ = cause
    return error
