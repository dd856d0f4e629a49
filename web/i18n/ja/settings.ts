export default {
  title: "設定",
  about: "このブラウザの設定です。",
  appearance: "外観",
  system: "システムに合わせる",
  light: "ライト",
  dark: "ダーク",
  notifications: "通知",
  desktop: "新しいメッセージをデスクトップで知らせる",
  desktopHint: "ほかのページを見ている間。",
  refused: "ブラウザが許可していません。このページの設定で許可できます。",
  noNotifications: "このブラウザは、このアドレスでは通知を表示できません。",
  sound: "新しいメッセージで音を鳴らす",
};
