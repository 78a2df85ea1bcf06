"""How often AWS may be called.

Published limits: "Lambda quotas" (control plane API requests: 15 per second,
``GetFunction`` 100, ``GetPolicy`` 15), and "Amazon API Gateway quotas"
(``CreateRestApi`` 1 per 3 s; ``DeleteRestApi`` 1 per 30 s; ``PutRestApi``
1 per second; ``CreateDeployment`` 1 per 5 s; ``CreateDomainName`` 1 per 30 s; all others share 10 per second
with bursts of 40).  IAM, CloudWatch Logs, EventBridge,
Scheduler and SNS get rates of our own choice, below their quotas.

The limits hold for an account, so another process may use them up, and an
edge-optimised API may be created only once in 30 s: calls that AWS throttles
are therefore tried again as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit.

    Args:
        per_second: calls per second.
        burst: calls that may be made at once after a pause.
    """

    per_second: float
    burst: float = 1


LAMBDA_CONTROL_PLANE = Rate(15, 15)
"""Shared by all of Lambda's operations that are not named below."""

API_GATEWAY = Rate(10, 40)

COGNITO = Rate(10, 15)
"""Below the 15 per second of ``UserPoolRead`` and of ``UserPoolUpdate`` ("Quotas in Amazon Cognito")."""

RATES: Mapping[str, Rate] = {
    "lambda": LAMBDA_CONTROL_PLANE,
    "lambda:GetFunction": Rate(100, 100),
    "lambda:GetPolicy": Rate(15, 15),
    "apigateway": API_GATEWAY,
    "apigateway:CreateRestApi": Rate(1 / 3),
    "apigateway:DeleteRestApi": Rate(1 / 30),
    "apigateway:PutRestApi": Rate(1),
    "apigateway:CreateDeployment": Rate(1 / 5),
    "apigateway:CreateDomainName": Rate(1 / 30),
    "apigatewayv2:CreateDomainName": Rate(1 / 30),
    # One quota for both versions of the API; what this target does with version 2 is little.
    "apigatewayv2": API_GATEWAY,
    "apigatewayv2:CreateDeployment": Rate(1 / 5),
    "cognito-idp": COGNITO,
    "events": Rate(20, 20),
    "scheduler": Rate(20, 50),
    "sns": Rate(20, 20),
    "cloudcontrol": Rate(5, 10),
    "iam": Rate(10, 20),
    "logs": Rate(5, 10),
}
"""By service, or by service and operation."""


class TokenBucket:
    """Lets calls pass at a rate.

    Args:
        rate: the limit.
        monotonic: tells the time in seconds.
        sleep: waits for that many seconds.
    """

    def __init__(self, rate: Rate, *, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._rate, self._monotonic, self._sleep = rate, monotonic, sleep
        self._tokens = rate.burst
        self._at = monotonic()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until a call may be made."""
        with self._lock:
            now = self._monotonic()
            self._tokens = min(self._rate.burst, self._tokens + (now - self._at) * self._rate.per_second)
            self._at = now
            self._tokens -= 1
            # A negative number of tokens is a queue: whoever comes later waits longer.
            wait = max(0.0, -self._tokens / self._rate.per_second)
        if wait:
            self._sleep(wait)


class RateLimits:
    """The buckets of one account and region."""

    def __init__(
        self, rates: Mapping[str, Rate], *, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._buckets = {
            name: TokenBucket(rate, monotonic=monotonic, sleep=sleep) for name, rate in rates.items()
        }

    def take(self, service: str, operation: str) -> None:
        """Wait until ``operation`` of ``service`` may be called; services without a limit never wait."""
        bucket = self._buckets.get(f"{service}:{operation}") or self._buckets.get(service)
        if bucket is not None:
            bucket.take()
