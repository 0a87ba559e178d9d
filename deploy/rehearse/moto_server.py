"""moto's server, with the five things taught that the template uses and moto 5.2 leaves out.

Everything else that moto does not know it warns of, and the rehearsal fails on any warning it does not expect.
"""

import sys
from datetime import datetime
from secrets import token_hex

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.common_models import CloudFormationModel
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.security_groups import SecurityGroup
from moto.elbv2.models import FakeLoadBalancer, elbv2_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.server import main
from moto.ssm.models import Parameter, ssm_backends

REGION = "eu-central-1"
DEBIAN = "/aws/service/debian/release/12/latest/arm64"


def know_debian():
    """moto has Amazon's public parameters, and not Debian's."""
    ssm_backends[DEFAULT_ACCOUNT_ID][REGION]._parameters[DEBIAN] = [
        Parameter(DEFAULT_ACCOUNT_ID, DEBIAN, "ami-0123456789abcdef0", "String", None, None, None, datetime.now(), 1, "text")
    ]


def keep_load_balancer_type():
    """moto makes an application load balancer of every one, which refuses TCP listeners."""

    def create(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        properties = cloudformation_json["Properties"]
        return elbv2_backends[account_id][region_name].create_load_balancer(
            resource_name, [], properties["Subnets"], scheme=properties["Scheme"], loadbalancer_type=properties["Type"]
        )

    FakeLoadBalancer.create_from_cloudformation_json = classmethod(create)


def keep_egress():
    """moto lets every group speak to everybody; the firewall of the rehearsal is made of these rules."""
    make = SecurityGroup.create_from_cloudformation_json.__func__

    def create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        group = make(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
        backend = ec2_backends[account_id][region_name]
        backend.revoke_security_group_egress(group.id, "-1", None, None, [{"CidrIp": "0.0.0.0/0"}])
        for rule in cloudformation_json["Properties"]["SecurityGroupEgress"]:
            to_group = rule.get("DestinationSecurityGroupId")
            backend.authorize_security_group_egress(
                group.id,
                rule["IpProtocol"],
                rule["FromPort"],
                rule["ToPort"],
                [{"CidrIp": rule["CidrIp"]}] if "CidrIp" in rule else [],
                source_groups=[{"GroupId": to_group}] if to_group else [],
            )
        return group

    SecurityGroup.create_from_cloudformation_json = classmethod(create)


def delete_route_tables():
    """moto keeps the route tables of a deleted stack, and then refuses to delete its VPC."""

    def delete(self, account_id, region_name):
        self._associations.clear()
        ec2_backends[account_id][region_name].delete_route_table(self.id)

    RouteTable.delete = delete


class Secret(CloudFormationModel):
    """AWS::SecretsManager::Secret with a generated string."""

    # moto files its models by the second part of this name.
    __module__ = "moto.secretsmanager.models"

    def __init__(self, arn):
        self.physical_resource_id = arn

    @staticmethod
    def cloudformation_name_type():
        return "Name"

    @staticmethod
    def cloudformation_type():
        return "AWS::SecretsManager::Secret"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        properties = cloudformation_json["Properties"]
        backend = secretsmanager_backends[account_id][region_name]
        password = token_hex(properties["GenerateSecretString"]["PasswordLength"] // 2)
        backend.create_secret(properties["Name"], password, None, None, None, None, None, [], False)
        return cls(backend.describe_secret(properties["Name"]).arn)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, *_, **__):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        secretsmanager_backends[account_id][region_name].delete_secret(resource_name, None, True)


if __name__ == "__main__":
    know_debian()
    keep_load_balancer_type()
    keep_egress()
    delete_route_tables()
    main(sys.argv[1:])
