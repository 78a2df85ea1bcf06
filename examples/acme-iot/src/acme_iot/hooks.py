"""The tooling half: what a declaration becomes, in every target."""

import re

from acme_iot.events import generate_iot_message
from acme_iot.local import Broker
from chalice_core.errors import ToolError
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import CloudFormationResource, InvokePermission
from chalice_core.values import ResourceId

SOURCE = "acme-iot"
# "Topic filters", AWS IoT Core Developer Guide: + is one whole part, # is the last one.
TOPIC_FILTER = re.compile(r"([^+#/']*|\+)(/([^+#/']*|\+))*(/#)?|#")


@hookimpl
def chalice_validate_app(app):
    return [
        f"{event.decorator} on {event.function!r}: {event.options['topic_filter']!r} is no topic filter."
        for event in app.events
        if event.source == SOURCE and not TOPIC_FILTER.fullmatch(event.options["topic_filter"])
    ]


@hookimpl
def chalice_lower_event(event, function, config):
    if event.source != SOURCE:
        return None
    rule = CloudFormationResource(
        id=ResourceId(f"{function.id}-iot-rule"),
        type="AWS::IoT::TopicRule",
        properties={
            # Letters, digits and underscores.
            "RuleName": re.sub(r"\W", "_", f"{config.app_name}_{config.stage}_{function.name}"),
            "TopicRulePayload": {
                "Sql": f"SELECT topic() AS topic, * AS payload FROM '{event.options['topic_filter']}'",
                "AwsIotSqlVersion": "2016-03-23",
                "Actions": [{"Lambda": {"FunctionArn": function.arn}}],
            },
        },
    )
    permission = InvokePermission(
        id=ResourceId(f"{function.id}-iot-permission"),
        function_arn=function.arn,
        principal="iot.amazonaws.com",
        source_arn=rule.attribute("Arn"),
    )
    return [rule, permission]


@hookimpl
def chalice_sample_event(event, arguments):
    if event.source != SOURCE:
        return None
    if set(arguments) - {"topic", "payload"}:
        raise ToolError(what="A message has a topic and a payload.", fix="Leave the other arguments out.")
    return generate_iot_message(arguments.get("topic", "devices/a/state"), arguments.get("payload", {}))


@hookimpl
def chalice_local_services(cloud):
    return [Broker(cloud)]
