"""AWS's rates are kept, and a refused call is tried again later and later."""

from __future__ import annotations

import pytest

from chalice_deploy.cloud import Clock, Cloud, Patience
from chalice_deploy.errors import AwsError
from chalice_deploy.rates import RATES, Rate, RateLimits, TokenBucket


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def test_a_bucket_lets_a_burst_pass_and_then_the_rate(time: Time) -> None:
    bucket = TokenBucket(Rate(2, burst=3), monotonic=time.monotonic, sleep=time.sleep)

    for _ in range(5):
        bucket.take()

    assert time.slept == [0.5, 0.5]


def test_a_pause_fills_the_bucket_and_no_more_than_that(time: Time) -> None:
    bucket = TokenBucket(Rate(2, burst=3), monotonic=time.monotonic, sleep=time.sleep)
    time.now = 100.0

    for _ in range(4):
        bucket.take()

    assert time.slept == [0.5]


def test_deployments_of_an_api_are_five_seconds_apart(time: Time) -> None:
    limits = RateLimits(RATES, monotonic=time.monotonic, sleep=time.sleep)

    for _ in range(3):
        limits.take("apigateway", "CreateDeployment")
        limits.take("apigateway", "GetRestApi")

    assert time.slept == [5.0, 5.0]


def test_operations_of_one_service_share_its_rate(time: Time) -> None:
    limits = RateLimits(RATES, monotonic=time.monotonic, sleep=time.sleep)

    for number in range(30):
        limits.take("lambda", f"Operation{number}")

    assert sum(time.slept) == pytest.approx(1.0)


def test_a_service_without_a_rate_never_waits(time: Time) -> None:
    limits = RateLimits(RATES, monotonic=time.monotonic, sleep=time.sleep)

    for _ in range(1000):
        limits.take("sts", "GetCallerIdentity")

    assert time.slept == []


class Refusing:
    """A client that is always throttled."""

    def __init__(self) -> None:
        self.calls = 0

    def list_functions(self) -> None:
        from botocore.exceptions import ClientError

        self.calls += 1
        raise ClientError(
            {"Error": {"Code": "TooManyRequestsException", "Message": "Slow down"}}, "ListFunctions"
        )


class OneClient:
    is_closed_off = True

    def __init__(self, client: Refusing) -> None:
        self._client = client

    def client(self, service: str, *, region: str | None = None) -> Refusing:
        return self._client


def test_the_pauses_double_up_to_a_limit_and_end(time: Time) -> None:
    client = Refusing()
    clock = Clock(monotonic=time.monotonic, sleep=time.sleep, jitter=lambda: 1.0)
    patience = Patience(first=1, longest=4, total=12)
    cloud = Cloud(OneClient(client), app="shop", stage="dev", clock=clock, patience=patience)  # type: ignore[arg-type]

    with pytest.raises(AwsError, match="ListFunctions"):
        cloud.call("lambda", "ListFunctions", "all")

    assert time.slept == [1, 2, 4, 4]
    assert client.calls == 5
