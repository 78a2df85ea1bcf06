"""What each kind looks like in a template, and how the template hangs together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import EventSourceMapping, InvokePermission, LogGroup, Resource, Role
from chalice_core.plugins import Plugins, UnrealisedKindError
from chalice_core.target import FormatRequest
from chalice_core.values import Output, Pseudo, ResourceId, Value
from chalice_sam import (
    FunctionEvent,
    KnownOutputs,
    Rendering,
    Scope,
    TemplateResource,
    UnknownOutputError,
)
from chalice_sam.format import SamFormat
from chalice_sam.kinds import RENDERERS
from chalice_sam.naming import LogicalIdCollisionError
from chalice_sam.template import DuplicateEntryError, MisplacedEventError, build_template

Template = dict[str, Any]
TemplateOf = Callable[..., Template]


def test_the_template_says_that_it_is_sam(parts: Any, template_of: TemplateOf) -> None:
    template = template_of(parts.role, parts.function("add"))

    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    assert template["Transform"] == "AWS::Serverless-2016-10-31"
    assert template["Outputs"] == {}
    assert list(template["Resources"]) == ["DefaultRole", "Add"]


def test_a_rest_api_brings_the_outputs_that_scripts_read(parts: Any, template_of: TemplateOf) -> None:
    handler = parts.function()

    outputs = template_of(parts.role, handler, *parts.api(handler))["Outputs"]

    assert outputs == {
        "RestAPIId": {"Value": {"Ref": "RestAPI"}},
        "APIHandlerName": {"Value": {"Ref": "APIHandler"}},
        "APIHandlerArn": {"Value": {"Fn::GetAtt": ["APIHandler", "Arn"]}},
        "EndpointURL": {
            "Value": {"Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api/"}
        },
    }


def test_a_function_has_the_properties_that_were_configured(parts: Any, template_of: TemplateOf) -> None:
    function = parts.function(
        "work",
        memory_size=512,
        timeout=30,
        architecture="arm64",
        tracing=True,
        environment={"TABLE": "orders"},
        layers=("arn:aws:lambda:us-west-2:123456789012:layer:tools:3",),
        subnet_ids=("subnet-1", "subnet-2"),
        security_group_ids=("sg-1",),
        reserved_concurrency=0,
    )

    resource = template_of(parts.role, function)["Resources"]["Work"]

    assert resource == {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.11",
            "Handler": "app.work",
            "CodeUri": "./deployment.zip",
            "Tags": {"aws-chalice": "version=0.1.0:stage=dev:app=shop"},
            "Tracing": "Active",
            "Timeout": 30,
            "MemorySize": 512,
            "Architectures": ["arm64"],
            "Environment": {"Variables": {"TABLE": "orders"}},
            "VpcConfig": {"SecurityGroupIds": ["sg-1"], "SubnetIds": ["subnet-1", "subnet-2"]},
            "ReservedConcurrentExecutions": 0,
            "Layers": ["arn:aws:lambda:us-west-2:123456789012:layer:tools:3"],
            "Role": {"Fn::GetAtt": ["DefaultRole", "Arn"]},
        },
    }


def test_what_is_not_configured_is_left_out(parts: Any, template_of: TemplateOf) -> None:
    properties = template_of(parts.role, parts.function("work"))["Resources"]["Work"]["Properties"]

    assert properties["Tracing"] == "PassThrough"
    assert not properties.keys() & {
        "Environment",
        "VpcConfig",
        "ReservedConcurrentExecutions",
        "Layers",
        "Events",
        "FunctionName",
    }


def test_a_role_has_one_inline_policy(parts: Any, template_of: TemplateOf) -> None:
    role = template_of(parts.role, parts.function("add"))["Resources"]["DefaultRole"]

    (policy,) = role["Properties"]["Policies"]
    assert role["Type"] == "AWS::IAM::Role"
    assert policy["PolicyName"] == "DefaultRolePolicy"
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:PutLogEvents"],
            "Resource": "arn:*:logs:*:*:*",
        }
    ]
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_a_hand_written_policy_is_taken_as_it_is(parts: Any, template_of: TemplateOf) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    role = replace(parts.role, policy_document=document)

    rendered = template_of(role, parts.function("add"))["Resources"]["DefaultRole"]

    assert rendered["Properties"]["Policies"][0]["PolicyDocument"] == document


def test_a_role_without_statements_has_no_policy(parts: Any, template_of: TemplateOf) -> None:
    role = replace(parts.role, statements=())

    assert "Policies" not in template_of(role)["Resources"]["DefaultRole"]["Properties"]


def test_an_api_has_its_definition_and_a_permission(parts: Any, template_of: TemplateOf) -> None:
    handler = parts.function()

    resources = template_of(
        parts.role, handler, *parts.api(handler, endpoint_type="REGIONAL", minimum_compression_size=0)
    )["Resources"]

    properties = resources["RestAPI"]["Properties"]
    view = properties["DefinitionBody"]["paths"]["/users/{name}"]["post"]
    assert (properties["EndpointConfiguration"], properties["StageName"]) == ("REGIONAL", "api")
    assert properties["MinimumCompressionSize"] == 0
    assert view["x-amazon-apigateway-integration"]["uri"] == {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        "${APIHandler.Arn}/invocations"
    }
    assert resources["APIHandlerInvokePermission"]["Properties"] == {
        "FunctionName": {"Ref": "APIHandler"},
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {
            "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPI}/*"
        },
    }


def test_an_api_that_is_traced_says_so(parts: Any, template_of: TemplateOf) -> None:
    handler = parts.function()

    traced = template_of(parts.role, handler, *parts.api(handler, tracing=True))
    untraced = template_of(parts.role, handler, *parts.api(handler))

    assert traced["Resources"]["RestAPI"]["Properties"]["TracingEnabled"] is True
    assert "TracingEnabled" not in untraced["Resources"]["RestAPI"]["Properties"]


def test_a_permission_may_name_the_account_of_its_source(parts: Any, template_of: TemplateOf) -> None:
    function = parts.function("work")
    permission = InvokePermission(
        id=ResourceId("work_permission"),
        function_arn=function.arn,
        principal="s3.amazonaws.com",
        source_account=Pseudo.ACCOUNT,
    )

    properties = template_of(parts.role, function, permission)["Resources"]["WorkPermission"]["Properties"]

    assert properties["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert "SourceArn" not in properties


def test_a_queue_is_an_event_of_its_function(parts: Any, template_of: TemplateOf) -> None:
    worker = parts.function("work")
    mapping = parts.queue(worker, batch_size=500, maximum_batching_window=30)

    resources = template_of(parts.role, worker, mapping)["Resources"]

    assert resources["Work"]["Properties"]["Events"] == {
        "WorkSqsEventSource": {
            "Type": "SQS",
            "Properties": {
                "Queue": {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"},
                "BatchSize": 500,
                "MaximumBatchingWindowInSeconds": 30,
            },
        }
    }
    assert set(resources) == {"DefaultRole", "Work"}


def test_a_queue_s_further_options_are_there_when_given(parts: Any, template_of: TemplateOf) -> None:
    worker = parts.function("work")
    mapping = parts.queue(worker, maximum_concurrency=7, report_batch_item_failures=True)

    events = template_of(parts.role, worker, mapping)["Resources"]["Work"]["Properties"]["Events"]

    properties = events["WorkSqsEventSource"]["Properties"]
    assert properties["ScalingConfig"] == {"MaximumConcurrency": 7}
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("service", "type_"), [("kinesis", "Kinesis"), ("dynamodb", "DynamoDB")])
def test_a_stream_is_an_event_too(parts: Any, template_of: TemplateOf, service: str, type_: str) -> None:
    worker = parts.function("work")
    mapping = parts.queue(worker, service=service, starting_position="LATEST", source_arn="arn:aws:x:y:1:z")

    (event,) = template_of(parts.role, worker, mapping)["Resources"]["Work"]["Properties"]["Events"].values()

    assert event["Type"] == type_
    assert (event["Properties"]["Stream"], event["Properties"]["StartingPosition"]) == (
        "arn:aws:x:y:1:z",
        "LATEST",
    )


def test_a_source_that_sam_does_not_know_is_a_resource_of_its_own(
    parts: Any, template_of: TemplateOf
) -> None:
    worker = parts.function("work")
    mapping = parts.queue(worker, service="fantasy", source_arn="arn:aws:fantasy:r:1:q")

    resource = template_of(parts.role, worker, mapping)["Resources"]["WorkWorkSqsEventSource"]

    assert resource == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": "Work"},
            "EventSourceArn": "arn:aws:fantasy:r:1:q",
            "BatchSize": 10,
            "MaximumBatchingWindowInSeconds": 0,
        },
    }


def test_a_mapping_that_has_to_wait_for_more_than_its_function_is_a_resource_that_waits(
    parts: Any, template_of: TemplateOf
) -> None:
    worker = parts.function("work")
    other = Role(id=ResourceId("other"), role_name="shop-dev-other")
    mapping = parts.queue(worker, after=(parts.role.id, other.id))

    resource = template_of(parts.role, other, worker, mapping)["Resources"]["WorkWorkSqsEventSource"]

    assert resource["Type"] == "AWS::Lambda::EventSourceMapping"
    assert resource["DependsOn"] == ["Other"]


def test_a_mapping_that_others_wait_for_is_a_resource_with_a_name(
    parts: Any, template_of: TemplateOf
) -> None:
    worker = parts.function("work")
    mapping = parts.queue(worker)
    later = replace(parts.function("later"), after=(mapping.id,))

    resources = template_of(parts.role, worker, mapping, later)["Resources"]

    assert resources["WorkWorkSqsEventSource"]["Type"] == "AWS::Lambda::EventSourceMapping"
    assert resources["Later"]["DependsOn"] == ["WorkWorkSqsEventSource"]


def test_a_log_group_is_named_after_its_function_also_of_the_rest_handler(
    parts: Any, template_of: TemplateOf
) -> None:
    group = LogGroup(
        id=ResourceId("api_handler_log_group"), log_group_name="/aws/lambda/shop-dev", retention_in_days=7
    )

    resources = template_of(parts.role, group, replace(parts.function(), after=(group.id,)))["Resources"]

    assert resources["ApiHandlerLogGroup"]["Properties"] == {
        "LogGroupName": {"Fn::Sub": "/aws/lambda/${APIHandler}"},
        "RetentionInDays": 7,
    }
    assert "DependsOn" not in resources["APIHandler"]


def test_a_log_group_without_a_retention_is_left_to_lambda(parts: Any, template_of: TemplateOf) -> None:
    group = LogGroup(id=ResourceId("add_log_group"), log_group_name="/aws/lambda/shop-dev-add")

    assert set(template_of(parts.role, group, parts.function("add"))["Resources"]) == {"DefaultRole", "Add"}


def test_a_log_group_of_no_function_keeps_its_name(template_of: TemplateOf) -> None:
    group = LogGroup(id=ResourceId("audit"), log_group_name="/shop/audit", retention_in_days=30)

    assert template_of(group)["Resources"]["Audit"]["Properties"]["LogGroupName"] == "/shop/audit"


def test_an_order_that_no_reference_expresses_is_spelled_out(parts: Any, template_of: TemplateOf) -> None:
    first = parts.function("first")
    second = replace(parts.function("second"), after=(first.id, parts.role.id))

    resources = template_of(parts.role, first, second)["Resources"]

    assert resources["Second"]["DependsOn"] == ["First"]


def test_an_order_that_another_order_implies_is_not_said_again(parts: Any, template_of: TemplateOf) -> None:
    first = parts.function("first")
    second = replace(parts.function("second"), after=(first.id,))
    third = replace(parts.function("third"), after=(second.id, first.id))

    resources = template_of(parts.role, first, second, third)["Resources"]

    assert resources["Third"]["DependsOn"] == ["Second"]


def test_two_functions_whose_names_collide_are_named(parts: Any, template_of: TemplateOf) -> None:
    with pytest.raises(LogicalIdCollisionError) as caught:
        template_of(parts.role, parts.function("my_func"), parts.function("myFunc"))

    assert set(caught.value.ids) == {"my_func", "myFunc"}


def test_an_output_that_a_kind_does_not_have_is_named(parts: Any, template_of: TemplateOf) -> None:
    mapping = EventSourceMapping(
        id=ResourceId("m"),
        function_arn=parts.function("add").arn,
        source_arn=Output(parts.role.id, "shoe_size"),
        service="sqs",
    )

    with pytest.raises(UnknownOutputError) as caught:
        template_of(parts.role, parts.function("add"), mapping)

    assert (caught.value.resource, caught.value.output) == ("default-role", "shoe_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Resource):
    """A stranger's kind."""

    queue_name: Value

    @property
    def arn(self) -> Output:
        return Output(self.id, "arn")


