export default {
  unlimited: "音声は無制限です。",
  left: "今日の音声は残り {minutes} 分 {seconds} 秒です。",
  subscribe: { other: "30 日間無制限 · {count} コイン" },
  subscribeTitle: "{name} を無制限で聞きますか？",
  taken: { other: "今、30 日分としてウォレットから {count} コインが引かれます。" },
  have: { other: "残高は {count} コインです。" },
  haveTooFew: { other: "残高は {count} コインで、足りません。" },
  pay: { other: "{count} コインを支払う" },
};
