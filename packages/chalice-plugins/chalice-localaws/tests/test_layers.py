"""Layers: what was published is there to import, the later ones over the earlier."""

from __future__ import annotations

import json
import sys
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = """
import json
import deep
import shared

def handler(event, context):
    return [shared.NAME, deep.NAME]
"""


def test_published_layers_reach_the_function_in_order(
    cloud: Any, make_zip: Callable[[dict[str, str]], bytes]
) -> None:
    client = cloud.client("lambda")
    version = f"python3.{sys.version_info[1]}"
    name = f"layer-{uuid.uuid4().hex[:8]}"
    contents = (
        {
            "python/shared.py": "NAME = 'first'",
            f"python/lib/{version}/site-packages/deep.py": "NAME = 'deep'",
        },
        {"python/shared.py": "NAME = 'second'"},
    )
    layers = [
        client.publish_layer_version(
            LayerName=f"{name}-{number}", Content={"ZipFile": make_zip(files)}, CompatibleRuntimes=[version]
        )["LayerVersionArn"]
        for number, files in enumerate(contents)
    ]
    arn = cloud.function(SOURCE, Layers=layers)
    assert json.loads(cloud.invoke(arn)["Payload"]) == ["second", "deep"]

    client.update_function_configuration(FunctionName=arn, Layers=layers[::-1])
    assert json.loads(cloud.invoke(arn)["Payload"]) == ["first", "deep"]
    client.delete_layer_version(LayerName=f"{name}-0", VersionNumber=1)
    versions = client.list_layer_versions(LayerName=f"{name}-1")["LayerVersions"]
    assert [one["Version"] for one in versions] == [1]
