export default {
  title: "Connectez-vous pour discuter",
  titleNew: "Rejoindre ce Plaza",
  name: "Nom",
  email: "E-mail",
  password: "Mot de passe",
  enter: "Se connecter",
  create: "Créer un compte",
  haveAccount: "J’ai un compte",
  noAccount: "Créer un compte",
  demoTitle: "Faites le tour comme l’une de ces personnes",
  demoText: "Ce serveur contient des données de démonstration. Leur mot de passe est public.",
};