class QueueRenderer(KnownOutputs):
    attributes = {"arn": "Arn"}  # noqa: RUF012 - the base class says that it is a class variable

    def render(self, resource: Queue, scope: Scope) -> Rendering:
        name = scope.logical_id(resource.id)
        properties = {"QueueName": scope.spell(resource.queue_name)}
        return Rendering(
            resources={
                name: TemplateResource(
                    type="AWS::SQS::Queue", properties=properties, attributes={"DeletionPolicy": "Retain"}
                )
            },
            outputs={f"{name}Arn": scope.spell(resource.arn)},
        )


class QueuePlugin:
    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> object | None:
        return QueueRenderer() if (target, kind) == ("sam", Queue) else None


def test_a_stranger_s_kind_is_rendered_and_referred_to(
    parts: Any, plugins: Plugins, template_of: TemplateOf
) -> None:
    plugins.register(QueuePlugin(), "queues")
    queue = Queue(id=ResourceId("orders"), queue_name="orders")
    worker = parts.function("work", environment={"QUEUE": queue.arn})
    mapping = parts.queue(worker, source_arn=queue.arn)

    template = template_of(parts.role, queue, worker, mapping)

    assert template["Resources"]["Orders"] == {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Retain",
        "Properties": {"QueueName": "orders"},
    }
    work = template["Resources"]["Work"]["Properties"]
    assert work["Events"]["WorkSqsEventSource"]["Properties"]["Queue"] == {"Fn::GetAtt": ["Orders", "Arn"]}
    assert work["Environment"]["Variables"]["QUEUE"] == {"Fn::GetAtt": ["Orders", "Arn"]}
    assert template["Outputs"] == {"OrdersArn": {"Value": {"Fn::GetAtt": ["Orders", "Arn"]}}}


