"""The half that runs in Lambda: it imports the standard library and chalice, and nothing else."""

from chalice import EventSource


class CognitoEvent:
    """Somebody signs up.

    "Pre sign-up Lambda trigger", Amazon Cognito Developer Guide.
    """

    def __init__(self, event, context):
        self.user_name = event["userName"]
        self.attributes = event["request"]["userAttributes"]
        self.context = context
        self._event = event

    def to_dict(self):
        """Return the event, which is also what a function returns to let somebody in."""
        return self._event


@EventSource.of(source="cognito-signup", event=CognitoEvent)
def on_cognito_signup(pool, self_service=True, name=None):
    """Call a function before somebody signs up to a user pool."""
    if not pool:
        raise ValueError("on_cognito_signup needs the name of a pool.")
    return {"pool": pool, "self_service": self_service, "name": name}
