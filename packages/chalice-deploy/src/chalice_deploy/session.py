"""Clients of AWS's services, for one place.

botocore is imported here and nowhere else before something is contacted.
boto3 is not: it adds nothing that is used here, and takes longer to import
than botocore itself.  With an endpoint of its own a place is closed off:
nothing of the user's AWS configuration, credentials or proxies takes part.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from chalice_core.target import Place
from chalice_deploy.errors import NoRegionError, UnknownProfileError

if TYPE_CHECKING:
    from botocore.session import Session

LOCAL_CREDENTIAL = "local"  # an embedded AWS checks no signatures
LOCAL_REGION = "us-east-1"


class Clients:
    """The session of a place and its clients, made when first asked for.

    Args:
        place: where to.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._session: Session | None = None
        self._clients: dict[tuple[str, float | None, str | None], Any] = {}
        self._lock = threading.RLock()
        self._assumed: str | None = None

    @property
    def region(self) -> str:
        """The region.

        Raises:
            NoRegionError: none is configured.
        """
        region: str | None = self._open().get_config_variable("region") or self._assumed
        if region is None:
            raise NoRegionError
        return region

    def assume(self, region: str) -> None:
        """Take this region when none is configured: the one that a record names."""
        self._assumed = region

    @property
    def is_closed_off(self) -> bool:
        """Whether the place is another implementation of AWS."""
        return self._place.endpoint_url is not None

    def client(self, service: str, *, read_timeout: float | None = None, region: str | None = None) -> Any:
        """Return the client of a service; the same one each time.

        Args:
            service: botocore's name of it.
            read_timeout: seconds; None takes the place's or botocore's default.
            region: None takes the place's.

        Raises:
            NoRegionError: none is configured.
            UnknownProfileError: the place's profile is not there.
        """
        with self._lock:
            other = None if region is None or region == self.region else region
            key = (service, read_timeout, other)
            if key not in self._clients:
                self._clients[key] = self._make(*key)
            return self._clients[key]

    def _make(self, service: str, read_timeout: float | None, region: str | None) -> Any:
        from botocore.config import Config

        place = self._place
        options: dict[str, Any] = {
            # Calls are retried by `chalice_deploy.cloud`, which knows which of them may be repeated.
            "retries": {"mode": "standard", "total_max_attempts": 1},
            "user_agent_extra": "chalice-deploy",
            "parameter_validation": True,
        }
        if place.connection_timeout is not None:
            options["connect_timeout"] = options["read_timeout"] = place.connection_timeout
        if read_timeout is not None:
            options["read_timeout"] = read_timeout
        if place.endpoint_url is not None:
            options |= {
                "proxies": {},
                "ignore_configured_endpoint_urls": True,
                "use_fips_endpoint": False,
                "use_dualstack_endpoint": False,
            }
        session: Any = self._open()  # the stubs want a literal name
        return session.create_client(
            service,
            region_name=region or self.region,
            endpoint_url=place.endpoint_url,
            config=Config(**options),
        )

    def _open(self) -> Session:
        with self._lock:
            if self._session is None:
                self._session = _open(self._place)
            return self._session


def _open(place: Place) -> Session:
    from botocore.exceptions import ProfileNotFound
    from botocore.session import Session

    if place.endpoint_url is not None:
        # Each variable is (name in the file, names in the environment, default, conversion).
        session = Session(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": (None, None, os.devnull, None),
                "credentials_file": (None, None, os.devnull, None),
                "ca_bundle": (None, None, None, None),
            }
        )
        session.set_config_variable("region", place.region or LOCAL_REGION)
        session.set_credentials(LOCAL_CREDENTIAL, LOCAL_CREDENTIAL)
        return session
    session = Session(profile=place.profile)
    try:
        # A broken file, and a profile that is not there, are found here rather than in the middle.
        session.get_scoped_config()
    except ProfileNotFound as error:
        raise UnknownProfileError(profile=str(error.kwargs.get("profile", place.profile))) from error
    if place.region is not None:
        session.set_config_variable("region", place.region)
    return session
