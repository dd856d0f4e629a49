export default {
  title: "Ajustes",
  about: "Para este navegador.",
  appearance: "Aspecto",
  system: "Como el sistema",
  light: "Claro",
  dark: "Oscuro",
  notifications: "Notificaciones",
  desktop: "Avisar de mensajes nuevos en el escritorio",
  desktopHint: "Mientras miras otra página.",
  refused: "El navegador no lo permite. Se puede permitir en los ajustes de esta página.",
  noNotifications: "Este navegador no muestra notificaciones para esta dirección.",
  sound: "Reproducir un sonido con los mensajes nuevos",
};
