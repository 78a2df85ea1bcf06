"""The application, without AWS."""

import pytest
from app import app
from chalice.test import Client


@pytest.fixture
def client():
    with Client(app) as client:
        yield client


def test_the_menu_has_a_price_for_each_drink(client):
    assert client.http.get("/menu").json_body["espresso"] == 180


def test_a_drink_that_nobody_makes_is_not_found(client):
    assert client.http.get("/menu/tea").status_code == 404


def test_an_order_is_priced(client):
    headers = {"Content-Type": "application/json"}

    response = client.http.post("/orders", headers=headers, body=b'{"espresso": 2, "water": 1}')

    assert response.json_body == {"cents": 510}


def test_an_order_of_nothing_is_refused(client):
    response = client.http.post("/orders", headers={"Content-Type": "application/json"}, body=b"{}")

    assert response.status_code == 400


def test_the_function_prices_an_order(client):
    assert client.lambda_.invoke("price", {"cappuccino": 2}).payload == {"cents": 580}
