export default {
  title: "Communitys",
  about: "Clubs, offizielle Konten von Unternehmen und Lounges mit einer Stimme.",
  search: "Communitys suchen",
  kind: "Art",
  ALL: "Alle",
  CLUB: "Clubs",
  OFFICIAL: "Offizielle Konten",
  LOUNGE: "Lounges",
  noneFound: "Keine Community passt.",
};
