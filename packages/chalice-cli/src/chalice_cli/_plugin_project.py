"""The project that `chalice new-plugin` writes: an event source, tested by the suite of all of them.

It delivers events of an EventBridge bus, which partners of AWS and applications send to, so that it works
from the first minute; its author replaces what is delivered.
"""

from __future__ import annotations

FILES = {
    ".gitignore": """\
__pycache__/
.venv/
dist/
""",
    "pyproject.toml": """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{{distribution}}"
version = "0.1.0"
description = "Events of {{word}} for Chalice applications"
readme = "README.md"
requires-python = ">=3.10"
# The runtime alone: the tools bring what the tooling half imports.
dependencies = ["chalice-runtime>=0.1,<1"]

[project.entry-points."chalice.decorators"]
on_{{word}}_event = "{{module}}.events:on_{{word}}_event"

[project.entry-points."chalice.exports"]
{{Word}}Event = "{{module}}.events:{{Word}}Event"

[project.entry-points."chalice.samples"]
generate_{{word}}_event = "{{module}}.events:generate_{{word}}_event"

[project.entry-points."chalice.plugins"]
{{word}} = "{{module}}.hooks"

[tool.hatch.build.targets.wheel]
packages = ["src/{{module}}"]

[dependency-groups]
test = ["chalice-cli", "pytest>=8"]
""",
    "README.md": """\
# {{distribution}}

Events of {{word}} for Chalice applications.

```python
from chalice import Chalice, {{Word}}Event

app = Chalice(app_name="hello")


@app.on_{{word}}_event(detail_type="Created")
def created(event: {{Word}}Event):
    print(event.detail)
```

| file | what is in it | where it runs |
|---|---|---|
| `src/{{module}}/events.py` | the decorator, the event, a sample | application, Lambda |
| `src/{{module}}/hooks.py` | checks, and what a declaration becomes in every target | `chalice` |
| `tests/test_contract.py` | what every event family owes, the AWS of your own machine included | pytest |

    python -m venv .venv && . .venv/bin/activate
    pip install -e . chalice-cli pytest
    pytest
""",
    "src/{{module}}/__init__.py": '"""Events of {{word}} for Chalice applications."""\n',
    "src/{{module}}/events.py": '''\
"""The runtime half: what applications import, and what ships into Lambda.  It imports the runtime alone."""

from chalice.extensions import EventSource


class {{Word}}Event:
    """What a function is given: ``detail_type``, and ``detail``, the JSON that was sent."""

    def __init__(self, event_dict, context):
        self._event = event_dict
        self.context = context
        self.detail_type = event_dict["detail-type"]
        self.detail = event_dict["detail"]

    def to_dict(self):
        """Return the event as Lambda passed it."""
        return self._event


@EventSource.of(source="{{word}}", event={{Word}}Event)
def on_{{word}}_event(detail_type, name=None):
    """Call a function with each event of {{word}} that has this detail type."""
    if not isinstance(detail_type, str):
        raise TypeError(f"on_{{word}}_event: detail_type must be a string, not {detail_type!r}.")
    return {"detail_type": detail_type, "name": name}


def generate_{{word}}_event(detail_type, detail):
    """Return an event as Lambda passes it, for ``client.events.generate_{{word}}_event(…)`` in tests."""
    return {"source": "{{word}}", "detail-type": detail_type, "detail": detail}
''',
    "src/{{module}}/hooks.py": '''\
"""The tooling half: what a declaration becomes.  It knows kinds of resources, and no target."""

from chalice_core.errors import ToolError
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import EventRule, InvokePermission
from chalice_core.values import ResourceId

from {{module}}.events import generate_{{word}}_event

# The version of the hooks that this was written for.
chalice_interface = 1

SOURCE = "{{word}}"


@hookimpl
def chalice_validate_app(app):
    """Report what AWS would refuse, before anything is built."""
    return [
        f"{event.decorator} on {event.function!r}: detail_type must have 1 to 128 characters."
        for event in app.events
        if event.source == SOURCE and not 1 <= len(event.options["detail_type"]) <= 128
    ]


@hookimpl
def chalice_lower_event(event, function):
    """Return the resources that deliver the event; None for events of others."""
    if event.source != SOURCE:
        return None
    rule = EventRule(
        id=ResourceId(f"{function.id}-{{word}}-rule"),
        # Application, stage and function: unique, and no longer than a rule's name may be.
        rule_name=function.function_name,
        function_arn=function.arn,
        event_pattern={"source": [SOURCE], "detail-type": [event.options["detail_type"]]},
    )
    permission = InvokePermission(
        id=ResourceId(f"{function.id}-{{word}}-permission"),
        function_arn=function.arn,
        principal="events.amazonaws.com",
        source_arn=rule.arn,
    )
    return [rule, permission]


@hookimpl
def chalice_sample_event(event, arguments):
    """Make an event, for tools that send one to a function."""
    if event.source != SOURCE:
        return None
    unknown = sorted(set(arguments) - {"detail"})
    if unknown:
        raise ToolError(what=f"An event of {{word}} has no {', '.join(unknown)}.", fix="Give its detail.")
    return generate_{{word}}_event(event.options["detail_type"], arguments.get("detail", {}))
''',
    "tests/test_contract.py": '''\
"""What every event family owes; add what only this one promises."""

import json

from chalice_core.testing.contracts import EventSourceContract, Example


def send(clients):
    """Send an event as a system of users does."""
    entry = {"Source": "{{word}}", "DetailType": "Created", "Detail": json.dumps({"id": 7})}
    clients("events").put_events(Entries=[entry])


class Test{{Word}}(EventSourceContract):
    examples = {
        "on_{{word}}_event": Example(
            given={"detail_type": "Created"},
            event=("generate_{{word}}_event", {"detail_type": "Created", "detail": {"id": 7}}),
            body="[event.detail_type, event.detail]",
            answer=["Created", {"id": 7}],
            sample={"detail": {"id": 7}},
            mistakes={"''": "1 to 128 characters"},
            send=send,
        )
    }
''',
}
"""Relative name to text, with names in double braces: ``distribution``, ``module``, ``word``, ``Word``."""
