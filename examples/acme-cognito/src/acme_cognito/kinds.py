"""A kind of resource that Chalice does not have."""

from dataclasses import dataclass

from chalice_core.kinds import Resource
from chalice_core.values import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPool(Resource):
    """A user pool that asks a function before it accepts somebody."""

    pool_name: str
    pre_sign_up: Output
    self_service: bool

    @property
    def arn(self) -> Output:
        """The pool's ARN."""
        return Output(self.id, "arn")

    def settings(self) -> dict[str, object]:
        """Return what is said of the pool where it is said in the words of AWS."""
        return {
            "LambdaConfig": {"PreSignUp": self.pre_sign_up},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": not self.self_service},
        }
