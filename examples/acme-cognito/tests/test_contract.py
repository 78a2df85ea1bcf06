"""The plugin does what every event family owes, with a kind of resource of its own."""

import json
import re

from acme_cognito.plugin import sign_up
from chalice_core.testing.contracts import EventSourceContract, Example
from chalice_sam.testing import problems_of

ANN = {"Name": "email", "Value": "ann@acme.example"}


def join(clients):
    """Sign up, as somebody does who wants to become a member."""
    cognito = clients("cognito-idp")
    (pool,) = [one for one in cognito.list_user_pools(MaxResults=60)["UserPools"] if one["Name"] == "members"]
    client = cognito.create_user_pool_client(UserPoolId=pool["Id"], ClientName="web")["UserPoolClient"]
    cognito.sign_up(
        ClientId=client["ClientId"], Username="ann", Password="Correct-horse1", UserAttributes=[ANN]
    )


class TestSignUps(EventSourceContract):
    examples = {
        "on_cognito_signup": Example(
            given={"pool": "members", "self_service": True},
            event=sign_up("ann@acme.example"),
            # Cognito takes an event for an answer, and nothing else.
            body="event.to_dict()",
            answer=sign_up("ann@acme.example"),
            sample={"email": "ann@acme.example"},
            mistakes={f"{'m' * 101!r}": "more than 100 characters"},
            send=join,
            arrives=re.compile('"email": "ann@acme.example"'),
        )
    }

    def validate(self, form, files, folder):
        if form == "cloudformation":
            assert problems_of(json.loads(files["sam.json"])) == []
