export default {
  title: "コミュニティ",
  about: "人々のクラブ、企業のアカウント、声のラウンジ。",
  search: "コミュニティを検索",
  kind: "種類",
  ALL: "すべて",
  CLUB: "クラブ",
  OFFICIAL: "公式アカウント",
  LOUNGE: "ラウンジ",
  noneFound: "該当するコミュニティはありません。",
};
