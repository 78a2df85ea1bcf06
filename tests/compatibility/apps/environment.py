"""The mapping that stands in for the process's environment."""

import os
import re

from chalice import Chalice

own = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.11", "KEPT": "1"}
app = Chalice("environment", env=own)
empty = {}
second = Chalice(app_name="environment_second", env=empty)


def without_version(text):
    return re.sub(r"aws-chalice/\S+", "aws-chalice/V", text)


@app.route("/")
def index():
    return [without_version(own["AWS_EXECUTION_ENV"]), own["KEPT"], os.environ.get("AWS_EXECUTION_ENV")]
