"""Keeping web sites away from an AWS that needs no password.

The server listens on this machine only, but a browser on this machine opens
any site, and a site can make the browser send requests here. Whoever can
create a function here runs code as the user, so what a site could send is
refused:

* a name that is not this machine's in ``Host`` means that a site's own name was
  pointed here (DNS rebinding);
* an ``Origin`` or ``Sec-Fetch-Site`` that speaks of another site means that a
  page sent it.

https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from chalice_local import is_loopback_name

__all__ = ["refusal_for"]

# The names of AWS itself reach this port only by a client's own decision (curl --resolve).
_AWS_NAME = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|on\.aws)(:\d+)?", re.IGNORECASE)


def refusal_for(*, host: str, origin: str | None, fetch_site: str | None, to_an_api: bool) -> str | None:
    """Return why a request is refused, or ``None`` when it is not.

    Args:
        host: the Host header.
        origin: the Origin header, which browsers send with all but plain GET requests.
        fetch_site: the Sec-Fetch-Site header.
        to_an_api: it is for an application's own API, whose CORS settings decide about origins.
    """
    if not is_loopback_name(host) and not _AWS_NAME.fullmatch(host):
        return f"The host {host!r} is not this machine."
    if to_an_api:
        return None
    if origin is not None:
        if origin == "null" or not is_loopback_name(urlsplit(origin).netloc):
            return f"Pages of {origin!r} may not use the embedded AWS."
        return None
    if fetch_site in {"cross-site", "same-site"}:
        return "Pages of other sites may not use the embedded AWS."
    return None
