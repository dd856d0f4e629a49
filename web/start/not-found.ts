import "../shared/tokens.css";
import "../shared/base.css";
import "../ui/button.css";
import "../shared/masthead.css";
import "./start.css";
