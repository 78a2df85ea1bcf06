"""What CloudFormation would refuse for its size is refused before, and large templates are made quickly."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import Resource
from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_core.values import ResourceId
from chalice_sam.format import SamFormat
from chalice_sam.kinds import RENDERERS
from chalice_sam.limits import LARGEST_TEMPLATE, TemplateLimitError, check_limits, resource_count
from chalice_sam.order import depends_on
from chalice_sam.renderer import Rendering, TemplateResource
from chalice_sam.template import build_template

Template = dict[str, Any]
RequestFor = Callable[..., FormatRequest]


def test_resources_are_counted_as_sam_makes_them(
    application: tuple[Resource, ...],
    template_of: Callable[..., Template],
    translate: Callable[[Template], Template],
) -> None:
    template = template_of(*application)

    assert resource_count(template) == len(translate(template)["Resources"])


def test_too_many_resources_are_refused_with_their_number(
    parts: Any, plugins: Plugins, request_for: RequestFor
) -> None:
    functions = [parts.function(f"f{number}") for number in range(250)]
    rules = [each for function in functions for each in parts.rule(function)]

    with pytest.raises(TemplateLimitError) as caught:
        SamFormat(plugins).render(request_for(parts.role, *functions, *rules))

    assert (caught.value.count, caught.value.limit) == (751, 500)
    assert "751 resources" in caught.value.what


def test_as_many_resources_as_there_may_be_are_written(
    parts: Any, plugins: Plugins, request_for: RequestFor
) -> None:
    functions = [parts.function(f"f{number}") for number in range(499)]

    content = SamFormat(plugins).render(request_for(parts.role, *functions))["sam.json"]

    assert isinstance(content, bytes)
    assert len(json.loads(content)["Resources"]) == 500


def test_outputs_are_counted_with_those_of_the_merged_template(
    parts: Any, plugins: Plugins, request_for: RequestFor, tmp_path: Path
) -> None:
    merge = tmp_path / "more.json"
    outputs = {f"More{number}": {"Value": "x"} for number in range(201)}
    merge.write_text(json.dumps({"Outputs": outputs}), encoding="utf-8")

    with pytest.raises(TemplateLimitError, match="201 outputs"):
        SamFormat(plugins).render(request_for(parts.role, merge_template=merge))


def test_a_large_template_is_written_without_white_space_and_a_larger_one_is_refused(
    parts: Any, plugins: Plugins, request_for: RequestFor
) -> None:
    def render(characters: int) -> bytes:
        many = {f"V{number}": {"x": "y" * 10} for number in range(20_000)}
        description = {"Text": "z" * characters, "Many": many}
        role = replace(parts.role, policy_document=description)
        content = SamFormat(plugins).render(request_for(role))["sam.json"]
        assert isinstance(content, bytes)
        return content

    content = render(100_000)

    assert len(content) <= LARGEST_TEMPLATE
    assert content.count(b"\n") == 1
    with pytest.raises(TemplateLimitError, match="bytes"):
        render(900_000)


def test_what_a_merged_template_makes_of_a_section_is_cloudformation_s_to_judge() -> None:
    odd: Template = {
        "Outputs": None,
        "Resources": {
            "A": "text",
            "B": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": {"Fn::If": []}}}},
            "C": {"Type": "AWS::Serverless::Function"},
        },
    }

    check_limits(odd, size=10)

    assert resource_count(odd) == 4


def test_four_times_the_functions_take_about_four_times_as_long(parts: Any) -> None:
    def seconds(count: int) -> float:
        functions = [parts.function(f"f{number}") for number in range(count)]
        events: list[Resource] = []
        for number, function in enumerate(functions):
            make = (parts.rule, parts.topic, parts.bucket, lambda each: (parts.queue(each),))[number % 4]
            events += make(function)
        chained = [
            replace(function, after=(ResourceId(f"f{number - 1}"),)) if number % 10 else function
            for number, function in enumerate(functions)
        ]
        graph = Graph.of([parts.role, *chained, *events])
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            build_template(graph, renderer_of=RENDERERS.__getitem__, file_name=str)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(400) < 9 * seconds(100)


def test_orders_are_told_from_what_references_imply_whatever_their_shape(parts: Any) -> None:
    a, b, c, d = (replace(parts.function(name), role="arn:x") for name in "abcd")
    d = replace(d, after=(a.id, b.id, c.id))
    c = replace(c, after=(a.id,))
    graph = Graph.of([a, b, c, d])
    renderings = {
        resource.id: Rendering(resources={str(resource.id): TemplateResource(type="T", properties={})})
        for resource in graph
    }
    references = {a.id: {b.id}, b.id: set(), c.id: set(), d.id: {c.id}}

    orders = depends_on(graph, renderings, references)

    # d reaches c by reference, a through c's order, and b through a's reference.
    assert orders == {a.id: (), b.id: (), c.id: ("a",), d.id: ()}
