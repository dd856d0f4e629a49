export default {
  unlimited: "语音不限时。",
  left: "今天还剩 {minutes} 分 {seconds} 秒语音。",
  subscribe: { other: "30 天不限时 · {count} 枚金币" },
  subscribeTitle: "不限时收听 {name}？",
  taken: { other: "现在将从你的钱包扣除 {count} 枚金币，为期 30 天。" },
  have: { other: "你有 {count} 枚金币。" },
  haveTooFew: { other: "你有 {count} 枚金币，不够。" },
  pay: { other: "支付 {count} 枚金币" },
};
