export default {
  title: "Zum Chatten anmelden",
  titleNew: "Diesem Plaza beitreten",
  name: "Name",
  email: "E-Mail",
  password: "Passwort",
  enter: "Anmelden",
  create: "Konto erstellen",
  haveAccount: "Ich habe ein Konto",
  noAccount: "Konto erstellen",
  demoTitle: "Sieh dich als eine dieser Personen um",
  demoText: "Dieser Server hat Demodaten. Das Passwort dieser Personen ist öffentlich.",
};
