"""Messages of SNS."""

from chalice import Chalice

app = Chalice(app_name="sns")
SEEN = []


@app.on_sns_message(topic="topic")
def notified(event):
    SEEN.append(
        [
            type(event).__name__,
            event.subject,
            event.message,
            event.message_attributes,
            event.context.function_name,
        ]
    )
    return event.to_dict()


@app.on_sns_message("arn:aws:sns:eu-west-1:123456789012:topic", name="renamed")
def by_arn(event):
    return event.message
