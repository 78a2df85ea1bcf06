"""The stage's configuration, as the test client sets it for a call."""

import json
import math
import os
import tempfile
from pathlib import Path

from chalice import Chalice
from chalice.test import Client

app = Chalice(app_name="client_config")
NAMES = ("FOR_ALL", "FOR_STAGE", "FOR_FUNCTION", "NUMBER")

CONFIG = {
    "version": "2.0",
    "app_name": "client_config",
    "environment_variables": {"FOR_ALL": "all", "FOR_STAGE": "overridden"},
    "lambda_timeout": 7,
    "stages": {
        "dev": {
            "environment_variables": {"FOR_STAGE": "dev"},
            "lambda_functions": {
                "function": {"environment_variables": {"FOR_FUNCTION": "function"}, "lambda_timeout": 5}
            },
        },
        "prod": {"environment_variables": {"FOR_STAGE": "prod"}},
    },
}


def environment():
    return {name: os.environ.get(name) for name in NAMES}


def seconds(context):
    return math.ceil(context.get_remaining_time_in_millis() / 1000)


@app.route("/")
def index():
    return environment()


@app.route("/remaining")
def remaining():
    return seconds(app.lambda_context)


@app.lambda_function()
def function(event, context):
    return [environment(), seconds(context)]


@app.on_sqs_message(queue="queue")
def queue(event):
    return environment()


def within(config, ask, **options):
    """Return what ``ask`` gives for a client of a project with this configuration."""
    with tempfile.TemporaryDirectory() as folder:
        if config is not None:
            path = Path(folder) / ".chalice" / "config.json"
            path.parent.mkdir()
            path.write_text(json.dumps(config), encoding="utf-8")
        with Client(app, project_dir=folder, **options) as client:
            return ask(client)
