"""Sample events: each event family's distribution supplies its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.extensions import SAMPLES, catalog, find, missing

if TYPE_CHECKING:
    from collections.abc import Callable


class EventsClient:
    """Makes events for `LambdaClient.invoke`; see `Client`.

    Each method belongs to an installed distribution, ``generate_sqs_event`` to chalice-sqs, and returns the
    event as Lambda gets it.  ``dir()`` lists those that there are.
    """

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        """Find the function that makes an event.

        Raises:
            AttributeError: Nobody offers it; says what to install, where that is known.
        """
        make = None if name.startswith("_") else find(SAMPLES, name)
        if make is None:
            known = ", ".join(sorted(catalog.offered(SAMPLES))) or "nothing"
            raise AttributeError(
                missing(name) or f"No installed distribution offers {name!r}; they offer {known}."
            )
        function: Callable[..., dict[str, Any]] = make
        return function

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.offered(SAMPLES)})
