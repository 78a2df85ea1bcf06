"""Decorators and names that other distributions provide."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from chalice import Chalice, EventSource
from chalice.extensions import EventHandler

# A stranger's runtime half, as its distribution would install it.
PARCELS = '''
from chalice import EventSource

class ParcelEvent:
    def __init__(self, event, context):
        self.weight = event["weight"]
        self.context = context

@EventSource.of(source="parcels", event=ParcelEvent)
def on_parcel(carrier, insured=False, name=None):
    """Call a function when a parcel arrives."""
    if not carrier:
        raise ValueError("on_parcel needs a carrier.")
    return {"carrier": carrier, "insured": insured, "name": name}
'''
ENTRY_POINTS = """
# Comments and other groups do not count.
[console_scripts]
on_parcel = nowhere:main

[chalice.decorators]
on_parcel = chalice_parcels.events:on_parcel

[chalice.exports]
ParcelEvent=chalice_parcels.events : ParcelEvent [extra]
"""
APP = """
import sys
sys.path.insert(0, "site")
from chalice import Chalice, ParcelEvent
import chalice.app
from chalice.extensions import catalog
app = Chalice("strange", env={})

@app.on_parcel("dhl", name="weigh")
def weigh_it(event):
    return [type(event) is ParcelEvent is chalice.app.ParcelEvent, event.weight, event.context]

metadata = "importlib.metadata" in sys.modules
import inspect, json
print(json.dumps({
    "result": weigh_it({"weight": 3}, "context"),
    "handler": weigh_it.handler_string,
    "map": list(app.handler_map),
    "events": [[e.source, e.decorator, e.name, e.options] for e in app.event_sources],
    "used": catalog.used,
    "listed": ["on_parcel" in dir(app), "route" in dir(app)],
    "signature": str(inspect.signature(app.on_parcel)),
    "doc": app.on_parcel.__doc__,
    "metadata": metadata,
}))
"""


def install(site: Path, distribution: str, entry_points: str, files: dict[str, str]) -> None:
    info = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(entry_points, encoding="utf-8")
    for name, text in files.items():
        file = site / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.fixture
def parcels(tmp_path: Path) -> Path:
    files = {"chalice_parcels/__init__.py": "", "chalice_parcels/events.py": PARCELS}
    install(tmp_path / "site", "chalice-parcels", ENTRY_POINTS, files)
    return tmp_path


def test_a_stranger_adds_a_decorator_and_a_name(project: Any, parcels: Path) -> None:
    project.folder = parcels

    ran = project.run(APP)

    assert ran.document == {
        "result": [True, 3, "context"],
        "handler": "app.weigh_it",
        "map": ["weigh"],
        "events": [["parcels", "on_parcel", "weigh", {"carrier": "dhl", "insured": False}]],
        "used": {
            "chalice.decorators": {"on_parcel": "chalice_parcels.events:on_parcel"},
            "chalice.exports": {"ParcelEvent": "chalice_parcels.events:ParcelEvent"},
            "chalice.attributes": {},
        },
        "listed": [True, True],
        "signature": "(carrier, insured=False, name=None)",
        "doc": "Call a function when a parcel arrives.",
        "metadata": False,
    }


def test_only_the_module_behind_the_name_is_imported(project: Any, parcels: Path) -> None:
    broken = "[chalice.decorators]\non_other = chalice_other:on_other\n"
    install(parcels / "site", "chalice-other", broken, {"chalice_other.py": "raise RuntimeError('imported')"})
    project.folder = parcels

    assert project.run(APP).document["result"] == [True, 3, "context"]


def test_two_distributions_that_offer_one_name_are_both_named(project: Any, parcels: Path) -> None:
    install(parcels / "site", "parcels-too", ENTRY_POINTS, {})
    project.folder = parcels

    ran = project.run(
        "import sys; sys.path.insert(0, 'site')\n"
        "import json\nfrom chalice import Chalice\n"
        "try:\n    Chalice('a', env={}).on_parcel\n"
        "except Exception as error:\n    print(json.dumps([type(error).__name__, str(error)]))"
    )

    assert ran.document == [
        "DuplicateExtensionError",
        "'chalice-parcels' and 'parcels-too' both provide 'on_parcel': uninstall one of them.",
    ]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"chalice_parcels/events.py": ""}, "has no 'on_parcel'"),
        ({"chalice_parcels/events.py": "def on_parcel(): ..."}, "not a chalice.EventSource"),
    ],
)
def test_an_entry_point_that_leads_nowhere_says_so(
    project: Any, tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    install(tmp_path / "site", "chalice-parcels", ENTRY_POINTS, {"chalice_parcels/__init__.py": "", **files})
    project.folder = tmp_path

    ran = project.run(
        "import sys; sys.path.insert(0, 'site')\n"
        "import json\nfrom chalice import Chalice\n"
        "try:\n    Chalice('a', env={}).on_parcel\n"
        "except Exception as error:\n    print(json.dumps([type(error).__name__, str(error)]))"
    )

    assert ran.document[0] == "BrokenExtensionError"
    assert reason in ran.document[1]


FROZEN = """
import json, sys
sys.path[:0] = [".", "site"]
from chalice import Chalice, ParcelEvent
app = Chalice("frozen", env={})

