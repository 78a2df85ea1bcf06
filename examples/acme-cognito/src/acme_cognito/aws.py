"""User pools in the target `aws`."""

from chalice_core.target import DeployedValue
from chalice_deploy import OWNER_TAG, Deployed, Found, NotFoundError

PAGE = 60  # pools, the most that ListUserPools returns at once


class UserPools:
    """How user pools are deployed."""

    replaces = frozenset({"PoolName"})
    may_share = False
    looks_first = True  # Cognito would make a second pool of the same name

    def name(self, resource):
        return resource.pool_name

    def desired(self, resource, artifacts):
        return {"PoolName": resource.pool_name, **resource.settings()}

    def key(self, properties):
        return {"PoolName": properties["PoolName"]}

    def create(self, cloud, task):
        tags = {OWNER_TAG: cloud.owner(task.id)}
        answer = cloud.call("cognito-idp", "CreateUserPool", task.name, UserPoolTags=tags, **task.properties)
        return self._deployed(answer["UserPool"])

    def find(self, cloud, id, key):
        more = {}
        others = None
        while True:
            page = cloud.call("cognito-idp", "ListUserPools", id, MaxResults=PAGE, **more)
            for each in page["UserPools"]:
                if each["Name"] == key["PoolName"]:
                    pool = cloud.call("cognito-idp", "DescribeUserPool", id, UserPoolId=each["Id"])[
                        "UserPool"
                    ]
                    ours = cloud.is_ours(pool.get("UserPoolTags", {}))
                    found = Found(deployed=self._deployed(pool), ours=ours)
                    if found.ours:
                        return found
                    others = found
            if "NextToken" not in page:
                return others
            more = {"NextToken": page["NextToken"]}

    def update(self, cloud, task, before, changed):
        settings = {name: value for name, value in task.properties.items() if name != "PoolName"}
        # What is not repeated here is reset, the tags included.
        tags = {OWNER_TAG: cloud.owner(task.id)}
        pool = before.identity["Id"]
        cloud.call("cognito-idp", "UpdateUserPool", task.name, UserPoolId=pool, UserPoolTags=tags, **settings)
        return Deployed(identity=before.identity, outputs=before.outputs)

    def delete(self, cloud, id, before):
        try:
            cloud.call("cognito-idp", "DeleteUserPool", id, UserPoolId=before.identity["Id"])
        except NotFoundError:
            return

    def summary(self, id, entry, cloud):
        return None

    def report(self, entry, cloud):
        return (DeployedValue(label="User pool", value=entry.identity["Id"]),)

    def _deployed(self, pool):
        return Deployed(identity={"Id": pool["Id"]}, outputs={"arn": pool["Arn"]})
