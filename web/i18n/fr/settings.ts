export default {
  title: "Réglages",
  about: "Pour ce navigateur.",
  appearance: "Apparence",
  system: "Comme le système",
  light: "Clair",
  dark: "Sombre",
  notifications: "Notifications",
  desktop: "Signaler les nouveaux messages sur le bureau",
  desktopHint: "Pendant que vous regardez une autre page.",
  refused: "Le navigateur ne le permet pas. On peut l’autoriser dans les réglages de cette page.",
  noNotifications: "Ce navigateur n’affiche pas de notifications pour cette adresse.",
  sound: "Jouer un son à chaque nouveau message",
};
