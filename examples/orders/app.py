"""Orders come in over HTTP, are checked and priced, and those of a queue are worked off."""

import json

from chalice import BadRequestError, Chalice, NotFoundError

from chalicelib.prices import MENU, total

app = Chalice(app_name="orders")


@app.route("/menu")
def menu():
    return MENU


@app.route("/menu/{drink}")
def drink_price(drink):
    if drink not in MENU:
        raise NotFoundError(f"there is no {drink} on the menu")
    return {"drink": drink, "cents": MENU[drink]}


@app.route("/orders", methods=["POST"])
def order():
    wanted = app.current_request.json_body
    if not isinstance(wanted, dict) or not wanted:
        raise BadRequestError('say what you want: {"espresso": 2}')
    unknown = sorted(set(wanted) - set(MENU))
    if unknown:
        raise BadRequestError(f"not on the menu: {', '.join(unknown)}")
    return {"cents": total(wanted)}


@app.on_sqs_message(queue="orders-incoming", batch_size=5)
def work_off(event):
    for record in event:
        print(f"to be made, {total(json.loads(record.body))} cents: {record.body}")


@app.lambda_function()
def price(event, context):
    return {"cents": total(event)}
