"""Sample events: each event family's distribution supplies its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.extensions import SAMPLES, catalog, find, missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_dynamodb.sample import generate_dynamodb_event
    from chalice_kinesis.sample import generate_kinesis_event
    from chalice_s3.sample import generate_s3_event
    from chalice_schedule.sample import generate_cw_event, generate_scheduled_event
    from chalice_sns.sample import generate_sns_event
    from chalice_sqs.sample import generate_sqs_event


class EventsClient:
    """Makes events for `LambdaClient.invoke`; see `Client`.

    Each method belongs to an installed distribution, ``generate_sqs_event`` to chalice-sqs, and returns the
    event as Lambda gets it.  ``dir()`` lists those that there are.
    """

    if TYPE_CHECKING:
        # What the distributions of this project add, for type checkers; it arrives through __getattr__.
        generate_cw_event = staticmethod(generate_cw_event)
        generate_dynamodb_event = staticmethod(generate_dynamodb_event)
        generate_kinesis_event = staticmethod(generate_kinesis_event)
        generate_s3_event = staticmethod(generate_s3_event)
        generate_scheduled_event = staticmethod(generate_scheduled_event)
        generate_sns_event = staticmethod(generate_sns_event)
        generate_sqs_event = staticmethod(generate_sqs_event)

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
