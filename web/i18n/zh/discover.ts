export default {
  title: "社区",
  about: "人们的俱乐部、商家的账号和有声音的休息室。",
  search: "搜索社区",
  kind: "类型",
  ALL: "全部",
  CLUB: "俱乐部",
  OFFICIAL: "官方账号",
  LOUNGE: "休息室",
  noneFound: "没有匹配的社区。",
};
