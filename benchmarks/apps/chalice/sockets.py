"""A WebSocket function."""

from chalice import Chalice


class Session:
    """Stands for boto3's session, which nothing here sends anything with."""

    region_name = "us-east-1"


app = Chalice(app_name="sockets")
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.websocket_api.session = Session()


@app.on_ws_message()
def work(event):
    """Answer with the message's length."""
    return {"statusCode": 200, "body": str(len(event.body))}
