"""Where the names of IAM's actions differ from those of botocore's operations.

The rule is ``prefix:Operation``, the prefix being the name that requests to the service are signed for.
What is here departs from it, by the "Service Authorization Reference" of AWS (the page of each service:
"Actions, resources, and condition keys for …") and, for S3, "Required permissions for Amazon S3 API
operations".
"""

from __future__ import annotations

from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {
    "apigatewaymanagementapi": "execute-api",
    "apigatewayv2": "apigateway",
    "cloudcontrol": "cloudformation",
    "cloudwatch": "cloudwatch",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotevents-data": "iotevents",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "pinpoint-email": "ses",
    "resourcegroupstaggingapi": "tag",
    "sso": "sso",
    "sso-oidc": "sso-oauth",
}
"""botocore's name of a service to IAM's prefix, where requests are signed for another name."""

WITHOUT_IAM = frozenset({"connectparticipant"})
"""Services whose calls are admitted by tokens of their own, and never by a policy."""

ACTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "bedrock-runtime": {
        "Converse": ("bedrock:InvokeModel",),
        "ConverseStream": ("bedrock:InvokeModelWithResponseStream",),
        "StartAsyncInvoke": ("bedrock:InvokeModel",),
        "InvokeModelWithBidirectionalStream": ("bedrock:InvokeModel",),
    },
    "cloudsearchdomain": {
        "Search": ("cloudsearch:search",),
        "Suggest": ("cloudsearch:suggest",),
        "UploadDocuments": ("cloudsearch:document",),
    },
    "dynamodb": {
        "TransactGetItems": ("dynamodb:GetItem",),
        "TransactWriteItems": (
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ),
    },
    # Amazon Keyspaces has actions for what statements of CQL do, and its operations need the same.
    "keyspaces": {
        **{f"Create{kind}": ("cassandra:Create",) for kind in ("Keyspace", "Table", "Type")},
        **{f"Delete{kind}": ("cassandra:Drop",) for kind in ("Keyspace", "Table", "Type")},
        **{f"Get{kind}": ("cassandra:Select",) for kind in ("Keyspace", "Table", "Type")},
        **{f"List{kind}": ("cassandra:Select",) for kind in ("Keyspaces", "Tables", "Types")},
        **{f"Update{kind}": ("cassandra:Alter",) for kind in ("Keyspace", "Table")},
        "GetTableAutoScalingSettings": ("cassandra:Select",),
        "RestoreTable": ("cassandra:Restore",),
    },
    "kms": {"ReEncrypt": ("kms:ReEncryptFrom", "kms:ReEncryptTo")},
    "lambda": {
        "Invoke": ("lambda:InvokeFunction",),
        "InvokeAsync": ("lambda:InvokeAsync", "lambda:InvokeFunction"),
        "InvokeWithResponseStream": ("lambda:InvokeFunction",),
    },
    "neptunedata": dict.fromkeys(
        ("ExecuteGremlinQuery", "ExecuteOpenCypherQuery"),
        (
            "neptune-db:DeleteDataViaQuery",
            "neptune-db:ReadDataViaQuery",
            "neptune-db:WriteDataViaQuery",
        ),
    ),
    "secretsmanager": {
        "BatchGetSecretValue": ("secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue")
    },
    "sesv2": {"SendEmail": ("ses:SendEmail", "ses:SendRawEmail")},
    "sns": {"PublishBatch": ("sns:Publish",)},
    "sqs": {
        "ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility",),
        "DeleteMessageBatch": ("sqs:DeleteMessage",),
        "SendMessageBatch": ("sqs:SendMessage",),
    },
    "timestream-query": {
        "PrepareQuery": ("timestream:PrepareQuery", "timestream:Select"),
        "Query": ("timestream:Select",),
    },
    "s3": {
        "CompleteMultipartUpload": ("s3:PutObject",),
        "CopyObject": ("s3:GetObject", "s3:PutObject"),
        "CreateMultipartUpload": ("s3:PutObject",),
        "CreateSession": ("s3express:CreateSession",),
        "DeleteBucketAnalyticsConfiguration": ("s3:PutAnalyticsConfiguration",),
        "DeleteBucketCors": ("s3:PutBucketCORS",),
        "DeleteBucketEncryption": ("s3:PutEncryptionConfiguration",),
        "DeleteBucketIntelligentTieringConfiguration": ("s3:PutIntelligentTieringConfiguration",),
        "DeleteBucketInventoryConfiguration": ("s3:PutInventoryConfiguration",),
        "DeleteBucketLifecycle": ("s3:PutLifecycleConfiguration",),
        "DeleteBucketMetricsConfiguration": ("s3:PutMetricsConfiguration",),
        "DeleteBucketOwnershipControls": ("s3:PutBucketOwnershipControls",),
        "DeleteBucketReplication": ("s3:PutReplicationConfiguration",),
        "DeleteBucketTagging": ("s3:PutBucketTagging",),
        "DeleteObjects": ("s3:DeleteObject",),
        "DeletePublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
        "GetBucketAccelerateConfiguration": ("s3:GetAccelerateConfiguration",),
        "GetBucketAnalyticsConfiguration": ("s3:GetAnalyticsConfiguration",),
        "GetBucketCors": ("s3:GetBucketCORS",),
        "GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
        "GetBucketIntelligentTieringConfiguration": ("s3:GetIntelligentTieringConfiguration",),
        "GetBucketInventoryConfiguration": ("s3:GetInventoryConfiguration",),
        "GetBucketLifecycle": ("s3:GetLifecycleConfiguration",),
        "GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
        "GetBucketMetricsConfiguration": ("s3:GetMetricsConfiguration",),
        "GetBucketNotificationConfiguration": ("s3:GetBucketNotification",),
        "GetBucketReplication": ("s3:GetReplicationConfiguration",),
        "GetObjectAttributes": ("s3:GetObject", "s3:GetObjectAttributes"),
        "GetObjectLockConfiguration": ("s3:GetBucketObjectLockConfiguration",),
        "GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
        "HeadBucket": ("s3:ListBucket",),
        "HeadObject": ("s3:GetObject",),
        "ListBucketAnalyticsConfigurations": ("s3:GetAnalyticsConfiguration",),
        "ListBucketIntelligentTieringConfigurations": ("s3:GetIntelligentTieringConfiguration",),
        "ListBucketInventoryConfigurations": ("s3:GetInventoryConfiguration",),
        "ListBucketMetricsConfigurations": ("s3:GetMetricsConfiguration",),
        "ListBuckets": ("s3:ListAllMyBuckets",),
        "ListDirectoryBuckets": ("s3express:ListAllMyDirectoryBuckets",),
        "ListMultipartUploads": ("s3:ListBucketMultipartUploads",),
        "ListObjectVersions": ("s3:ListBucketVersions",),
        "ListObjects": ("s3:ListBucket",),
        "ListObjectsV2": ("s3:ListBucket",),
        "ListParts": ("s3:ListMultipartUploadParts",),
        "PutBucketAccelerateConfiguration": ("s3:PutAccelerateConfiguration",),
        "PutBucketAnalyticsConfiguration": ("s3:PutAnalyticsConfiguration",),
        "PutBucketCors": ("s3:PutBucketCORS",),
        "PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
        "PutBucketIntelligentTieringConfiguration": ("s3:PutIntelligentTieringConfiguration",),
        "PutBucketInventoryConfiguration": ("s3:PutInventoryConfiguration",),
        "PutBucketLifecycle": ("s3:PutLifecycleConfiguration",),
        "PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
        "PutBucketMetricsConfiguration": ("s3:PutMetricsConfiguration",),
        "PutBucketNotificationConfiguration": ("s3:PutBucketNotification",),
        "PutBucketReplication": ("s3:PutReplicationConfiguration",),
        "PutObjectLockConfiguration": ("s3:PutBucketObjectLockConfiguration",),
        "PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
        "SelectObjectContent": ("s3:GetObject",),
        "UploadPart": ("s3:PutObject",),
        "UploadPartCopy": ("s3:GetObject", "s3:PutObject"),
        "WriteGetObjectResponse": ("s3-object-lambda:WriteGetObjectResponse",),
    },
}
"""Service to operation to actions, where these are not one of the operation's name."""

