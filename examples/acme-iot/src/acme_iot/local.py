"""The broker in the AWS on this machine: rules, and the API that publishes."""

import json
import re

from chalice_core.local import LocalResource, LocalResponse

RULE = "AWS::IoT::TopicRule"


class Broker:
    """Rules that invoke functions; other actions are refused."""

    name = "iotdata"
    types = (RULE,)

    def __init__(self, cloud):
        self.cloud = cloud
        self.rules = {}

    def put(self, type, identifier, properties):
        payload = properties["TopicRulePayload"]
        if any(set(action) != {"Lambda"} for action in payload["Actions"]):
            raise ValueError("Only rules that invoke functions are emulated.")
        name = identifier or properties["RuleName"]
        self.rules[name] = payload
        return LocalResource(identifier=name, properties={**properties, "Arn": self.arn(name)})

    def remove(self, type, identifier):
        del self.rules[identifier]

    def respond(self, request):
        if request.method != "POST" or not request.path.startswith("/topics/"):
            return None
        topic, payload = request.path.removeprefix("/topics/"), json.loads(request.body)
        for name, rule in list(self.rules.items()):
            if matches(rule["Sql"].rpartition(" FROM ")[2].strip("'"), topic):
                for action in rule["Actions"]:
                    self.cloud.invoke(
                        action["Lambda"]["FunctionArn"],
                        {"topic": topic, "payload": payload},
                        principal="iot.amazonaws.com",
                        source_arn=self.arn(name),
                    )
        return LocalResponse()

    def arn(self, name):
        return f"arn:aws:iot:{self.cloud.region}:{self.cloud.account_id}:rule/{name}"


def matches(topic_filter, topic):
    pattern = re.escape(topic_filter).replace(r"\+", "[^/]*")
    return re.fullmatch(re.sub(r"(^|/)\\#$", r"(\1.*)?", pattern), topic) is not None
