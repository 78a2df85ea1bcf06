"""`chalice cognito`."""

import click


@click.command()
@click.argument("email")
def cognito(email):
    """Print a sign-up of EMAIL, to send to a function with `chalice invoke`."""
    import json

    from acme_cognito.plugin import sign_up

    click.echo(json.dumps(sign_up(email)))
