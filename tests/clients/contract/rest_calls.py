"""Calls of the client that openapi-python-client makes of the REST document."""

import os

from rest import AuthenticatedClient
from rest.api.communities import browse_communities, list_community_members
from rest.api.official import get_support_status
from rest.api.spaces import create_space, get_space
from rest.models import BrowseCommunitiesResult, CreateSpaceBody, ListCommunityMembersResult, NotFoundError, Space

client = AuthenticatedClient(base_url=os.environ["PLAZA_URL"], token=os.environ["TOKEN"])

created = create_space.sync(client=client, body=CreateSpaceBody(name="Generated"))
assert isinstance(created, Space) and created.is_public, created
read = get_space.sync(created.id, client=client)
assert read.name == "Generated", read
missing = get_space.sync("01900000-0000-7000-8000-000000000000", client=client)
assert isinstance(missing, NotFoundError) and missing.code == "NOT_FOUND", missing
page = browse_communities.sync(client=client, limit=1)
assert isinstance(page, BrowseCommunitiesResult) and page.total >= 1, page
community = page.communities[0].id
members = list_community_members.sync(community, client=client)
assert isinstance(members, ListCommunityMembersResult) and members.members, members
status = get_support_status.sync(community, client=client, conversation_id=community)
assert status.status == "none", status
