import type { First } from "..";
import common from "./common";
import lounge from "./lounge";
import nav from "./nav";
import refusal from "./refusal";
import room from "./room";
import rooms from "./rooms";
import signIn from "./sign-in";
import support from "./support";

export default { common, lounge, nav, refusal, room, rooms, signIn, support } satisfies First;
