import { createRoot } from "react-dom/client";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/hidden.css";
import "../shared/button.css";
import "../shared/masthead.css";
import "./chat.css";
import "./sidebar.css";
import "./conversation.css";
import "./message.css";
import "./community.css";
import { Boundary } from "./boundary.jsx";
import { Chat } from "./chat.jsx";

createRoot(document.getElementById("root")).render(
  <Boundary>
    <Chat />
  </Boundary>,
);
