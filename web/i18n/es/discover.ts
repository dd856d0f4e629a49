export default {
  title: "Comunidades",
  about: "Clubes de personas, cuentas de empresas y lounges con voz.",
  search: "Buscar comunidades",
  kind: "Tipo",
  ALL: "Todas",
  CLUB: "Clubes",
  OFFICIAL: "Cuentas oficiales",
  LOUNGE: "Lounges",
  noneFound: "Ninguna comunidad coincide.",
};
