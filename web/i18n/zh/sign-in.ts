export default {
  title: "登录以聊天",
  titleNew: "加入这个 Plaza",
  name: "名字",
  email: "电子邮箱",
  password: "密码",
  enter: "登录",
  create: "创建账户",
  haveAccount: "我已有账户",
  noAccount: "创建账户",
  demoTitle: "以演示人物身份体验",
  demoText: "本服务器含演示数据，他们的密码是公开的。",
};
