// Calls of the typed REST client that openapi-fetch makes of the generated types.
import createClient from "openapi-fetch";
import type { paths } from "./paths";

declare const process: { env: Record<string, string> };

const client = createClient<paths>({
  baseUrl: process.env.ORIGIN,
  headers: { authorization: `Bearer ${process.env.TOKEN}` },
});

function dataOf<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const created = dataOf(await client.POST("/api/spaces", { body: { name: "Typed" } }));
const space = dataOf(await client.GET("/api/spaces/{id}", { params: { path: { id: created.id } } }));
if (space.name !== "Typed" || space.isPublic !== true) throw new Error(JSON.stringify(space));
const { communities, total } = dataOf(await client.GET("/api/communities", { params: { query: { type: "club", limit: 1 } } }));
if (communities.length > 1 || total < 1) throw new Error(JSON.stringify(communities));
const { members } = dataOf(await client.GET("/api/communities/{id}/members", { params: { path: { id: communities[0]!.id } } }));
if (!members.every(({ role }) => ["creator", "moderator", "cs_agent", "member"].includes(role))) throw new Error("a role");
const { balance } = dataOf(await client.GET("/api/wallet/balance"));
if (typeof balance !== "number") throw new Error("no balance");
const { error, response } = await client.GET("/api/spaces/{id}", { params: { path: { id: "01900000-0000-7000-8000-000000000000" } } });
if (response.status !== 404 || error?.code !== "NOT_FOUND") throw new Error(JSON.stringify(error));
console.log("done");