def test_a_kind_that_nobody_renders_is_named(
    plugins: Plugins, request_for: Callable[..., FormatRequest]
) -> None:
    request = request_for(Queue(id=ResourceId("orders"), queue_name="orders"))

    with pytest.raises(UnrealisedKindError) as caught:
        SamFormat(plugins).render(request)

    assert (caught.value.target, caught.value.kind) == ("sam", Queue)


def _build(renderer: object, *resources: Resource) -> Template:
    renderers: dict[type[Resource], Any] = {**RENDERERS, Queue: renderer}
    return build_template(
        Graph.of(resources), renderer_of=renderers.__getitem__, file_name=lambda artifact: f"{artifact}.zip"
    )


def test_two_renderers_that_add_one_output_are_named(parts: Any) -> None:
    class Claims(QueueRenderer):
        def render(self, resource: Queue, scope: Scope) -> Rendering:
            return Rendering(outputs={"Same": "value"})

    with pytest.raises(DuplicateEntryError) as caught:
        _build(
            Claims(),
            Queue(id=ResourceId("a"), queue_name="a"),
            Queue(id=ResourceId("b"), queue_name="b"),
        )

    assert (caught.value.section, caught.value.name, caught.value.ids) == ("Outputs", "Same", ("a", "b"))


def test_two_renderers_that_add_one_resource_are_named() -> None:
    class Claims(QueueRenderer):
        def render(self, resource: Queue, scope: Scope) -> Rendering:
            return Rendering(resources={"Same": TemplateResource(type="AWS::SQS::Queue", properties={})})

    with pytest.raises(DuplicateEntryError) as caught:
        _build(
            Claims(),
            Queue(id=ResourceId("a"), queue_name="a"),
            Queue(id=ResourceId("b"), queue_name="b"),
        )

    assert (caught.value.section, caught.value.name) == ("Resources", "Same")


def test_an_event_for_what_is_no_function_is_refused(parts: Any) -> None:
    class Misplaces(QueueRenderer):
        def render(self, resource: Queue, scope: Scope) -> Rendering:
            event = FunctionEvent(function=parts.role.id, name="Lost", type="SQS", properties={})
            return Rendering(events=(event,))

    with pytest.raises(MisplacedEventError) as caught:
        _build(Misplaces(), parts.role, Queue(id=ResourceId("a"), queue_name="a"))

    assert (caught.value.event, caught.value.function) == ("Lost", "default-role")
