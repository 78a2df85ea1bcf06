"""The parameters of a call, as text as far as that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalice_core.values import Pseudo, arn, text
from chalice_core.values import Value as Arn
from chalice_deploy.policies.atoms import HOLE, Container, Str, Value, fill_in, has_variable, texts
from chalice_deploy.policies.machine import Machine, Use


class NotKnownError(Exception):
    """Why a call is not narrowed; the text is a clause for people."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with the values of its parameters.

    Args:
        environment: the variables that the function gets.
    """

    machine: Machine
    use: Use
    environment: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Return whether the call gives a parameter."""
        return any(given == name for given, _ in self.use.parameters)

    @property
    def names(self) -> frozenset[str]:
        """The parameters that are given."""
        return frozenset(name for name, _ in self.use.parameters)

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return what the first of these parameters that is given can be.

        Raises:
            NotKnownError: none is given, or it can be something else.
        """
        for name, value in self.use.parameters:
            if name in names:
                return self.plain(value, name)
        raise NotKnownError(f"{' or '.join(names)} is not known")

    def plain(self, value: Value, name: str) -> tuple[str, ...]:
        """Return the texts of a value, or of the elements of a list."""
        found: list[str] = []
        for atom in value:
            if isinstance(atom, Container):
                found += self.plain(self.elements(atom), name)
            elif not isinstance(atom, Str):
                raise NotKnownError(f"{name} is not known")
            else:
                found.append(self._filled(atom.text, name))
        if not found:
            raise NotKnownError(f"{name} is not known")
        return tuple(sorted(set(found)))

    def _filled(self, given: str, name: str) -> str:
        filled = fill_in(given, self.environment)
        wildcards = filled.replace(HOLE, "*")
        if "${" in wildcards:
            # IAM would take it for a variable of its own; whoever deploys the template fills it in.
            raise NotKnownError(f"{name} is filled in when the template is deployed")
        if not wildcards.strip("*"):
            if has_variable(given):
                missing = given.partition("\x02")[2].partition("\x04")[0].partition("\x03")[0]
                raise NotKnownError(f"the environment variable {missing} is not in the configuration")
            raise NotKnownError(f"{name} is not known")
        return wildcards

    def elements(self, container: Container) -> Value:
        """Return what the elements of a container can be."""
        found = self.machine.peek(("element", container.site, None))
        for key in self.keys(container):
            found |= self.machine.peek(("element", container.site, key))
        return found

    def keys(self, container: Container) -> tuple[str, ...]:
        """Return the keys that a container is known to have."""
        return texts(self.machine.peek(("keys", container.site)))

    def value(self, name: str) -> Value:
        """Return what a parameter can be; an empty value when it is not given."""
        return dict(self.use.parameters).get(name, frozenset())

    def deep(self, name: str, value: Value, depth: int = 5) -> Iterator[Value]:
        """Yield what is found under a key in nested lists and dicts."""
        for atom in value:
            if isinstance(atom, Container) and depth:
                if name in self.keys(atom):
                    yield self.machine.peek(("element", atom.site, name))
                else:
                    yield from self.deep(name, self.elements(atom), depth - 1)
            elif not isinstance(atom, Container | Str):
                yield frozenset({atom})

    def arn(self, service: str, resource: str, *, account: bool = True) -> Arn:
        """Return an ARN in the place where the call is made."""
        region = fill_in(self.use.place.region, self.environment).replace(HOLE, "*")
        owner: Arn = "" if not account else Pseudo.ACCOUNT if self.use.place.own else "*"
        if not region and owner is Pseudo.ACCOUNT:
            return arn(service, resource)
        where: Arn = region or Pseudo.REGION
        return text("arn:", Pseudo.PARTITION, f":{service}:", where, ":", owner, ":", resource)
