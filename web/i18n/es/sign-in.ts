export default {
  title: "Inicia sesión para chatear",
  titleNew: "Únete a este Plaza",
  name: "Nombre",
  email: "Correo electrónico",
  password: "Contraseña",
  enter: "Iniciar sesión",
  create: "Crear cuenta",
  haveAccount: "Ya tengo una cuenta",
  noAccount: "Crear una cuenta",
  demoTitle: "Echa un vistazo como una de estas personas",
  demoText: "Este servidor tiene datos de demostración. Su contraseña es pública.",
};
