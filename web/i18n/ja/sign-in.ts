export default {
  title: "サインインしてチャット",
  titleNew: "この Plaza に参加",
  name: "名前",
  email: "メールアドレス",
  password: "パスワード",
  enter: "サインイン",
  create: "アカウントを作成",
  haveAccount: "アカウントを持っています",
  noAccount: "アカウントを作成",
  demoTitle: "デモの人物として試す",
  demoText: "このサーバーにはデモデータがあります。パスワードは公開されています。",
};
