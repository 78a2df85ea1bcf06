"""Partial batches: which records an answer names, and answers that Lambda would misunderstand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalice import Chalice
from chalice.batch import BatchError, report, without_option
from chalice.extensions import EventHandler, EventSource


class Parcel:
    def __init__(self, event_dict: dict[str, Any]) -> None:
        self._event_dict = event_dict
        self.id: str = event_dict["id"]
        self.content: str = event_dict["content"]

    def to_dict(self) -> dict[str, Any]:
        return self._event_dict


class ParcelEvent:
    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context

    def __iter__(self) -> Iterator[Parcel]:
        for one in self._event_dict["parcels"]:
            yield Parcel(one)

    def to_dict(self) -> dict[str, Any]:
        return self._event_dict

    def item(self, record: Parcel) -> Any:
        without_option("on_parcel")


def outline(event_dict: dict[str, Any]) -> Iterator[tuple[Any, str, str | None]]:
    for one in event_dict["parcels"]:
        yield one, one["id"], one.get("lane")


class Parcels(EventSource):
    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:
        if options["reports"]:
            report(handler, outline, rest=options["rest"])


def on_parcel(reports: bool = True, rest: bool = False, name: str | None = None) -> dict[str, Any]:
    return {"reports": reports, "rest": rest, "name": name}


SOURCE = Parcels(on_parcel, source="parcels", event=ParcelEvent)


WORDS = {"t": "t", "s": "skip", "x": "x", "l": "last"}


def parcels(contents: Sequence[str], lanes: str = "", **others: Any) -> dict[str, Any]:
    """Make an event of parcels a, b, c, …; one with the content x fails.  A lane is a letter, or none."""
    made = [{"id": chr(97 + index), "content": content} for index, content in enumerate(contents)]
    for one, lane in zip(made, lanes, strict=False):
        if lane != " ":
            one["lane"] = lane
    return {"parcels": made, **others}


def failures(ids: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": id} for id in ids]}


@pytest.fixture
def app() -> Chalice:
    return Chalice("post", configure_logs=False, env={})


@pytest.fixture
def seen() -> list[str]:
    """The ids of the parcels that the function has begun to work on."""
    return []


def deliver(app: Chalice, seen: list[str], **options: Any) -> EventHandler:
    @SOURCE.declare_on(app, **options)
    def deliver_(event: Any) -> None:
        for parcel in event:
            with event.item(parcel) as same:
                assert same is parcel
                seen.append(parcel.id)
                if parcel.content == "x":
                    raise ValueError(f"no {parcel.id}")

    return deliver_


@pytest.mark.parametrize(
    ("contents", "ids"), [("ooo", ""), ("oxo", "b"), ("xox", "ac"), ("xxx", "abc"), ("", "")]
)
def test_records_without_an_order_fail_one_by_one(
    app: Chalice, seen: list[str], contents: str, ids: str
) -> None:
    assert deliver(app, seen)(parcels(contents), None) == failures(ids)
    assert len(seen) == len(contents)


@pytest.mark.parametrize(
    ("lanes", "contents", "rest", "ids", "handled"),
    [
        ("llll", "oxox", False, "b", "ab"),
        ("llll", "oxox", True, "bcd", "ab"),
        ("llll", "oooo", True, "", "abcd"),
        ("lmlm", "xoox", False, "ad", "abd"),
        ("lmlm", "xoox", True, "acd", "abd"),
        ("l l ", "xxoo", True, "abc", "abd"),
    ],
)
def test_a_lane_ends_at_its_first_failure(
    app: Chalice, seen: list[str], lanes: str, contents: str, rest: bool, ids: str, handled: str
) -> None:
    assert deliver(app, seen, rest=rest)(parcels(contents, lanes), None) == failures(ids)
    assert "".join(seen) == handled


def test_a_failure_is_logged_with_its_traceback(
    app: Chalice, seen: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    deliver(app, seen)(parcels("ox"), None)

    (record,) = caplog.records
    assert (record.levelno, record.name) == (logging.ERROR, "post")
    assert record.getMessage() == "deliver_ failed on the record b; it will be delivered again."
    assert "ValueError: no b" in caplog.text
    assert "deliver_" in caplog.text.partition("Traceback")[2]


def test_each_batch_begins_anew(app: Chalice, seen: list[str]) -> None:
    handler = deliver(app, seen)

    assert handler(parcels("x"), None) == failures("a")
    assert handler(parcels("o"), None) == failures("")


def test_what_the_loop_leaves_behind_is_still_worked_on(app: Chalice) -> None:
    """The iteration ends, and no exception skips what follows it: results so far are not lost."""
    stored: list[list[str]] = []

    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        good = []
        for parcel in event:
            with event.item(parcel):
                if parcel.content == "x":
                    raise ValueError
                good.append(parcel.id)
        stored.append(good)

    assert work(parcels("oxo", "lll"), None) == failures("b")
    assert stored == [["a"]]


def test_what_a_loop_that_is_left_has_not_come_to_is_delivered_again(
    app: Chalice, caplog: pytest.LogCaptureFixture
) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        for parcel in event:
            if parcel.content == "t":
                break
            if parcel.content == "skip":
                continue
            with event.item(parcel):
                if parcel.content == "x":
                    raise ValueError
                if parcel.content == "last":
                    return

    def answer(contents: str, lanes: str = "") -> Any:
        return work(parcels(["o" if one == "o" else WORDS[one] for one in contents], lanes), None)

    assert answer("ooto") == failures("cd")
    assert answer("too") == failures("abc")
    assert answer("xsot") == failures("ad")
    assert answer("olo") == failures("c")
    assert answer("soo") == failures("")
    assert answer("otto", "llll") == failures("b")
    assert answer("xoto", "lmml") == failures("ac")
    assert "work has not finished the work on 2 of 4 records, from c on" in caplog.text


def test_a_loop_within_another_one_counts_as_well(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        wanted = [parcel for parcel in event if parcel.content != "s"]
        for parcel in wanted:
            with event.item(parcel):
                pass

    @SOURCE.declare_on(app, name="peek")
    def peek(event: Any) -> None:
        assert next(iter(event)).id == "a"
        for parcel in event:
            with event.item(parcel):
                pass

    assert work(parcels("osos"), None) == failures("")
    assert peek(parcels("oooo"), None) == failures("")


def test_work_that_is_cancelled_or_has_not_ended_is_delivered_again(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    async def work(event: Any) -> None:
        async def one(parcel: Parcel) -> None:
            with event.item(parcel):
                await asyncio.sleep(60 if parcel.content == "slow" else 0)

        for parcel in event:
            try:
                await asyncio.wait_for(one(parcel), 0.01)
            except TimeoutError:
                continue
            except asyncio.TimeoutError:  # another one before Python 3.11
                continue

    @SOURCE.declare_on(app, name="leave")
    def leave(event: Any) -> None:
        for parcel in event:
            item = event.item(parcel)
            item.__enter__()
            if parcel.content == "o":
                item.__exit__(None, None, None)

    assert work(parcels(["o", "slow", "o"]), None) == failures("b")
    assert leave(parcels("oto"), None) == failures("b")


def test_an_answer_made_by_hand_is_all_there_is_to_say_of_records_that_were_not_begun(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> Any:
        for parcel in event:
            with event.item(parcel):
                break
        return failures("c")

    assert work(parcels("ooo"), None) == failures("c")


def test_a_generator_is_no_function_of_a_batch(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> Iterator[None]:
        for parcel in event:
            with event.item(parcel):
                yield

    with pytest.raises(BatchError, match="has to return nothing"):
        work(parcels("oo"), None)


def test_outside_of_an_item_an_exception_fails_the_batch(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        raise LookupError("all of it")

    with pytest.raises(LookupError):
        work(parcels("o"), None)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_the_end_of_the_process_is_no_failure_of_a_record(
    app: Chalice, interruption: type[BaseException]
) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        for parcel in event:
            with event.item(parcel):
                raise interruption

    with pytest.raises(interruption):
        work(parcels("o"), None)


def test_a_later_record_of_a_failed_lane_is_refused_whoever_begins_it(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        for parcel in list(event):
            with event.item(parcel):
                raise ValueError

    with pytest.raises(BatchError, match="An earlier record of this batch failed"):
        work(parcels("oo", "ll"), None)


@pytest.mark.parametrize("record", [Parcel({"id": "a", "content": "o"}), {"id": "a"}, None])
def test_a_record_of_another_batch_is_refused(app: Chalice, record: Any) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        with event.item(record):
            raise AssertionError

    with pytest.raises(BatchError, match="takes a record of this event"):
        work(parcels("o"), None)


def test_without_the_option_the_helper_says_what_to_do(app: Chalice) -> None:
    @SOURCE.declare_on(app, reports=False)
    def work(event: Any) -> None:
        for parcel in event:
            with event.item(parcel):
                raise AssertionError

    with pytest.raises(BatchError, match=r"report_batch_item_failures=True.*@….on_parcel"):
        work(parcels("o"), None)


def test_without_the_option_answers_are_nobodys_business(app: Chalice) -> None:
    @SOURCE.declare_on(app, reports=False)
    def work(event: Any) -> Any:
        return {"anything": 1}

    assert work(parcels("o"), None) == {"anything": 1}


class TestOwnAnswers:
    @pytest.mark.parametrize(
        "answer", [failures("b"), failures(""), {}, {"batchItemFailures": None}, failures("bb")]
    )
    def test_what_lambda_understands_goes_back_untouched(self, app: Chalice, answer: Any) -> None:
        work = SOURCE.declare_on(app)(lambda event: answer)

        assert work(parcels("oo"), None) is answer

    def test_nothing_is_success(self, app: Chalice) -> None:
        work = SOURCE.declare_on(app)(lambda event: None)

        assert work({"parcels": [{"no": "id"}]}, None) == failures("")

    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            (True, "has to return nothing"),
            ("done", "has to return nothing"),
            ([], "has to return nothing"),
            ({"batchItemFailure": []}, "has to return nothing"),
            ({"statusCode": 200}, "has to return nothing"),
            ({"state": {}}, "has to return nothing"),
            ({"batchItemFailures": "a"}, "is no list"),
            ({"batchItemFailures": {"itemIdentifier": "a"}}, "is no list"),
            ({"batchItemFailures": ["a"]}, "each failure is"),
            ({"batchItemFailures": [{"itemidentifier": "a"}]}, "each failure is"),
            ({"batchItemFailures": [{"itemIdentifier": "a", "more": 1}]}, "each failure is"),
            ({"batchItemFailures": [{"itemIdentifier": "z"}]}, "identifies no record"),
            ({"batchItemFailures": [{"itemIdentifier": ""}]}, "identifies no record"),
            ({"batchItemFailures": [{"itemIdentifier": None}]}, "identifies no record"),
            ({"batchItemFailures": [{"itemIdentifier": {"a": 1}}]}, "identifies no record"),
        ],
    )
    def test_what_lambda_would_misunderstand_is_an_error(self, app: Chalice, answer: Any, says: str) -> None:
        work = SOURCE.declare_on(app)(lambda event: answer)

        with pytest.raises(BatchError, match=says):
            work(parcels("oo"), None)

    def test_they_are_joined_with_what_the_helper_saw(self, app: Chalice) -> None:
        @SOURCE.declare_on(app)
        def work(event: Any) -> Any:
            for parcel in event:
                with event.item(parcel):
                    if parcel.content == "x":
                        raise ValueError
            return failures("c")

        assert work(parcels("xoo"), None) == failures("ac")

    def test_a_window_hands_its_state_on(self, app: Chalice) -> None:
        @SOURCE.declare_on(app)
        def work(event: Any) -> Any:
            for parcel in event:
                with event.item(parcel):
                    if parcel.content == "x":
                        raise ValueError
            return {"state": {"count": 1}}

        assert work(parcels("o", window={}), None) == {"state": {"count": 1}}
        assert work(parcels("x", window={}), None) == {"state": {"count": 1}, **failures("a")}


def test_async_functions_report_too(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    async def work(event: Any) -> None:
        async def one(parcel: Parcel) -> None:
            with event.item(parcel):
                await asyncio.sleep(0)
                if parcel.content == "x":
                    raise ValueError

        await asyncio.gather(*map(one, event))

    assert work(parcels("oxox"), None) == failures("bd")


def test_several_threads_may_work_on_a_batch(app: Chalice) -> None:
    @SOURCE.declare_on(app)
    def work(event: Any) -> None:
        def one(parcel: Parcel) -> None:
            with event.item(parcel):
                if parcel.content == "x":
                    raise ValueError

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, event))

    assert len(work(parcels("x" * 200), None)["batchItemFailures"]) == 200


def test_middleware_sees_the_event_and_its_answer_is_checked_as_well(app: Chalice, seen: list[str]) -> None:
    told: list[Any] = []
    handler = deliver(app, seen)

    @app.middleware("parcels")
    def watch(event: Any, get_response: Callable[[Any], Any]) -> Any:
        told.append(isinstance(event, ParcelEvent))
        result = get_response(event)
        told.append(result)
        return event.context or result

    assert handler(parcels("xo"), None) == failures("a")
    assert told == [True, None]
    with pytest.raises(BatchError, match="has to return nothing"):
        handler(parcels("oo"), "what the middleware returns")


def test_events_are_still_of_their_class(app: Chalice) -> None:
    kinds: list[Any] = []
    work = SOURCE.declare_on(app)(lambda event: kinds.append((type(event).__name__, event.to_dict())))
    passed = parcels("o")

    work(passed, None)

    assert kinds == [("ParcelEvent", passed)]
    assert kinds[0][1] is passed
