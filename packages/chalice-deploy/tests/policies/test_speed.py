"""Reading grows with the source and not faster."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chalice_deploy.policies import analyse


def write_project(folder: Path, functions: int) -> int:
    """Write an application with 90 lines for each function, and return the number of all lines."""
    library = folder / "chalicelib"
    library.mkdir(parents=True)
    (library / "clients.py").write_text(
        "import boto3\n_c = {}\n"
        "def get(name):\n    if name not in _c:\n        _c[name] = boto3.client(name)\n    return _c[name]\n"
        "def table(name):\n    return boto3.resource('dynamodb').Table(name)\n"
    )
    app = ["from chalice import Chalice", "app = Chalice(app_name='x')"]
    for number in range(functions):
        lines = ["from . import clients", "from .clients import table"]
        for step in range(8):
            lines += [
                f"def step{step}(event, value):",
                f"    result = {{'a': value, 'b': [1, 2, 3], 'j': {step}}}",
                "    for item in event.get('Records', []):",
                f"        if item['x'] == {step}:",
                f"            result['a'] = item['y'] + str({step})",
                "        elif item.get('z'):",
                "            result['b'].append(item['z'])",
                f"    name = f'thing-{{result[\"a\"]}}-{step}'",
                "    return name, result",
            ]
        lines += ["def run(event):", "    value = None"]
        lines += [f"    value, r{step} = step{step}(event, value)" for step in range(8)]
        lines += [f"    table('orders-{number}').put_item(Item=value)", "    return r0"]
        (library / f"m{number}.py").write_text("\n".join(lines))
        app += [f"from chalicelib import m{number}", "@app.lambda_function()"]
        app += [f"def h{number}(event, context):", f"    return m{number}.run(event)"]
    (folder / "app.py").write_text("\n".join(app))
    return sum(len(path.read_text().splitlines()) for path in folder.rglob("*.py"))


@pytest.mark.one_python
@pytest.mark.slow
def test_200_functions_take_four_times_as_long_as_50(tmp_path: Path) -> None:
    seconds: dict[int, float] = {}
    evaluations: dict[int, int] = {}
    for functions in (50, 200):
        lines = write_project(tmp_path / str(functions), functions)
        began = time.process_time()
        analysis = analyse(tmp_path / str(functions))
        assert len(analysis.findings()) == functions
        seconds[functions] = time.process_time() - began
        evaluations[functions] = len(analysis.machine.evaluations)

    assert lines > 17_000
    assert evaluations[200] / evaluations[50] == pytest.approx(4, rel=0.05)
    # Twice what linear growth takes, for the machine may be busy with other things.
    assert seconds[200] < 8 * seconds[50]


def test_a_short_helper_tells_many_names_apart(tmp_path: Path) -> None:
    source = "import boto3\ndef table(name):\n    return boto3.resource('dynamodb').Table(name)\n"
    (tmp_path / "app.py").write_text(source + "".join(f"table('t{n}').scan()\n" for n in range(200)))

    findings = analyse(tmp_path).findings()

    assert len({finding.resources for finding in findings}) == len(findings) == 200


def test_a_helper_that_everybody_calls_is_not_evaluated_for_everybody(tmp_path: Path) -> None:
    source = "import boto3\ndef log(text):\n    return boto3.client('s3').list_buckets()\n"
    (tmp_path / "app.py").write_text(source + "".join(f"log('{number}')\n" for number in range(500)))

    analysis = analyse(tmp_path)

    assert len(analysis.machine.evaluations) < 300
