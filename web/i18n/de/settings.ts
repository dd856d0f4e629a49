export default {
  title: "Einstellungen",
  about: "Für diesen Browser.",
  appearance: "Darstellung",
  system: "Wie das System",
  light: "Hell",
  dark: "Dunkel",
  notifications: "Mitteilungen",
  desktop: "Neue Nachrichten auf dem Desktop melden",
  desktopHint: "Während du eine andere Seite ansiehst.",
  refused: "Der Browser erlaubt es nicht. In den Einstellungen dieser Seite lässt es sich erlauben.",
  noNotifications: "Dieser Browser zeigt für diese Adresse keine Mitteilungen.",
  sound: "Bei neuen Nachrichten einen Ton abspielen",
};
