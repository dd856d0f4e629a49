export default {
  title: "Settings",
  about: "For this browser.",
  appearance: "Appearance",
  system: "Same as the system",
  light: "Light",
  dark: "Dark",
  notifications: "Notifications",
  desktop: "Show desktop notifications for new messages",
  desktopHint: "While this page is in the background.",
  refused: "The browser does not allow it. It can be allowed in the settings of this page.",
  noNotifications: "This browser shows no notifications for this address.",
  sound: "Play a sound with new messages",
};
