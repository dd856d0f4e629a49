export default {
  title: "Sign in to chat",
  titleNew: "Join this Plaza",
  name: "Name",
  email: "Email",
  password: "Password",
  enter: "Sign in",
  create: "Create account",
  haveAccount: "I have an account",
  noAccount: "Create an account",
  demoTitle: "Look around as one of these",
  demoText: "This server has demo data. Their password is public.",
};
