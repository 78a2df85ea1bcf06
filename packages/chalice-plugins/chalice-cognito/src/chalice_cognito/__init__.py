"""Amazon Cognito user pool triggers as an event source of Chalice applications."""

from chalice_cognito.events import CognitoTriggerEvent, on_cognito_trigger

__all__ = ["CognitoTriggerEvent", "on_cognito_trigger"]
