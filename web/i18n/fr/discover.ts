export default {
  title: "Communautés",
  about: "Des clubs, des comptes d’entreprises et des lounges avec une voix.",
  search: "Chercher des communautés",
  kind: "Type",
  ALL: "Toutes",
  CLUB: "Clubs",
  OFFICIAL: "Comptes officiels",
  LOUNGE: "Lounges",
  noneFound: "Aucune communauté ne correspond.",
};
