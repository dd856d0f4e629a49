"""Calls of the client that ariadne-codegen makes of the schema: a mutation, a query and a subscription over a WebSocket."""

import asyncio
import os

from plaza_graphql import Client, CreateSpaceInput

URL = os.environ["PLAZA_URL"]
HEADERS = {"Authorization": f"Bearer {os.environ['TOKEN']}"}


async def main() -> None:
    async with Client(
        url=f"{URL}/graphql",
        headers=HEADERS,
        ws_url=f"{URL.replace('http', 'ws', 1)}/graphql/ws",
        ws_headers=HEADERS,
    ) as client:
        viewer = (await client.viewer()).viewer
        assert viewer is not None and viewer.wallet.balance >= 0, viewer
        created = (await client.create_space(CreateSpaceInput(name="Generated"))).create_space
        assert created is not None and created.space.is_public, created
        opened = (await client.open_session(space_id=created.space.id)).open_space_session
        assert opened is not None and opened.space_session.conversation is not None, opened
        conversation = opened.space_session.conversation.id
        async for event in client.events(conversation_id=conversation):
            heard = event.conversation_events
            if heard.typename__ == "ConversationSnapshot":
                await client.post(conversation_id=conversation, content="Hello")
            if heard.typename__ == "MessageEvent":
                assert heard.message.content == "Hello", heard
                break


asyncio.run(asyncio.wait_for(main(), 60))
