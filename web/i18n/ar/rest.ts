import type { Rest } from "..";
import account from "./account";
import admin from "./admin";
import agents from "./agents";
import audit from "./audit";
import community from "./community";
import desk from "./desk";
import discover from "./discover";
import manage from "./manage";
import safety from "./safety";
import settings from "./settings";
import spaces from "./spaces";
import wallet from "./wallet";

export default { account, admin, agents, audit, community, desk, discover, manage, safety, settings, spaces, wallet } satisfies Rest;
