"""What every plugin owes, as suites of tests: derive a class, say what yours is about, and run pytest.

For an event family::

    from chalice_core.testing.contracts import EventSourceContract, Example


    class TestParcels(EventSourceContract):
        examples = {
            "on_parcel": Example(
                given={"carrier": "post"},
                event={"carrier": "post", "parcel": {"id": 7}},
                body="event.id",
                answer=7,
            )
        }

For an output format derive from `OutputFormatContract`, for something to deploy to from
`DeploymentTargetContract`.  The pytest plugin that comes with chalice-core
makes failures readable.
"""

from chalice_core.testing.event_sources import EventSourceContract
from chalice_core.testing.examples import Example
from chalice_core.testing.targets import DeploymentTargetContract, OutputFormatContract

__all__ = ["DeploymentTargetContract", "EventSourceContract", "Example", "OutputFormatContract"]