BY_PARAMETER: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("s3", "GetObject"): {"VersionId": ("s3:GetObjectVersion",)},
    ("s3", "HeadObject"): {"VersionId": ("s3:GetObjectVersion",)},
    ("s3", "DeleteObject"): {"VersionId": ("s3:DeleteObjectVersion",)},
    ("s3", "PutObject"): {
        "ACL": ("s3:PutObjectAcl",),
        "Tagging": ("s3:PutObjectTagging",),
        "ObjectLockMode": ("s3:PutObjectRetention",),
    },
    ("s3", "CopyObject"): {"ACL": ("s3:PutObjectAcl",), "Tagging": ("s3:PutObjectTagging",)},
}
"""Actions that a call needs besides when it has a parameter."""

ALONGSIDE: Mapping[str, tuple[str, ...]] = {
    # The clients of both ask for the endpoint first ("DescribeEndpoints", Amazon Timestream Developer Guide).
    "timestream-query": ("timestream:DescribeEndpoints",),
    "timestream-write": ("timestream:DescribeEndpoints",),
}
"""Actions that every call of a service needs besides; AWS knows no resource of them."""

EVERYWHERE_ONLY = frozenset(
    {
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
        "dynamodb:DescribeEndpoints",
        "dynamodb:DescribeLimits",
        "dynamodb:ListBackups",
        "dynamodb:ListGlobalTables",
        "dynamodb:ListTables",
        "events:ListRules",
        "firehose:ListDeliveryStreams",
        "kinesis:DescribeLimits",
        "kinesis:ListStreams",
        "kms:CreateKey",
        "kms:GenerateRandom",
        "kms:ListAliases",
        "kms:ListKeys",
        "lambda:ListEventSourceMappings",
        "lambda:ListFunctions",
        "lambda:ListLayers",
        "s3:ListAllMyBuckets",
        "secretsmanager:BatchGetSecretValue",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:ListSecrets",
        "sns:ListSubscriptions",
        "sns:ListTopics",
        "sqs:ListQueues",
        "ssm:DescribeParameters",
        "states:ListActivities",
        "states:ListStateMachines",
        "sts:DecodeAuthorizationMessage",
        "sts:GetCallerIdentity",
        "sts:GetSessionToken",
        "tag:GetResources",
        "timestream:DescribeEndpoints",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
"""Actions that AWS allows on ``*`` and on nothing narrower."""
