"""The deployment target ``aws``."""

from __future__ import annotations

from chalice_core.target import Deployment, Place
from chalice_deploy.handlers import Handlers, Realise


class AwsTarget:
    """Deploys to AWS, or to what speaks like it.

    Args:
        realise: returns the handler of a kind.
    """

    name = "aws"

    def __init__(self, realise: Realise) -> None:
        self._realise = realise

    def deployment(self, place: Place) -> Deployment:
        """Open a place; botocore is imported when AWS is first asked."""
        from chalice_deploy.cloud import Cloud
        from chalice_deploy.deployment import AwsDeployment
        from chalice_deploy.session import Clients
        from chalice_deploy.store import FileRecords

        return AwsDeployment(
            place=place,
            cloud=Cloud(Clients(place), app=place.app_name, stage=place.stage),
            store=FileRecords(place.records),
            handlers=Handlers(self._realise),
        )
