import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/hidden.css";
import "../shared/forced-colors.css";
import { loadTexts } from "../i18n";
import { Boundary } from "./app/boundary";
import { applyAppearance } from "./app/appearance";
import { Chat } from "./app/chat";
import "./app/chat.css";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");

applyAppearance();
await loadTexts();
createRoot(root).render(
  <StrictMode>
    <Boundary>
      <Chat />
    </Boundary>
  </StrictMode>,
);
