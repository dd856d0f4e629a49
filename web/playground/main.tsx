import { ImagePreview } from "@graphiql/react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "../shared/tokens.css";
import "../shared/hidden.css";
import "../ui/button.css";
import "../shared/masthead.css";
import "./theme.css";
import "./strip.css";
import "./examples.css";
import { Playground } from "./playground";

// Pointing at the address of a picture in an answer would fetch it, perhaps from
// another host. This page talks to its own server only.
ImagePreview.shouldRender = () => false;

const root = document.getElementById("root");
if (root) createRoot(root).render(<Playground />);