@app.on_parcel("dhl")
def weigh(event):
    return event.weight

try:
    app.on_sqs_message
except AttributeError as error:
    missing = str(error)
print(json.dumps([weigh({"weight": 5}, None), missing, "importlib.metadata" in sys.modules]))
"""


def test_a_frozen_answer_is_used_without_reading_metadata(project: Any, parcels: Path) -> None:
    project.folder = parcels
    project.write(
        {
            "_chalice_extensions.py": (
                'DECORATORS = {"on_parcel": "chalice_parcels.events:on_parcel"}\n'
                'EXPORTS = {"ParcelEvent": "chalice_parcels.events:ParcelEvent"}\n'
            )
        }
    )
    # With a reader that fails, whoever reads metadata is found out.
    code = (
        "import chalice._installed as installed\n"
        "def _read(path): raise AssertionError(path)\n"
        "installed.read_entry_points = _read\n"
    )

    weight, missing, metadata = project.run(code + FROZEN).document

    assert (weight, metadata) == (5, False)
    # Nothing can be installed into Lambda.
    assert missing.startswith("'on_sqs_message' is provided by chalice-sqs, and this deployment package")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "on_sqs_message",
            "'on_sqs_message' is provided by chalice-sqs, which is not installed: pip install chalice-sqs",
        ),
        ("websocket_api", "pip install chalice-websockets"),
        ("register_blueprint", "pip install chalice-blueprints"),
        ("on_nothing", "'Chalice' object has no attribute 'on_nothing'"),
        ("_private", "has no attribute '_private'"),
    ],
)
def test_a_decorator_that_nobody_provides(project: Any, name: str, message: str) -> None:
    # Without site-packages nothing is installed beside the runtime.
    root = str(Path(sys.modules["chalice"].__file__ or "").parent.parent)
    code = (
        f"import json, sys\nsys.path.insert(0, {root!r})\nfrom chalice import Chalice\n"
        f"try:\n    Chalice('a', env={{}}).{name}\n"
        "except AttributeError as error:\n    print(json.dumps(str(error)))"
    )

    assert message in project.run(code, "-S").document


def test_a_star_gives_what_is_installed(project: Any, parcels: Path) -> None:
    install(
        parcels / "site",
        "chalice-schedule",
        "[chalice.exports]\nRate = chalice_schedule:Rate\n",
        {"chalice_schedule/__init__.py": "class Rate: pass\n"},
    )
    project.folder = parcels
    root = str(Path(sys.modules["chalice"].__file__ or "").parent.parent)

    # Without site-packages nothing else is installed.
    ran = project.run(
        f"import sys; sys.path[:0] = [{root!r}, 'site']\nfrom chalice import *\n"
        "names = [name for name in globals() if name[0] != '_' and name != 'sys']\n"
        "import json; print(json.dumps(names))",
        "-S",
    )

    assert {"Chalice", "NotFoundError", "AuthResponse", "ConvertToMiddleware", "Rate"} <= set(ran.document)
    assert not {"Blueprint", "Cron", "ParcelEvent", "app"} & set(ran.document)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("chalice.on_sqs_message", "'on_sqs_message' is elsewhere: @app.on_sqs_message(…)."),
        ("chalice.Chalice('a', env={}).SQSEvent", "'SQSEvent' is elsewhere: from chalice import SQSEvent."),
        ("chalice.generate_sqs_event", "client.events.generate_sqs_event(…) of a chalice.test.Client"),
    ],
)
def test_a_name_that_is_installed_and_looked_for_elsewhere(
    project: Any, parcels: Path, code: str, message: str
) -> None:
    groups = {"decorators": "on_sqs_message", "exports": "SQSEvent", "samples": "generate_sqs_event"}
    entry_points = "\n".join(f"[chalice.{group}]\n{name} = a:b" for group, name in groups.items())
    install(parcels / "site", "chalice-sqs", entry_points, {})
    project.folder = parcels

    ran = project.run(
        "import json, sys; sys.path.insert(0, 'site')\n"
        f"import chalice\ntry:\n    {code}\n"
        "except (AttributeError, ImportError) as error:\n    print(json.dumps(str(error)))"
    )

    assert message in ran.document


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("SQSEvent", "pip install chalice-sqs"),
        ("Blueprint", "'Blueprint' is provided by chalice-blueprints, which is not installed: pip install"),
        ("Rate", "pip install chalice-schedule"),
        ("WebsocketDisconnectedError", "pip install chalice-websockets"),
        ("Nothing", "cannot import name 'Nothing'"),
    ],
)
@pytest.mark.parametrize("module", ["chalice", "chalice.app"])
def test_an_import_that_nobody_provides(project: Any, name: str, message: str, module: str) -> None:
    root = str(Path(sys.modules["chalice"].__file__ or "").parent.parent)
    code = (
        f"import json, sys\nsys.path.insert(0, {root!r})\n"
        f"try:\n    from {module} import {name}\n"
        "except ImportError as error:\n    print(json.dumps(str(error)))"
    )

    assert message in project.run(code, "-S").document


class Event:
    def __init__(self, event: Any, context: Any) -> None:
        self.event = event
        self.context = context


@EventSource.of(source="things", event=Event)
def on_thing(size: int = 1, name: str | None = None) -> dict[str, Any]:
    """Call a function for a thing."""
    if size < 1:
        raise ValueError("on_thing: size must be 1 or more.")
    return {"size": size, "name": name}


class TestEventSource:
    def test_the_decorated_object_is_the_lambda_handler(self, app: Chalice) -> None:
        @on_thing.declare_on(app, 2)
        def work(event: Event) -> Any:
            """What it does."""
            return {"batchItemFailures": [event.event, event.context]}

        assert isinstance(work, EventHandler)
        assert work("event", "context") == {"batchItemFailures": ["event", "context"]}
        assert (work.name, work.handler_string, work.__name__) == ("work", "app.work", "work")
        assert work.__doc__ == "What it does."

    def test_options_are_checked_when_the_decorator_is_called(self, app: Chalice) -> None:
        with pytest.raises(ValueError, match="size must be 1 or more"):
            on_thing.declare_on(app, 0)
        with pytest.raises(TypeError, match=r"on_thing\(\) got an unexpected keyword argument 'colour'"):
            on_thing.declare_on(app, colour="red")
        assert app.event_sources == []

    def test_only_functions_can_be_decorated(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="must decorate a function"):
            on_thing.declare_on(app)(None)  # type: ignore[arg-type]

    def test_a_decorator_without_its_parentheses_is_refused(self, app: Chalice) -> None:
        @EventSource.of(source="topics", event=Event)
        def on_topic(topic: Any, name: str | None = None) -> dict[str, Any]:
            return {"topic": topic, "name": name}

        def work(event: Event) -> None: ...

        with pytest.raises(TypeError, match=r"on_topic\(…\) with its parentheses"):
            on_topic.declare_on(app, work)
        with pytest.raises(TypeError, match=r"option topic of @….on_topic\(…\) cannot be"):
            on_topic.declare_on(app, topic=work)
        assert app.event_sources == []

    def test_exceptions_of_the_function_reach_lambda(self, app: Chalice) -> None:
        @on_thing.declare_on(app)
        def work(event: Event) -> Any:
            raise LookupError("retry me")

        with pytest.raises(LookupError, match="retry me"):
            work({}, None)

    def test_options_can_be_written_as_json(self, app: Chalice) -> None:
        on_thing.declare_on(app, size=3, name="other")(lambda event: None)

        declaration = app.event_sources[0]

        assert (declaration.name, declaration.source, declaration.decorator) == (
            "other",
            "things",
            "on_thing",
        )
        assert json.loads(json.dumps(declaration.options)) == {"size": 3}

    def test_an_option_is_an_attribute_of_the_declaration(self, app: Chalice) -> None:
        on_thing.declare_on(app, size=3, name="other")(lambda event: None)

        assert app.event_sources[0].size == 3
        with pytest.raises(AttributeError, match="no attribute 'colour'"):
            _ = app.event_sources[0].colour


DEPOT = """
[chalice.attributes]
depot = chalice_depot.depot:Depot
[chalice.samples]
generate_parcel_event = chalice_depot.sample:generate_parcel_event
"""


class TestAttributesAndSamples:
    def test_an_attribute_is_made_once_for_each_application(self, project: Any, parcels: Path) -> None:
        install(
            parcels / "site",
            "chalice-depot",
            DEPOT,
            {
                "chalice_depot/__init__.py": "",
                "chalice_depot/depot.py": "class Depot:\n    def __init__(self, app): self.app = app\n",
            },
        )
        project.folder = parcels
        code = (
            "import sys, json; sys.path.insert(0, 'site')\nfrom chalice import Chalice\n"
            "from chalice.extensions import catalog\n"
            "one, two = Chalice('one', env={}), Chalice('two', env={})\n"
            "print(json.dumps([one.depot is one.depot, one.depot is two.depot, one.depot.app is one, "
            "catalog.used['chalice.attributes']]))"
        )

        assert project.run(code).document == [
            True,
            False,
            True,
            {"depot": "chalice_depot.depot:Depot"},
        ]

    def test_a_sample_is_found_and_does_not_count_as_used(self, project: Any, parcels: Path) -> None:
        install(
            parcels / "site",
            "chalice-depot",
            DEPOT,
            {
                "chalice_depot/__init__.py": "",
                "chalice_depot/sample.py": "def generate_parcel_event(): return {'parcel': 1}\n",
            },
        )
        project.folder = parcels
        code = (
            "import sys, json; sys.path.insert(0, 'site')\n"
            "from chalice.extensions import SAMPLES, catalog, find\n"
            "found = find(SAMPLES, 'generate_parcel_event')()\n"
            "print(json.dumps([found, find(SAMPLES, 'none'), catalog.used]))"
        )

        sample, nothing, used = project.run(code).document
        assert (sample, nothing) == ({"parcel": 1}, None)
        assert not any(used.values())
