"""Partial batches: a function that fails on some records of a batch says which, and only those come again.

Loaded by the first function whose decorator has ``report_batch_item_failures=True``.  Such a function marks
where the work on a record begins and ends, and returns nothing::

    for record in event:
        with event.item(record):
            ship(record.body)

An exception in there fails that record and no other; it is logged with its traceback.  Where order counts,
in streams and FIFO queues, the iteration ends at the first failure, and what follows is delivered again.

A record that the function has not come to is delivered again, too: the loop was left early, or the work on
it was given up (an asynchronous task that was cancelled).  A record that the loop has passed over without
``event.item`` counts as done.

Lambda takes an answer that it does not understand for success or for the failure of the whole batch,
depending on what is wrong with it.  An answer that a function makes itself is therefore checked.

See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

from __future__ import annotations

import logging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Any, NoReturn

    from chalice.extensions import EventHandler

__all__ = ["BatchError", "report", "without_option"]

FAILURES = "batchItemFailures"
IDENTIFIER = "itemIdentifier"


class BatchError(Exception):
    """A function reports on its batch in a way that Lambda would misunderstand."""


def report(
    handler: EventHandler,
    outline: Callable[[Any], Iterable[tuple[Any, Any, Any]]],
    *,
    rest: bool = False,
) -> None:
    """Let a handler answer with the records that its function failed on; families call this.

    Args:
        handler: Its events have ``item`` from now on.
        outline: Called with the event as Lambda passes it, it gives for each record, in the order in which
            the event class does: the record's dictionary; its identifier in answers; and its lane.  Records
            of a lane, anything hashable, are handled one after the other, and not at all after a failure.
            None is the lane of records that have no order.
        rest: Whether an answer names the records of the lane behind a failure as well; if not, Lambda
            delivers them again anyway.
    """
    event_class: Any = handler.event_class
    members = {"_handler": handler, "_outline": staticmethod(outline), "_rest": rest}
    handler.event_class = type(event_class.__name__, (_Batch, event_class), members)
    handler.settle = _settle


def without_option(decorator: str) -> NoReturn:
    """Refuse ``event.item(…)`` of an event whose declaration lacks the option.

    Raises:
        BatchError: In any case.
    """
    raise BatchError(
        f"event.item(…) works in functions whose decorator is given report_batch_item_failures=True: without "
        f"it Lambda ignores which records failed.  Give it to @….{decorator}(…)."
    )


class _Item:
    """The work on one record: what is raised in it fails the record and goes no further."""

    __slots__ = ("_batch", "_place", "_record")

    def __init__(self, batch: _Batch, record: Any, place: int) -> None:
        self._batch, self._record, self._place = batch, record, place
        batch._begun.add(place)

    def __enter__(self) -> Any:
        if self._batch._is_closed(self._place):
            raise BatchError(
                "An earlier record of this batch failed, and its order has to be kept.  Iterate over the "
                "event itself: that ends at the first failure."
            )
        return self._record

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        # Interrupts, and the end of the process, are no failures of a record.
        if error is None:
            self._batch._done.add(self._place)
        elif isinstance(error, Exception):
            self._batch._fail(self._place, error)
            return True
        return False


class _Batch:
    """What `report` adds to an event class."""

    _handler: EventHandler
    _outline: Callable[[Any], Iterable[tuple[Any, Any, Any]]]
    _rest: bool

    def __init__(self, event_dict: Any, context: Any) -> None:
        super().__init__(event_dict, context)  # type: ignore[call-arg]  # of the event class, behind this one
        self._failed: set[int] = set()
        self._begun: set[int] = set()
        self._done: set[int] = set()
        self._passed: set[int] = set()
        self._iterated = self._finished = False
        self._known: tuple[list[Any], list[Any], dict[int, int]] | None = None

    def __iter__(self) -> Iterator[Any]:
        failed, passed = self._failed, self._passed
        self._iterated = True
        for place, record in enumerate(super().__iter__()):  # type: ignore[misc]  # of the event class
            # Looked at only once something has failed, which batches rarely do.
            if not (failed and self._is_closed(place)):
                yield record
                # Not reached when the loop is left.
                passed.add(place)
        self._finished = True

    def item(self, record: Any) -> _Item:
        """Begin the work on a record of this batch.

        Raises:
            BatchError: It is none of this batch.
        """
        try:
            place = self._places()[2][id(record.to_dict())]
        except (KeyError, AttributeError):
            raise BatchError(f"event.item(…) takes a record of this event, not {record!r}.") from None
        return _Item(self, record, place)

    def to_dict(self) -> Any:
        """Return the event as Lambda passed it."""
        return super().to_dict()  # type: ignore[misc]  # of the event class

    def _places(self) -> tuple[list[Any], list[Any], dict[int, int]]:
        """Return the identifiers and lanes of all records, and where each record's dictionary is."""
        if self._known is None:
            # The event keeps these dictionaries, so that no other one can get the id of one of them.
            records = [*self._outline(self.to_dict())]
            self._known = (
                [identifier for _, identifier, _ in records],
                [lane for _, _, lane in records],
                {id(record): place for place, (record, _, _) in enumerate(records)},
            )
        return self._known

    def _is_closed(self, place: int) -> bool:
        """Return whether a record before this one, and of its lane, has failed."""
        lanes = self._places()[1]
        lane = lanes[place]
        return lane is not None and any(
            # A copy: other threads may be adding to it.
            lanes[one] == lane and one < place
            for one in tuple(self._failed)
        )

    def _abandoned(self) -> list[int]:
        """Return the places of the records that the function has not come to, or not to the end of."""
        unfinished = self._begun - self._done
        if self._iterated and not self._finished:
            unfinished.update({*range(len(self._places()[0]))} - self._passed - self._done)
        lanes = self._places()[1] if unfinished else []
        # What waits behind a failure is delivered again anyway.
        return sorted(
            place for place in unfinished - self._failed if lanes[place] is None or not self._is_closed(place)
        )

    def _fail(self, place: int, error: Exception) -> None:
        self._failed.add(place)
        self._log().error(
            "%s failed on the record %s; it will be delivered again.",
            self._handler.name,
            self._places()[0][place],
            exc_info=error,
        )

    def _give_back(self, places: list[int]) -> None:
        if not places:
            return
        identifiers = self._places()[0]
        self._failed.update(places)
        self._log().warning(
            "%s has not finished the work on %d of %d records, from %s on; they will be delivered again.",
            self._handler.name,
            len(places),
            len(identifiers),
            identifiers[places[0]],
        )

    def _log(self) -> logging.Logger:
        app = self._handler.app
        return logging.getLogger(__name__) if app is None else app.log

    def _answer(self) -> dict[str, Any]:
        """Return what tells Lambda of the records that failed."""
        if not self._failed:
            return {FAILURES: []}
        identifiers, lanes, _ = self._places()
        told: list[int] = []
        closed: set[Any] = set()
        for place, lane in enumerate(lanes):
            if place in self._failed and lane not in closed:
                told.append(place)
                if lane is not None:
                    closed.add(lane)
            elif self._rest and lane in closed:
                told.append(place)
        return {FAILURES: [{IDENTIFIER: identifiers[place]} for place in told]}

    def _named(self, result: Any) -> list[int]:
        """Return the places of the records that a function's own answer names.

        Raises:
            BatchError: Lambda would misunderstand it.
        """
        # Functions with a tumbling window hand a state from call to call in the same answer.
        expected = {FAILURES, "state"} if "window" in self.to_dict() else {FAILURES}
        if not isinstance(result, dict) or not result.keys() <= expected:
            raise BatchError(
                f"{self._handler.name} has to return nothing, or {{{FAILURES!r}: […]}}, because of its "
                f"report_batch_item_failures=True; it returned {result!r}."
            )
        listed = result.get(FAILURES)
        if listed is None:
            return []
        if not isinstance(listed, list):
            raise BatchError(f"{self._handler.name} returned {FAILURES!r} that is no list: {listed!r}.")
        if not listed:
            return []
        identifiers = self._places()[0]
        known = {_hashable(identifier): place for place, identifier in enumerate(identifiers)}
        places = []
        for failure in listed:
            if not isinstance(failure, dict) or failure.keys() != {IDENTIFIER}:
                raise BatchError(
                    f"{self._handler.name} returned {failure!r} in {FAILURES!r}, where each failure is "
                    f"{{{IDENTIFIER!r}: …}}."
                )
            place = known.get(_hashable(failure[IDENTIFIER]))
            if place is None:
                raise BatchError(
                    f"{self._handler.name} reports {failure[IDENTIFIER]!r} as failed, which identifies no "
                    "record of this batch; Lambda would take the whole batch for failed."
                )
            places.append(place)
        return places


def _settle(event: _Batch, result: Any) -> Any:
    """Return the answer of a function that was called with a batch.

    Raises:
        BatchError: The function's own answer is one that Lambda would misunderstand.
    """
    abandoned = event._abandoned()
    if result is None:
        event._give_back(abandoned)
        return event._answer()
    named = event._named(result)
    # Who answers by hand may leave the loop: that answer says which records have failed.
    event._give_back([place for place in abandoned if place in event._begun])
    if not event._failed:
        return result
    event._failed.update(named)
    return {**result, **event._answer()}


def _hashable(identifier: Any) -> Any:
    """Return an identifier as a key of dictionaries; Kafka's are dictionaries themselves."""
    return repr(sorted(map(repr, identifier.items())) if isinstance(identifier, dict) else identifier)
