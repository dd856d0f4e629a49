export default {
  title: "Settings",
  about: "For this browser.",
  appearance: "Appearance",
  system: "As the system",
  light: "Light",
  dark: "Dark",
  notifications: "Notifications",
  desktop: "Tell of new messages on the desktop",
  desktopHint: "While you look at another page.",
  refused: "The browser does not allow it. It can be allowed in the settings of this page.",
  noNotifications: "This browser shows no notifications for this address.",
  sound: "Play a sound with new messages",
};
