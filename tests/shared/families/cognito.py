"""chalice-cognito."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chalice_cognito.sample import generate_cognito_event
from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import mistakes

POOL = "us-west-2_AbCdEfGhI"
"""Where the family's sample events come from."""


def make_pool(clients: Clients) -> Mapping[str, Any]:
    # Its id is what an application declares, and AWS chooses it.
    return {"user_pool": clients("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Id"]}


def sign_up(clients: Clients) -> None:
    cognito = clients("cognito-idp")
    for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]:
        if not cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"].get("LambdaConfig"):
            # Of an application that is gone.
            continue
        client = cognito.create_user_pool_client(UserPoolId=pool["Id"], ClientName="web")["UserPoolClient"]
        cognito.sign_up(
            ClientId=client["ClientId"],
            Username="ann",
            Password="Correct-horse1",
            UserAttributes=[{"Name": "email", "Value": "ann@example.com"}],
        )


EXAMPLES = {
    "on_cognito_trigger": Example(
        given={"user_pool": POOL, "trigger": ["PreSignUp"]},
        declared={"version": None},
        event=("generate_cognito_event", {"trigger": "PreSignUp"}),
        body="{**event.to_dict(), 'response': {'autoConfirmUser': '@' in event.user_attributes['email']}}",
        answer={**generate_cognito_event("PreSignUp"), "response": {"autoConfirmUser": True}},
        sample={"user_name": "ann"},
        mistakes={
            "'people', 'PreSignUp'": "its name is not enough",
            f"{POOL!r}, 'PreSignup'": "did you mean 'PreSignUp'?",
            **mistakes(f"{POOL!r}, 'PreSignUp'", {"version='V2_0'": "'version' is for"}),
        },
        prepare=make_pool,
        send=sign_up,
        arrives=re.compile('"triggerSource": "PreSignUp_SignUp"'),
    )
}
