export default {
  title: "Communities",
  about: "Clubs of people, accounts of businesses, and lounges with a voice.",
  search: "Search communities",
  kind: "Kind",
  ALL: "All",
  CLUB: "Clubs",
  OFFICIAL: "Official accounts",
  LOUNGE: "Lounges",
  noneFound: "No community matches.",
};
