export default {
  title: "设置",
  about: "仅适用于此浏览器。",
  appearance: "外观",
  system: "跟随系统",
  light: "浅色",
  dark: "深色",
  notifications: "通知",
  desktop: "在桌面提示新消息",
  desktopHint: "当你查看其他页面时。",
  refused: "浏览器不允许。可以在此页面的设置中允许。",
  noNotifications: "此浏览器无法为该地址显示通知。",
  sound: "收到新消息时播放声音",
};
